"""What two texts of config.toml say differently: lines for the eye, keys for the journal.

What is secret is not shown, wherever and however it stands.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import sha256
from typing import Any

from queue_server.settings.lines import key_places
from queue_server.settings.load import BYTE_ORDER_MARK
from queue_server.settings.schema import ConfigFile
from queue_server.settings.types import Table, is_secret

MISSING = object()
HIDDEN = '"…"'


@dataclass(frozen=True, slots=True)
class ChangedLines:
    """Lines that go and lines that come, from this line of the old text on."""

    line: int
    gone: tuple[str, ...]
    come: tuple[str, ...]


def changed_lines(old: str, new: str) -> list[ChangedLines]:
    """Every place at which the texts differ, without what stands around it.

    Neighbours of a changed line are none of the reader's business. A secret that changed is a
    changed line, but its value is not shown. Raises ValueError for what is no TOML.
    """
    before, after = (each.removeprefix(BYTE_ORDER_MARK) for each in (old, new))
    steps = SequenceMatcher(
        None, before.splitlines(), after.splitlines(), autojunk=False
    ).get_opcodes()
    gone, come = shown_lines(before), shown_lines(after)
    return [
        ChangedLines(start + 1, tuple(gone[start:end]), tuple(come[first:last]))
        for kind, start, end, first, last in steps
        if kind != "equal"
    ]


def changed_keys(old: str, new: str) -> list[str]:
    """The keys that differ, such as `site.rathaus.service.meldewesen.minutes`; never a value.

    Of an entry that came or went only its own name is told; of a list whose entries stand in
    another order, the list's.
    """
    before, after = (tomllib.loads(each.removeprefix(BYTE_ORDER_MARK)) for each in (old, new))
    return list(_changed(before, after, ""))


def site_marks(text: str) -> dict[str, str]:
    """For every site a digest of all that the text says of it, comments and order left out."""
    sites = tomllib.loads(text.removeprefix(BYTE_ORDER_MARK)).get("site", [])
    return {
        str(site.get("id")): sha256(
            json.dumps(site, sort_keys=True, default=str).encode()
        ).hexdigest()
        for site in sites
    }


def _changed(old: Any, new: Any, name: str) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            below = f"{name}.{key}" if name else str(key)
            yield from _changed(old.get(key, MISSING), new.get(key, MISSING), below)
    elif _are_tables(old) or _are_tables(new):
        before, after = _by_id(old), _by_id(new)
        if _order(before, after) != _order(after, before):
            yield name
        yield from _changed(before, after, name)
    elif old != new:
        yield name


def _are_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(e, dict) for e in value)


def _order(entries: dict[str, Any], others: dict[str, Any]) -> list[str]:
    """In which order those stand that both have."""
    return [name for name in entries if name in others]


def _by_id(entries: Any) -> dict[str, Any]:
    """Entries under their ids or days, else under their numbers from 1."""
    if not isinstance(entries, list):
        return {}
    return {
        str(entry.get("id", entry.get("day", number))): entry
        for number, entry in enumerate(entries, start=1)
    }


def shown_lines(text: str) -> list[str]:
    """The lines of a valid TOML text, as many as there are, without the values of secret keys.

    A value that was commented out is hidden, too: it may be the old password.
    """
    for path, at in reversed(key_places(text).pairs.items()):
        value = text[at.value : at.end]
        if path[-1] in SECRETS or (value[:1] in ("[", "{") and NAMED.search(value)):
            # As many lines as before, so that each keeps its number.
            lines = "\n" * (len(f"{value}.".splitlines()) - 1)
            text = text[: at.value] + HIDDEN + lines + text[at.end :]
    return [NAMED.sub(rf"\1{HIDDEN}", line) for line in text.splitlines()]


def _secret_keys(table: type[Table] = ConfigFile) -> Iterator[str]:
    for name, field in table.known_keys().items():
        inner = table.table_of(name)
        if inner is not None:
            yield from _secret_keys(inner)
        elif is_secret(field):
            yield name


SECRETS = frozenset(_secret_keys())
NAMED = re.compile(rf"""(?<![\w-])(["']?(?:{"|".join(sorted(SECRETS))})["']?[ \t]*=[ \t]*).*""")
