"""Offices and days as Hypothesis makes them up, and a book in which visits are written down."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from queue_server.domain.hours import ALWAYS, Hours, Span, SpecialDay
from queue_server.domain.site import BookingRules, Counter, Site
from queue_server.domain.slots import Room, Slot, bookable_counters, cells_of, free_slots
from queue_server.opening import planned_days
from tests.town import MONDAY, office_hours, rathaus

SPRING, AUTUMN, GOOD_FRIDAY = date(2026, 3, 29), date(2026, 10, 25), date(2026, 4, 3)
SERVICES = [("meldewesen",), ("ausweise",), ("kfz",), ("kfz", "meldewesen")]
LISTS = [("*",), ("ausweise",), ("meldewesen", "kfz"), ("ausweise", "meldewesen")]
SHIFTS = Hours(
    ((Span(0, 130), Span(150, 200), Span(22 * 60, 24 * 60)), (Span(8 * 60, 12 * 60),)) * 3
    + ((Span(90, 175), Span(175, 260)),)
)

days = st.sampled_from([MONDAY, SPRING, AUTUMN, GOOD_FRIDAY]) | st.dates(
    date(2026, 1, 1), date(2026, 12, 31)
)
weeks = st.sampled_from([office_hours(), SHIFTS, ALWAYS])
steps = st.sampled_from([1, 5, 7, 10, 15, 45])
shares = st.sampled_from([0, 0.25, 0.4, 0.7, 1])
visits = st.tuples(st.sampled_from(SERVICES), st.integers(1, 2), st.integers(0, 300), steps)


@dataclass
class Book:
    """Visits written down as the server does it: only what is offered, at the counter it names."""

    site: Site
    day: date
    taken: dict[str, set[int]] = field(default_factory=dict)
    visits: list[tuple[Slot, str]] = field(default_factory=list)

    def free(self, services: tuple[str, ...], persons: int = 1) -> list[Slot]:
        site, dates = self.site, [self.day]
        known = planned_days(site)
        return free_slots(site, services, persons, dates, known, self.taken, lambda _: True)

    def counter_for(self, services: tuple[str, ...], slot: Slot) -> str | None:
        cells = cells_of(slot.start_at, slot.end_at)
        return Room(self.site, services, self.taken).counter_for(cells)

    def take(self, services: tuple[str, ...], slot: Slot) -> str:
        """The counter at which the visit is written down; fails where somebody is already."""
        counter = self.counter_for(services, slot)
        assert counter is not None
        cells = set(cells_of(slot.start_at, slot.end_at))
        assert cells.isdisjoint(self.taken.get(counter, ()))
        self.taken.setdefault(counter, set()).update(cells)
        self.visits.append((slot, counter))
        return counter

    def busy(self, services: tuple[str, ...], cell: int) -> int:
        """How many of the counters for these services are taken in this cell."""
        return sum(
            cell in self.taken.get(counter.id, ())
            for counter in bookable_counters(self.site, services)
        )

    def change_steps(self, minutes: int) -> None:
        rules = replace(self.site.booking, step_minutes=minutes)
        self.site = replace(self.site, booking=rules)


@st.composite
def counters(draw: st.DrawFn) -> tuple[Counter, ...]:
    lists = draw(st.lists(st.tuples(st.sampled_from(LISTS), st.booleans()), min_size=1, max_size=4))
    return tuple(
        Counter(f"schalter-{n}", f"Schalter {n}", served, bookable=bookable)
        for n, (served, bookable) in enumerate(lists)
    )


@st.composite
def offices(draw: st.DrawFn, day: date) -> Site:
    """An office with any week, Land, special days around this one, counters and rules."""
    special = [SpecialDay(day), SpecialDay(day, (Span(600, 700), Span(720, 800)))]
    return replace(
        rathaus(),
        hours=draw(weeks),
        land=draw(st.sampled_from(["", "SH", "BY"])),
        special_days=tuple(draw(st.lists(st.sampled_from(special), max_size=1))),
        counters=draw(counters()),
        booking=BookingRules(walk_in_share=draw(shares), step_minutes=draw(steps)),
    )


@st.composite
def books(draw: st.DrawFn, site: Site | None = None) -> Book:
    """A day on which some visits are written down already, while the steps were changed."""
    day = draw(days)
    book = Book(site or draw(offices(day)), day)
    for services, persons, n, step in draw(st.lists(visits, max_size=10)):
        if free := book.free(services, persons):
            book.take(services, free[n % len(free)])
        book.change_steps(step)
    return book


def cells_between(start: datetime, minutes: int) -> range:
    return cells_of(start, start + timedelta(minutes=minutes))
