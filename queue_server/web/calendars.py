"""Free times for everybody who asks, computed off the hub and only once.

A day of a calendar is kept until something happens that changes free times, which the journal
tells, or until the rest of a freed time ends. Lead time and horizon are left to each request, so
the answer is the one of this second all the same. Nobody has two calendars computed at a time, and
of two who want the same one the second waits for the first. Whoever is not known may ask for so
many a minute that are not there yet; what is there costs nothing and is not counted.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from queue_server.domain.hours import local_day
from queue_server.domain.site import Site
from queue_server.domain.slots import CLERK_HORIZON_DAYS, Slot, bookable_time
from queue_server.queries.calendar import FreeDay, changed_after, free_days
from queue_server.store import journal
from queue_server.store.database import Offload, Reader
from queue_server.store.transaction import Store
from queue_server.web.limits import Client
from queue_server.web.pools import Turns
from queue_server.web.serializers import slot_json

# A day of an office has some dozens of free times: a few megabytes.
MOST_DAYS = 1000
FORTNIGHT = 14
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class CalendarVisit:
    """What a calendar is asked for."""

    site: Site
    services: tuple[str, ...]
    persons: int = 1
    for_clerk: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """The same for services in another order."""
        return self.site.id, str(self.persons), str(self.for_clerk), *sorted(set(self.services))


@dataclass(frozen=True, slots=True)
class _Kept:
    """A day as it was computed `at`, with each time as JSON; `version` is that of the calendar."""

    free: FreeDay
    starts: tuple[datetime, ...]
    texts: tuple[str, ...]
    site: Site
    version: int
    at: datetime

    def stands(self, visit: CalendarVisit, version: int, now: datetime) -> bool:
        is_newest = self.version >= version and self.site is visit.site
        until = self.free.until
        # Whoever waited for it looked at the clock before it was computed.
        return is_newest and self.at - now < A_MINUTE and (until is None or now < until)


@dataclass
class Calendars:
    """`slots` and `texts` of a visit. Raise `UnknownService`, `TooManyPersons`, `TooManyTries`.

    `spend` is asked before something is computed for somebody.
    """

    store: Store
    spend: Callable[[Client], None]
    offload: Offload
    _days: OrderedDict[tuple[date, tuple[str, ...]], _Kept] = field(default_factory=OrderedDict)
    _versions: dict[str, tuple[int, int]] = field(default_factory=dict)
    _turns: Turns = field(default_factory=Turns)

    def slots(
        self, visit: CalendarVisit, first: date, days: int, client: Client, now: datetime
    ) -> list[Slot]:
        """Free start times of local days from `first`, earliest first."""
        earliest, latest = bookable_time(visit.site, now, by_clerk=visit.for_clerk)
        return [
            slot
            for kept in self._asked(visit, first, days, client, now)
            for slot in kept.free.slots[_part(kept, earliest, latest)]
        ]

    def texts(
        self, visit: CalendarVisit, first: date, days: int, client: Client, now: datetime
    ) -> Iterator[str]:
        """The same, each as JSON."""
        earliest, latest = bookable_time(visit.site, now, by_clerk=visit.for_clerk)
        for kept in self._asked(visit, first, days, client, now):
            yield from kept.texts[_part(kept, earliest, latest)]

    def next_slot(self, visit: CalendarVisit, client: Client, now: datetime) -> Slot | None:
        """The first free start that citizens may take; None when there is none to the horizon."""
        if not all(visit.site.service(service).bookable for service in visit.services):
            return None
        first = local_day(now, visit.site.zone)
        for offset in range(0, visit.site.booking.horizon_days + 1, FORTNIGHT):
            day = first + timedelta(days=offset)
            if found := self.slots(visit, day, FORTNIGHT, client, now):
                return found[0]
        return None

    def _asked(
        self, visit: CalendarVisit, first: date, days: int, client: Client, now: datetime
    ) -> list[_Kept]:
        visit.site.checked_visit(visit.services, visit.persons)
        wanted = _clipped(visit, first, days, now)
        found = self._known(visit, wanted, now)
        if len(found) == len(wanted):
            return found
        self.spend(client)
        with self._turns.after_own(client.name), self._turns.after_own(repr(visit.key)):
            found = self._known(visit, wanted, now)
            missing = set(wanted) - {kept.free.day for kept in found}
            if missing:
                found += self._reckoned(visit, sorted(missing), now)
        return sorted(found, key=lambda kept: kept.free.day)

    def _known(self, visit: CalendarVisit, wanted: Sequence[date], now: datetime) -> list[_Kept]:
        with self.store.snapshot() as snapshot:
            version = self._version(snapshot, visit.site)
        kept = (self._days.get((day, visit.key)) for day in wanted)
        return [each for each in kept if each and each.stands(visit, version, now)]

    def _reckoned(
        self, visit: CalendarVisit, missing: Sequence[date], now: datetime
    ) -> list[_Kept]:
        made = self.offload(lambda: self._made(visit, missing, now))
        for kept in made:
            self._days[kept.free.day, visit.key] = kept
            self._days.move_to_end((kept.free.day, visit.key))
        while len(self._days) > MOST_DAYS:
            self._days.popitem(last=False)
        return made

    def _made(self, visit: CalendarVisit, missing: Sequence[date], now: datetime) -> list[_Kept]:
        """In a thread beside the hub."""
        site = visit.site
        with self.store.snapshot() as snapshot:
            version = journal.version(snapshot, site.id)
            found = free_days(
                snapshot, site, visit.services, visit.persons, missing, now,
                for_clerk=visit.for_clerk,
            )  # fmt: skip
        return [
            _Kept(
                free,
                tuple(slot.start_at for slot in free.slots),
                tuple(slot_json(site, slot) for slot in free.slots),
                site,
                version,
                now,
            )
            for free in found
        ]

    def _version(self, reader: Reader, site: Site) -> int:
        """The seq up to which the calendar has changed, as far as anybody has looked.

        Every ticket moves the journal on; only what changes free times makes a new calendar.
        """
        newest = journal.version(reader, site.id)
        looked_to, version = self._versions.get(site.id, (newest, newest))
        if newest > looked_to and changed_after(reader, site.id, looked_to):
            version = newest
        self._versions[site.id] = max(newest, looked_to), version
        return version


def _clipped(visit: CalendarVisit, first: date, days: int, now: datetime) -> list[date]:
    """Only days on which anything may be booked: of all others there is nothing to say."""
    today = local_day(now, visit.site.zone)
    horizon = CLERK_HORIZON_DAYS if visit.for_clerk else visit.site.booking.horizon_days
    begin = max(first, today)
    end = min(first + timedelta(days=days - 1), today + timedelta(days=horizon))
    return [begin + timedelta(days=n) for n in range((end - begin).days + 1)]


def _part(kept: _Kept, earliest: datetime, latest: datetime) -> slice:
    return slice(bisect_left(kept.starts, earliest), bisect_right(kept.starts, latest))
