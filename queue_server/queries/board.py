"""What the wall shows: numbers and counters, never a name, a concern or a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queue_server.domain.errors import NotIssuing
from queue_server.domain.site import Site
from queue_server.queries.orders import CallingOrders
from queue_server.queries.stops import why_not_issuing
from queue_server.store import calls, journal
from queue_server.store.database import Reader, Row, moment

NEXT_SHOWN = 6


@dataclass(frozen=True, slots=True)
class BoardCall:
    """A standing call. `at` is its last announcement; `times` counts announcements.

    `language` is that of whoever is called.
    """

    call: int
    number: str
    counter: str
    direction: str
    kind: str
    times: int
    at: datetime
    language: str


@dataclass(frozen=True, slots=True)
class Board:
    """The whole wall. `version` grows with every event of the site.

    `refusal` says why no numbers are given out now.
    """

    version: int
    at: datetime
    site: str
    calls: tuple[BoardCall, ...]
    next: tuple[str, ...]
    refusal: NotIssuing | None
    notices: tuple[str, ...]

    @property
    def issuing(self) -> bool:
        """Whether there is a number for anybody."""
        return self.refusal is None


def board(reader: Reader, site: Site, now: datetime, orders: CallingOrders | None = None) -> Board:
    """The board of a site, newest call first."""
    order = (orders or CallingOrders()).of(reader, site, now, most=NEXT_SHOWN)
    return Board(
        version=journal.version(reader, site.id),
        at=now,
        site=site.id,
        calls=tuple(_call(site, row) for row in calls.standing(reader, site.id)),
        next=tuple(choice.ticket.number for choice in order),
        refusal=why_not_issuing(reader, site, now),
        notices=site.notices,
    )


def _call(site: Site, row: Row) -> BoardCall:
    counter = {c.id: c for c in site.counters}.get(row["counter"])
    return BoardCall(
        call=row["id"],
        number=row["number"],
        counter=site.counter_name(row["counter"]),
        direction=counter.direction if counter else "",
        kind=row["kind"],
        times=row["times"],
        at=moment(row["last_at"]),
        language=row["language"],
    )
