"""What every event is, and how it goes into the journal and comes out of it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any

from queue_server.domain.moments import milliseconds, moment

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
        skip = {*COLUMNS, "at"}
        return {
            f.name: _plain(value)
            for f in fields(self)
            if f.name not in skip and (value := getattr(self, f.name)) is not None
        }


def _plain(value: Any) -> Any:
    return milliseconds(value) if isinstance(value, datetime) else value


def event_from(name: str, row: Mapping[str, Any], data: Mapping[str, Any]) -> Event:
    """The event of a journal row. Raises KeyError for a name that this version does not know."""
    is_moment = _fields(name)
    values: dict[str, Any] = {
        key: moment(value) if is_moment[key] and value is not None else _tuples(value)
        for key, value in data.items()
        if key in is_moment
    }
    columns = {key: row[key] for key in COLUMNS}
    return EVENTS[name](at=moment(row["at"]), **columns, **values)


@cache
def _fields(name: str) -> dict[str, bool]:
    """The fields of an event, and which of them are moments; asked for every row of a year."""
    return {f.name: "datetime" in str(f.type) for f in fields(EVENTS[name])}


def _tuples(value: Any) -> Any:
    """JSON knows lists only; events hold tuples, also inside of each other."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
