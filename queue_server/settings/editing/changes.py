"""What may be changed in config.toml, as data, and what each change means to the tables."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from queue_server.settings.lines import KeyPath

# ("site", "rathaus", "service", "meldewesen"): names of tables; after the name of a list of tables
# the id of one of them, or its day, or its number from 0 when it has neither.
Place = tuple[str | int, ...]
Raw = dict[str, Any]
IDS = ("id", "day")


class NotEditable(Exception):
    """There is no such place, or it is written in a way that only a person can change."""

    def __init__(self, place: Place) -> None:
        super().__init__(".".join(map(str, place)))
        self.place = place


@dataclass(frozen=True, slots=True)
class SetKey:
    """A key of a table gets this value; None takes the key out, so that its default counts."""

    table: Place
    key: str
    value: Any


@dataclass(frozen=True, slots=True)
class AddTable:
    """One more `[[kind]]` in this table, behind the others of its kind."""

    table: Place
    kind: str
    values: Raw = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RemoveTable:
    """This entry of a list of tables goes, with all that belongs to it."""

    table: Place


@dataclass(frozen=True, slots=True)
class OrderTables:
    """The entries of a list of tables stand in this order; `order` names each as a place does."""

    table: Place
    kind: str
    order: tuple[str | int, ...]


Change = SetKey | AddTable | RemoveTable | OrderTables


def found(raw: Raw, place: Place) -> tuple[KeyPath, Any]:
    """The path of a place, ids replaced by numbers, and what stands there; None for nothing yet.

    Raises `NotEditable` for an entry that there is not.
    """
    path: KeyPath = ()
    value: Any = raw
    names = iter(place)
    for name in names:
        path += (name,)
        value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, list):
            number = _number(value, next(names, None), place)
            path += (number,)
            value = value[number]
    return path, value


def meant(raw: Raw, change: Change) -> Raw:
    """The tables as they are to be afterwards. Raises `NotEditable`."""
    wanted = copy.deepcopy(raw)
    path, table = found(wanted, change.table)
    if isinstance(change, RemoveTable):
        _remove(wanted, path, change.table)
        return wanted
    if isinstance(change, OrderTables):
        entries = entries_of(table, change)
        entries[:] = [entries[number] for number in numbers(entries, change)]
        return wanted
    table = _made(wanted, path) if table is None else table
    if not isinstance(table, dict):
        raise NotEditable(change.table)
    if isinstance(change, AddTable):
        table.setdefault(change.kind, []).append(copy.deepcopy(change.values))
    elif change.value is None:
        table.pop(change.key, None)
    else:
        table[change.key] = change.value
    return wanted


def entries_of(table: Any, change: OrderTables) -> list[Any]:
    """The list whose order changes. Raises `NotEditable` where there is none."""
    entries = table.get(change.kind) if isinstance(table, dict) else None
    if not isinstance(entries, list):
        raise NotEditable((*change.table, change.kind))
    return entries


def numbers(entries: list[Any], change: OrderTables) -> list[int]:
    """Which number each of them has now. Raises `NotEditable` unless each is named once."""
    place = (*change.table, change.kind)
    found = [_number(entries, name, place) for name in change.order]
    if sorted(found) != list(range(len(entries))):
        raise NotEditable(place)
    return found


def _number(entries: list[Any], name: str | int | None, place: Place) -> int:
    """Which of these entries is meant."""
    if isinstance(name, int) and 0 <= name < len(entries):
        return name
    for number, entry in enumerate(entries):
        if isinstance(entry, dict) and any(str(entry.get(key)) == name for key in IDS):
            return number
    raise NotEditable(place)


def _made(raw: Raw, path: KeyPath) -> Raw:
    """The tables of this path, made where there are none."""
    table: Any = raw
    for name in path:
        table = table.setdefault(name, {}) if isinstance(table, dict) else table[name]
    made: Raw = table
    return made


def _remove(raw: Raw, path: KeyPath, place: Place) -> None:
    _, above = found(raw, place[:-2])
    entries = above.get(path[-2]) if isinstance(above, dict) and len(path) > 1 else None
    if not isinstance(entries, list) or not isinstance(path[-1], int):
        raise NotEditable(place)
    del entries[path[-1]]
    if not entries:
        del above[path[-2]]
