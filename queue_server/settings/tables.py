"""Tables of a file as they were read: what is not a table is left to other checks."""

from __future__ import annotations

from typing import Any

from queue_server.settings.lines import KeyPath

Raw = dict[str, Any]
Tables = list[tuple[KeyPath, Raw]]


def table_in(raw: Raw, name: str) -> Raw:
    """The table under this name, or an empty one."""
    table = raw.get(name)
    return table if isinstance(table, dict) else {}


def tables_in(raw: Raw, name: str, above: KeyPath = ()) -> Tables:
    """The tables of this list with their paths."""
    found = raw.get(name)
    entries = enumerate(found) if isinstance(found, list) else ()
    return [((*above, name, place), each) for place, each in entries if isinstance(each, dict)]


def texts_in(raw: Raw, name: str) -> list[str]:
    """The texts of this list."""
    found = raw.get(name)
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
