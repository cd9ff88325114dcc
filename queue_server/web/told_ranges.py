"""What holders of new numbers are told: the same on screen and paper, and kept in the journal."""

from __future__ import annotations

import logging
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby

from queue_server.actions import ticket_notes
from queue_server.domain.events import Event, TicketIssued
from queue_server.domain.site import Site
from queue_server.domain.ticket import Ticket
from queue_server.domain.waiting import Range
from queue_server.queries.outlook import Place, place_of
from queue_server.store import tickets
from queue_server.store.transaction import Store
from queue_server.web.forecast_making import do_nothing
from queue_server.web.forecaster import Forecaster

log = logging.getLogger(__name__)
# So long do screen and paper say the same as the first answer did.
JUST_TOLD = timedelta(minutes=1)
# More than come within a minute, however large the city.
MOST_JUST_TOLD = 2_000


class JustTold:
    """The ranges that holders of new tickets were told: screen, paper and journal say the same."""

    def __init__(self) -> None:
        self._ranges: OrderedDict[int, tuple[Range, datetime]] = OrderedDict()

    def of(self, ticket: int, range: Range, now: datetime, *, is_new: bool) -> Range | None:
        """What its holder was told within the last minute; for a new one that is `range`, now."""
        if is_new and ticket not in self._ranges:
            self._ranges[ticket] = range, now
            if len(self._ranges) > MOST_JUST_TOLD:
                self._ranges.popitem(last=False)
        first, at = self._ranges.get(ticket, (None, now))
        return first if abs(now - at) <= JUST_TOLD else None

    def known(self, ticket: int) -> Range | None:
        """What its holder was told when the number was new."""
        return self._ranges[ticket][0] if ticket in self._ranges else None


@dataclass
class ToldRanges:
    """Tells whoever holds a ticket their range, and records it for those who are new.

    `wake` is called when there is something to record, which a serving process does after the
    answers, for all who came within a second. An office that lives faster than the clock keeps
    nothing of it (`is_recorded`): no range in minutes could prove true there.
    """

    store: Store
    clock: Callable[[], datetime]
    forecasts: Forecaster
    site_of: Callable[[str], Site]
    wake: Callable[[], None] = do_nothing
    is_recorded: bool = True
    _told: JustTold = field(default_factory=JustTold)
    # Bounded, should nobody come to empty it: only records of what was told would be lost.
    _unrecorded: deque[TicketIssued] = field(default_factory=deque)

    def standing(self, site: Site, ticket: Ticket) -> Place | None:
        """The place of a ticket, with what its holder was told a moment ago while that stands."""
        now, forecast_now = self.clock(), self.forecasts.of(site, ticket)
        with self.store.snapshot() as snapshot:
            place = place_of(snapshot, site, ticket, now, forecast_now)
        if place is None or place.range is None:
            return place
        is_new = abs(now - ticket.issued_at) <= JUST_TOLD
        first = self._told.of(ticket.id, place.range, now, is_new=is_new)
        return place if first is None else replace(place, range=first)

    def hear(self, events: Sequence[Event]) -> None:
        """A listener of the store: whoever gets a number is told a range, and the journal keeps it.

        Nobody's answer waits for that: a serving process wakes somebody who does it.
        """
        if not self.is_recorded:
            return
        new = [event for event in events if isinstance(event, TicketIssued) and event.ticket]
        self._unrecorded.extend(new)
        if len(self._unrecorded) > MOST_JUST_TOLD:
            lost = [self._unrecorded.popleft() for _ in range(MOST_JUST_TOLD // 2)]
            _log_lost(lost, "nobody records")
        if new:
            self.wake()

    def record(self) -> None:
        """Keep in the journal what those who got a number since the last time were told."""
        while self._unrecorded:
            new = [self._unrecorded.popleft() for _ in range(len(self._unrecorded))]
            for _, some in groupby(sorted(new, key=_site), key=_site):
                self._record(list(some))

    def _record(self, new: Sequence[TicketIssued]) -> None:
        told = [(event, self._told_to(event)) for event in new]
        try:
            ticket_notes.record_forecasts(self.store, told)
        except Exception as error:
            # Whatever it is, those who come later are told and kept again.
            _log_lost(new, type(error).__name__)

    def _told_to(self, event: TicketIssued) -> Range | None:
        known = self._told.known(event.ticket or 0)
        # Of a past that was made up nobody was told anything.
        if known is not None or abs(self.clock() - event.at) > JUST_TOLD:
            return known
        try:
            with self.store.snapshot() as snapshot:
                ticket = tickets.get(snapshot, event.site, event.ticket or 0)
            place = self.standing(self.site_of(event.site), ticket)
        except Exception as error:
            _log_lost([event], type(error).__name__)
            return None
        return place.range if place else None


def _site(event: TicketIssued) -> str:
    return event.site


def _log_lost(events: Iterable[TicketIssued], why: str) -> None:
    names = ", ".join(str(event.ticket) for event in events)
    log.error("told but not kept: tickets=%s %s", names, why)
