"""What happened to each ticket of a span, one after the other: for figures of whole months."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from queue_server.domain.events import (
    DocumentsDeclared,
    Event,
    ForecastGiven,
    TicketFinished,
    TicketIssued,
)
from queue_server.domain.ticket import Kind
from queue_server.store.database import Reader
from queue_server.store.journal import Columns, Kinds, pages_of_tickets


class IssuedFor(NamedTuple):
    """What figures need of a `TicketIssued`; `due` is UTC milliseconds."""

    is_booked: bool
    service: str
    due: int | None
    number: str = ""


class Told(NamedTuple):
    """What figures need of a `ForecastGiven`."""

    low_minutes: int
    high_minutes: int
    likely_minutes: int


class Lacking(NamedTuple):
    """The documents that a visitor said, or a clerk found, to be missing."""

    documents: tuple[str, ...]


class Happening(NamedTuple):
    """What a row says: the event's class, when (UTC milliseconds), where and by whom.

    A sixth of what a whole event costs, for those who read a hundred thousand.
    """

    kind: type[Event]
    at: int
    counter: str | None
    clerk: int | None
    said: IssuedFor | Told | Lacking | None


# A month has sixteen thousand of them, and calling the class costs half as much again.
_happening = Happening._make
_decoder = json.JSONDecoder()


def lives(
    reader: Reader, site: str, since: datetime, until: datetime, kinds: Kinds
) -> Iterator[list[Happening]]:
    """What happened to each of the site's tickets, as far as these `kinds` say, in order.

    Of all tickets between the first and the last that were issued or told a forecast in the
    half-open span; what became of them later is included, too.
    """
    kind_of = {kind.__name__: kind for kind in kinds}
    for rows in pages_of_tickets(reader, site, since, until):
        for _, some in groupby(rows, key=itemgetter(0)):
            life = _life(some, site, kind_of)
            if life:
                yield life


def _life(
    rows: Iterable[Columns], site: str, kind_of: Mapping[str, type[Event]]
) -> list[Happening]:
    # Naming the site in the statement would lead the database to another, slower index.
    return [
        _happening((kind, at, counter, clerk, _SAID[name](data) if data else None))
        for _, at, of_site, name, counter, clerk, data in rows
        if of_site == site and (kind := kind_of.get(name))
    ]


def _arrival(data: str) -> IssuedFor:
    # Written by us, so nothing stands around it.
    said, _ = _decoder.raw_decode(data)
    service = next(iter(said["services"]), "")
    is_booked = said["kind"] == Kind.APPOINTMENT
    return IssuedFor(is_booked, service, said.get("due_at"), said.get("number", ""))


@lru_cache(maxsize=1024)
def _told(data: str) -> Told:
    """Thousands were told the same."""
    said = json.loads(data)
    return Told(*map(said.__getitem__, Told._fields))


@lru_cache(maxsize=1024)
def _lacking(data: str) -> Lacking:
    return Lacking(tuple(json.loads(data).get("missing", ())))


_SAID: Mapping[str, Callable[[str], IssuedFor | Told | Lacking]] = {
    TicketIssued.__name__: _arrival,
    ForecastGiven.__name__: _told,
    DocumentsDeclared.__name__: _lacking,
    TicketFinished.__name__: _lacking,
}
