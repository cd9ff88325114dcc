"""What every event is, and how it goes into the journal and comes out of it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from queue_server.domain.timestamps import milliseconds, moment

EVENTS: dict[str, type[Event]] = {}
# These stand in columns of the journal; everything else is its JSON `data`.
COLUMNS = ("site", "ticket", "appointment", "counter", "clerk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One journal row. `at` is an aware UTC datetime; ids are those of the tables."""

    at: datetime
    site: str
    ticket: int | None = None
    appointment: int | None = None
    counter: str | None = None
    clerk: int | None = None

    @property
    def name(self) -> str:
        return type(self).__name__

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # dataclass(slots=True) makes the class twice; the second one is the real one.
        EVENTS[cls.__name__] = cls

    def data(self) -> dict[str, Any]:
        """What is not in a column, as JSON values; times as UTC milliseconds."""
        return {
            name: _plain(value)
            for name in _fields(self.name).data
            if (value := getattr(self, name)) is not None
        }


def _plain(value: Any) -> Any:
    return milliseconds(value) if isinstance(value, datetime) else value


def event_from(name: str, row: Mapping[str, Any], data: Mapping[str, Any]) -> Event:
    """The event of a journal row. Raises KeyError for a name that this version does not know."""
    values = values_from(name, dict(data))
    return EVENTS[name](at=moment(row["at"]), **{key: row[key] for key in COLUMNS}, **values)


def values_from(name: str, data: dict[str, Any]) -> dict[str, Any]:
    """What stood in an event's `data`, as its fields hold it; the given dict is changed.

    Fields that only other versions know are left out.
    """
    kind = _fields(name)
    if not kind.known.issuperset(data):
        data = {key: value for key, value in data.items() if key in kind.known}
    for key in kind.moments:
        if data.get(key) is not None:
            data[key] = moment(data[key])
    for key in kind.sequences:
        if key in data:
            data[key] = _tuples(data[key])
    return data


class _Fields(NamedTuple):
    """The fields of an event, those that stand in `data`, and those that JSON does not know."""

    known: frozenset[str]
    data: tuple[str, ...]
    moments: tuple[str, ...]
    sequences: tuple[str, ...]


@cache
def _fields(name: str) -> _Fields:
    """Asked for every event that happens, and for every row of a year."""
    types = {f.name: str(f.type) for f in fields(EVENTS[name])}
    return _Fields(
        frozenset(types),
        tuple(key for key in types if key not in COLUMNS and key != "at"),
        tuple(key for key, text in types.items() if "datetime" in text and key != "at"),
        tuple(key for key, text in types.items() if "tuple" in text),
    )


def _tuples(value: Any) -> Any:
    """JSON knows lists only; events hold tuples, also inside of each other."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
