"""The address of a person's digital file in the office's own document system.

A template such as `https://dms.example/akte?termin={appointment}&nummer={number}` becomes the
address of the person at the counter. It says which visit it is, never who: names and Termincodes
stand in no address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

PLACEHOLDERS = ("appointment", "number")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f\"'<>\\^`|]")


def problem_of(template: str) -> str:
    """Why this can be no template, as a sentence; empty when it can be one."""
    unknown = [name for name in _PLACEHOLDER.findall(template) if name not in PLACEHOLDERS]
    if unknown:
        known = " and ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        return f"unknown placeholder {{{unknown[0]}}}; there are {known}"
    if any(brace in _PLACEHOLDER.sub("", template) for brace in "{}"):
        return "a brace { or } stands alone; a placeholder looks like {number}"
    if not _is_address(template):
        return 'expected an address such as "https://dms.example/akte?nummer={number}"'
    return ""


def file_address(template: str, *, appointment: int | None, number: str) -> str:
    """The address of this visit's file; empty without a template, or when it lacks what is asked.

    A template that asks for the appointment alone has nothing to say of somebody without one. Both
    values are URL-encoded, so that nothing in them can end its part of the address.
    """
    values = {"appointment": "" if appointment is None else str(appointment), "number": number}
    asked = set(_PLACEHOLDER.findall(template))
    if not template or (asked and not any(values[name] for name in asked)):
        return ""
    return _PLACEHOLDER.sub(lambda found: _encoded(values, found[1]), template)


def _encoded(values: Mapping[str, str], name: str) -> str:
    return quote(values[name], safe="")


def _is_address(template: str) -> bool:
    try:
        parts = urlsplit(template)
        port = parts.port
    except ValueError:
        return False
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0
    # Where the request goes is the office's word alone, and no password stands in a page.
    return (
        is_web
        and "{" not in parts.netloc
        and "@" not in parts.netloc
        and not _UNSAFE.search(template)
    )
