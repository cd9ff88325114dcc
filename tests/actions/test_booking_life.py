"""Any weeks of booking: whatever citizens, clerks, time and the house do, the calendar is right."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from queue_server.actions import appointments, choosing
from queue_server.domain.appointment import HOLDING, AppointmentState
from queue_server.domain.errors import BadKey, Refused
from queue_server.domain.hours import at_wall_clock
from queue_server.domain.site import BookingRules
from queue_server.domain.slots import cells_of
from queue_server.store.appointments import from_row
from tests.cast import service_id
from tests.citizens import moment_of
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
            choosing.choose(
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

    # -- what time and the house do ------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 10, 20, 70, 300]))
    def pass_time(self, minutes):
        self.town.pass_time(minutes=minutes)

    @rule()
    def next_morning(self):
        self.town.set_clock("08:00", self.day(1))

    @rule()
    def tidy(self):
        self.town.tidy()
        self.town.tidy_house()
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
        wanted = {a.id: a for a in self.table() if a.state in HOLDING}

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
    def whoever_is_remembered_is_remembered_for_as_long_as_was_said(self):
        with self.town.store.snapshot() as snapshot:
            rows = snapshot.rows("SELECT appointment, delete_after FROM people")
        known = {row["appointment"]: moment_of(row["delete_after"]) for row in rows}
        for some in self.table():
            if some.id in known and some.state is not AppointmentState.CANCELLED:
                after = some.end_at + timedelta(days=PEOPLE_DAYS)
                assert known[some.id] == (some.expires_at or after)
            assert some.id not in known or some.state is not AppointmentState.EXPIRED
            assert some.id not in known or known[some.id] > self.tidied_at

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


TestAnyWeeks = Weeks.TestCase
TestAnyWeeks.settings = settings(max_examples=20, stateful_step_count=30, deadline=None)


@pytest.mark.parametrize("seed", range(2))
def test_busy_weeks_end_with_a_calendar_that_is_right(seed):
    chance, weeks = Random(seed), Weeks()
    for step in range(300):
        a_random_moment(weeks, chance)
        if step % 20 == 0:
            check_everything(weeks)

    check_everything(weeks)
    told = set(weeks.town.happened())
    weeks.teardown()
    assert set(TELLS) - {"AppointmentCheckedIn", "AppointmentMissed"} <= told
    assert {"AppointmentMoved", "DayDecided", "ConfirmationAsked"} <= told


def a_random_moment(weeks: Weeks, chance: Random) -> None:
    n, day, wanted = chance.randrange(40), chance.randrange(4), chance.choice(SERVICES)
    at, email = f"{chance.randrange(8, 12):02d}:{chance.randrange(12) * 5:02d}", f"{n}@example.org"
    moments = [
        lambda: weeks.book(wanted, at, day, email),
        lambda: (weeks.book(wanted, at, day, email), weeks.by_letter(0, "confirm")),
        lambda: (weeks.book_by_clerk(wanted, at, day), weeks.move(0, "11:00", 3, "Aylin")),
        lambda: (weeks.reserve(wanted, at, day), weeks.go_on(0, email, ["fill_in", "send_off"])),
        lambda: (weeks.book(wanted, at, day, email), weeks.by_letter(0, "ask_again")),
        lambda: weeks.choose(wanted, at, day, "one form"),
        lambda: weeks.by_letter(n, "cancel_booking"),
        lambda: weeks.move(n, at, day, chance.choice(["", "Aylin"])),
        lambda: weeks.check_in(n),
        lambda: weeks.book_by_clerk(wanted, at, day),
        lambda: weeks.decide(day, chance.choice([[], ["09:00-12:00"], None, None, None])),
        lambda: weeks.change_rules(chance.choice([5, 10]), chance.choice([0, 0.4]), 30),
        lambda: weeks.pass_time(chance.choice([1, 10, 20])),
        lambda: chance.random() < 0.2 and weeks.next_morning(),
        lambda: weeks.tidy(),
    ]
    chance.choice(moments)()


def check_everything(weeks: Weeks) -> None:
    weeks.each_appointment_holds_exactly_its_cells_at_one_counter_that_serves_it()
    weeks.a_cell_is_held_or_rests_and_belongs_to_one_visit()
    weeks.nobody_unconfirmed_holds_anything_after_housekeeping()
    weeks.whoever_is_remembered_is_remembered_for_as_long_as_was_said()
    weeks.the_journal_tells_what_became_of_every_appointment()
    weeks.what_was_heard_is_what_is_written()
    weeks.nobody_to_come_is_booked_outside_of_decided_hours()
