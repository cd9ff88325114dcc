"""An appointment that is taken at the kiosk: at once, without a name, under citizens' rules."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.actions import appointments
from queue_server.domain.appointment import CONFIRMED
from queue_server.domain.errors import NotBookable, SlotTaken, TooManyPersons
from queue_server.store import people
from tests.town import MONDAY, Town, moment, service_id

TUESDAY = MONDAY + timedelta(days=1)


def take(town: Town, *services: str, at: str = "08:00", day=TUESDAY, **more):
    ids = tuple(service_id(name) for name in services or ("Meldewesen",))
    return appointments.take_next_free(
        town.store, town.site(), ids, moment(day, at), now=town.now, **more
    )


def test_it_is_confirmed_at_once_and_nobody_is_known(town):
    taken = take(town)

    assert taken.is_new and taken.appointment.state is CONFIRMED
    with town.store.snapshot() as snapshot:
        assert not people.of(snapshot, taken.appointment.id)
    (event,) = town.journal()
    assert (event.name, event.by, event.clerk) == ("AppointmentBooked", "kiosk", None)


def test_its_code_checks_in_on_its_day(town):
    appointment = take(town, "Kfz", at="08:30").appointment
    town.set_clock("08:10", day=TUESDAY)

    assert town.ticket(town.check_in(appointment)).appointment == appointment.id


def test_the_same_page_twice_is_the_same_appointment(town):
    first, again = take(town, token="t" * 22), take(town, token="t" * 22)

    assert first.appointment == again.appointment
    assert (first.is_new, again.is_new) == (True, False)
    assert town.happened() == ["AppointmentBooked"]


def test_a_time_is_taken_once(town):
    # A share of the counters is kept for people without appointment: one is left to book.
    take(town)

    with pytest.raises(SlotTaken):
        take(town)


@pytest.mark.parametrize(
    ("at", "day"), [("08:30", MONDAY), ("07:00", TUESDAY), ("08:00", MONDAY + timedelta(days=90))]
)
def test_only_times_that_citizens_may_book_are_given(town, at, day):
    with pytest.raises(SlotTaken):
        take(town, at=at, day=day)

    assert town.journal() == []


def test_what_is_not_booked_by_citizens_is_not_given_here(town):
    town.change_service("Kfz", bookable=False)

    with pytest.raises(NotBookable):
        take(town, "Kfz")
    with pytest.raises(TooManyPersons):
        take(town, "Ausweise", persons=2)


def test_given_back_the_time_is_free_again_after_its_rest(town):
    appointment = take(town).appointment

    town.cancel_booking(appointment)

    town.pass_time(minutes=31)
    assert take(town).is_new
