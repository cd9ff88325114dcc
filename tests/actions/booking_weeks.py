"""Weeks of booking by citizens and clerks, and what is right after every step."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from queue_server.actions import appointments, booking
from queue_server.domain.appointment import CANCELLED, EXPIRED, AppointmentState
from queue_server.domain.errors import BadKey, Refused
from queue_server.domain.hours import at_wall_clock
from queue_server.domain.site import BookingRules
from queue_server.domain.slots import cells_of
from queue_server.store import people as kept
from queue_server.store.appointments import from_row
from queue_server.store.people import NEVER_ENDED
from tests.cast import service_id
from tests.town import BERLIN, PEOPLE_DAYS, Town, moment

SERVICES = [("Meldewesen",), ("Ausweise",), ("Kfz",), ("Kfz", "Meldewesen")]
UNCONFIRMED = {AppointmentState.RESERVED, AppointmentState.PRECONFIRMED}
TELLS = {
    "AppointmentReserved": "reserved",
    "AppointmentPreconfirmed": "preconfirmed",
    "AppointmentConfirmed": "confirmed",
    "AppointmentBooked": "confirmed",
    "AppointmentExpired": "expired",
    "AppointmentCancelled": "cancelled",
    "AppointmentCheckedIn": "checked_in",
    "AppointmentMissed": "missed",
}
wishes = st.sampled_from(SERVICES)
clocks = st.builds(
    "{:02d}:{:02d}".format, st.integers(8, 11), st.integers(0, 11).map(lambda n: n * 5)
)
few_days = st.integers(0, 3)
somebody = st.integers(0, 40)
people = st.sampled_from(["a@example.org", "A@Example.org", "b@example.org"])


class Weeks(RuleBasedStateMachine):
    """Refusals are part of life: a refused verb must leave no trace, and the invariants see it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.town = Town(self.folder / "weeks.db")
        self.change_rules(5, 0.4, 30)
        self.tidied_at = self.town.now

    def teardown(self) -> None:
        self.town.store.close()
        shutil.rmtree(self.folder)

    def table(self):
        with self.town.store.snapshot() as snapshot:
            return [
                from_row(row) for row in snapshot.rows("SELECT * FROM appointments ORDER BY id")
            ]

    def one(self, n):
        """One of the appointments, newer ones more often."""
        return self.table()[-1 - n % min(10, len(self.table()))]

    def day(self, offset):
        return self.town.today + timedelta(days=offset)

    # -- what citizens do ------------------------------------------------------------------

    @rule(wanted=wishes, at=clocks, day=few_days, email=people)
    def book(self, wanted, at, day, email):
        with suppress(Refused):
            self.town.book(*wanted, at=at, day=self.day(day), email=email)

    @rule(wanted=wishes, at=clocks, day=few_days)
    def reserve(self, wanted, at, day):
        with suppress(Refused):
            self.town.reserve(*wanted, at=at, day=self.day(day))

    @rule(wanted=wishes, at=clocks, day=few_days, token=st.sampled_from(["one form", "another"]))
    def choose(self, wanted, at, day, token):
        ids, start = tuple(map(service_id, wanted)), moment(self.day(day), at)
        with suppress(Refused):
            booking.reserve(
                self.town.store, self.town.site(), ids, start, token=token, now=self.town.now
            )

    @rule(n=somebody, email=people, verbs=st.lists(st.sampled_from(["fill_in", "send_off"])))
    def go_on(self, n, email, verbs):
        for verb in verbs if self.table() else ():
            with suppress(Refused):
                more = [email] if verb == "fill_in" else []
                getattr(self.town, verb)(self.one(n), *more)

    @rule(n=somebody, verb=st.sampled_from(["confirm", "confirm", "ask_again", "cancel_booking"]))
    def by_letter(self, n, verb):
        with suppress(Refused, IndexError, ZeroDivisionError):
            getattr(self.town, verb)(self.one(n))

    @rule(n=somebody)
    def guess_the_key(self, n):
        if self.table():
            with pytest.raises(BadKey):
                self.town.confirm(self.one(n), "guessed")

    @rule(n=somebody, at=clocks, day=few_days, clerk=st.sampled_from(["", "Aylin"]))
    def move(self, n, at, day, clerk):
        with suppress(Refused, IndexError, ZeroDivisionError):
            self.town.move(self.one(n), at, self.day(day), clerk)

    @rule(n=somebody)
    def check_in(self, n):
        with suppress(Refused, IndexError, ZeroDivisionError):
            self.town.check_in(self.one(n))

    # -- what the office does ----------------------------------------------------------------

    @rule(wanted=wishes, at=clocks, day=few_days)
    def book_by_clerk(self, wanted, at, day):
        with suppress(Refused):
            self.town.booked(*wanted, at=at, day=self.day(day), name="Herr Öztürk")

    @rule(n=somebody)
    def cancel_by_clerk(self, n):
        clerk = self.town.clerk("Aylin").id
        with suppress(Refused, IndexError, ZeroDivisionError):
            appointments.cancel_by_clerk(
                self.town.store, self.town.site(), self.one(n).id, clerk=clerk, now=self.town.now
            )

    @rule(day=few_days, hours=st.sampled_from([[], ["08:00-09:30"], ["09:00-12:00"], None]))
    def decide(self, day, hours):
        if hours is None:
            self.town.undecide_day(self.day(day))
        else:
            self.town.decide_day(self.day(day), *hours)

    @rule(
        step=st.sampled_from([1, 5, 10, 15]),
        share=st.sampled_from([0, 0.4, 1]),
        pause=st.sampled_from([0, 30]),
    )
    def change_rules(self, step, share, pause):
        rules = BookingRules(
            lead_minutes=0, step_minutes=step, walk_in_share=share, release_pause_minutes=pause
        )
        self.town.change(booking=rules)

    # -- what time and the server do ------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 10, 20, 70, 300]))
    def pass_time(self, minutes):
        self.town.pass_time(minutes=minutes)

    @rule()
    def next_morning(self):
        self.town.set_clock("08:00", self.day(1))

    @rule()
    def tidy(self):
        self.town.tidy()
        self.town.tidy_records()
        self.tidied_at = self.town.now

    # -- what holds at any moment ----------------------------------------------------------------

    def cells(self):
        with self.town.store.snapshot() as snapshot:
            return snapshot.rows("SELECT * FROM cells ORDER BY counter, start_at")

    @invariant()
    def each_appointment_holds_exactly_its_cells_at_one_counter_that_serves_it(self):
        held = {}
        for row in self.cells():
            if row["appointment"] is not None:
                held.setdefault(row["appointment"], []).append(row)
        wanted = {a.id: a for a in self.table() if a.state not in (CANCELLED, EXPIRED)}

        assert set(held) == set(wanted)
        for id, rows in held.items():
            (counter,) = {row["counter"] for row in rows}
            served = self.town.site().served_by(self.town.site().counter(counter).services)
            assert set(wanted[id].services) <= set(served)
            starts = [row["start_at"] // 300_000 for row in rows]
            assert starts == list(cells_of(wanted[id].start_at, wanted[id].end_at))

    @invariant()
    def a_cell_is_held_or_rests_and_belongs_to_one_visit(self):
        rows = self.cells()

        assert len({(row["counter"], row["start_at"]) for row in rows}) == len(rows)
        assert all((row["appointment"] is None) != (row["free_at"] is None) for row in rows)

    @invariant()
    def nobody_unconfirmed_holds_anything_after_housekeeping(self):
        for appointment in self.table():
            assert (appointment.expires_at is not None) == (appointment.state in UNCONFIRMED)
            if appointment.expires_at is not None:
                assert appointment.expires_at > self.tidied_at

    @invariant()
    def nobody_is_remembered_for_longer_than_was_said(self):
        with self.town.store.snapshot() as snapshot:
            known = {row["appointment"] for row in snapshot.rows("SELECT appointment FROM people")}
            due = {id: kept.due_at(snapshot, id, self.tidied_at) for id in known}
        ended = self.ended
        for some in self.table():
            assert some.id not in known or some.state is not AppointmentState.EXPIRED
            if due.get(some.id) is not None:
                assert due[some.id] > self.tidied_at
                if some.id in ended:
                    assert due[some.id] == ended[some.id] + timedelta(days=PEOPLE_DAYS)

    @invariant()
    def nobody_is_forgotten_before_the_visit_has_ended(self):
        open_ones = [a for a in self.table() if a.state is AppointmentState.CONFIRMED]
        for some in open_ones:
            long_ago = some.end_at + NEVER_ENDED <= self.town.now
            assert long_ago or self.town.person(some)

    @property
    def ended(self):
        """When appointments ended, as the journal has it."""
        ends = ("AppointmentCancelled", "AppointmentMissed")
        return {it.appointment: it.at for it in self.town.journal() if it.name in ends}

    @invariant()
    def the_journal_tells_what_became_of_every_appointment(self):
        told, starts = {}, {}
        for event in self.town.journal():
            told |= {event.appointment: TELLS[event.name]} if event.name in TELLS else {}
            starts |= {event.appointment: event.start_at} if hasattr(event, "start_at") else {}
        table = self.table()

        assert told == {some.id: some.state for some in table}
        assert starts == {some.id: some.start_at for some in table}

    @invariant()
    def what_was_heard_is_what_is_written(self):
        heard = [event for batch in self.town.heard for event in batch]

        assert [event.name for event in heard] == self.town.happened()

    @invariant()
    def nobody_to_come_is_booked_outside_of_decided_hours(self):
        """Whoever was booked before a day got other hours was cancelled by the decision."""
        decided = self.town.special_days()
        for some in self.table():
            day = some.start_at.astimezone(BERLIN).date()
            if some.state is AppointmentState.CONFIRMED and day in decided:
                assert any(
                    at_wall_clock(day, span.start, BERLIN) <= some.start_at
                    and some.end_at <= at_wall_clock(day, span.end, BERLIN)
                    for span in decided[day]
                )
