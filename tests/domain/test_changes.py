"""What each event makes of a ticket or an appointment, and of nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from queue_server.domain import events as e
from queue_server.domain.appointment import CONFIRMED, MOVES, PRECONFIRMED, RESERVED
from queue_server.domain.changes import appointment_after, new_ticket, state_after, ticket_after
from queue_server.domain.errors import MoveRefused
from queue_server.domain.ticket import Kind, TicketState
from tests.cast import moment
from tests.domain.test_appointment import appointment
from tests.town import MONDAY

EIGHT, NINE = moment(MONDAY, "08:00"), moment(MONDAY, "09:00")
ABOUT = {"at": NINE, "site": "rathaus", "ticket": 7, "clerk": 1}
ISSUED = e.TicketIssued(
    at=EIGHT, site="rathaus", ticket=7, number="M 007", kind="walk_in", services=("kfz",)
)
WAITING = new_ticket(ISSUED)
CALLED = ticket_after(
    WAITING, e.TicketCalled(**ABOUT, counter="schalter-1", call=3, reason="arrival")
)
SERVING = ticket_after(CALLED, e.TicketArrived(**ABOUT))


def test_a_new_ticket_waits_and_knows_no_secret():
    assert (WAITING.state, WAITING.kind, WAITING.number) == (
        TicketState.WAITING,
        Kind.WALK_IN,
        "M 007",
    )
    assert (WAITING.token, WAITING.issued_at, WAITING.counter) == ("", EIGHT, None)


def test_whoever_is_called_stands_at_the_counter_once_and_is_held_back_no_more():
    held = replace(WAITING, held_until=NINE)

    called = ticket_after(
        held, e.TicketCalled(**ABOUT, counter="schalter-1", call=3, reason="arrival")
    )

    assert (called.counter, called.call, called.calls, called.called_at) == (
        "schalter-1", 3, 1, NINE,
    )  # fmt: skip
    assert called.held_until is None


@pytest.mark.parametrize(
    ("event", "state"),
    [
        (e.TicketReleased(**ABOUT, call=3), TicketState.WAITING),
        (e.TicketParked(**ABOUT), TicketState.PARKED),
        (e.TicketTransferred(**ABOUT, services=("ausweise",)), TicketState.WAITING),
        (e.TicketCancelled(**ABOUT, by="clerk"), TicketState.CANCELLED),
        (e.TicketFinished(**ABOUT), TicketState.SERVED),
    ],
)
def test_whoever_leaves_the_counter_leaves_no_call_there(event, state):
    gone = ticket_after(CALLED, event)

    assert gone.state is state is state_after(event)
    assert (gone.counter, gone.call, gone.calls) == (None, None, 0)


def test_a_no_show_keeps_the_count_of_calls_and_has_a_lock_out():
    until = NINE + timedelta(seconds=30)
    recalled = ticket_after(CALLED, e.TicketRecalled(**ABOUT, call=3, times=2))

    missed = ticket_after(recalled, e.TicketMissed(**ABOUT, calls=2, held_until=until))

    assert (missed.state, missed.calls, missed.counter) == (TicketState.NO_SHOW, 2, None)
    assert missed.held_until == until


def test_a_transfer_keeps_number_and_time_and_changes_what_for_and_where():
    handed = ticket_after(
        SERVING, e.TicketTransferred(**ABOUT, services=("ausweise",), bound_to="schalter-2")
    )

    assert (handed.services, handed.bound_to) == (("ausweise",), "schalter-2")
    assert (handed.number, handed.issued_at, handed.serving_at) == ("M 007", EIGHT, None)


@pytest.mark.parametrize(
    ("event", "field", "value"),
    [
        (e.TicketUnbound(**ABOUT), "bound_to", None),
        (e.TicketServicesChanged(**ABOUT, services=("ausweise",)), "services", ("ausweise",)),
        (e.TicketPreferred(**ABOUT, precedence="mobility"), "precedence", "mobility"),
        (e.CallAnswered(**ABOUT, call=3), "coming_to", 3),
        (e.DocumentsDeclared(**ABOUT, missing=("Ausweis",)), "missing", ("Ausweis",)),
    ],
)
def test_a_correction_moves_nobody(event, field, value):
    before = replace(WAITING, bound_to="schalter-1")

    assert state_after(event) is None
    assert ticket_after(before, event) == replace(before, **{field: value})


def test_whoever_asks_for_five_minutes_is_held_back_so_long_and_has_asked():
    later = ticket_after(WAITING, e.TicketPostponed(**ABOUT, held_until=NINE))

    assert later == replace(WAITING, held_until=NINE, is_postponed=True)


def test_a_holder_is_on_the_way_to_the_call_that_stands_and_to_no_other():
    coming = ticket_after(CALLED, e.CallAnswered(**ABOUT, call=3))
    called_again = ticket_after(
        ticket_after(coming, e.TicketReleased(**ABOUT, call=3)),
        e.TicketCalled(**ABOUT, counter="schalter-1", call=4, reason="arrival"),
    )

    assert coming.is_coming
    assert not called_again.is_coming


def test_what_is_about_something_else_changes_nothing():
    assert ticket_after(WAITING, e.CounterOpened(at=NINE, site="rathaus", services=())) is WAITING


OF_APPOINTMENT = {"at": NINE, "site": "rathaus", "appointment": 1}
MOVING = {
    "preconfirmed": e.AppointmentPreconfirmed(**OF_APPOINTMENT, expires_at=NINE),
    "confirmed": e.AppointmentConfirmed(**OF_APPOINTMENT),
    "expired": e.AppointmentExpired(**OF_APPOINTMENT),
    "checked_in": e.AppointmentCheckedIn(**OF_APPOINTMENT),
    "cancelled": e.AppointmentCancelled(**OF_APPOINTMENT, by="holder"),
    "missed": e.AppointmentMissed(**OF_APPOINTMENT),
}


@pytest.mark.parametrize("state", MOVES)
@pytest.mark.parametrize("to", MOVING)
def test_an_event_moves_only_as_the_table_says(state, to):
    some = appointment(state=state)

    if to in MOVES[state]:
        assert appointment_after(some, MOVING[to]).state == to
    else:
        with pytest.raises(MoveRefused):
            appointment_after(some, MOVING[to])


def test_only_an_unconfirmed_booking_ends_by_itself():
    asked = appointment_after(appointment(state=RESERVED), MOVING["preconfirmed"])
    assert (asked.state, asked.expires_at) == (PRECONFIRMED, NINE)

    assert appointment_after(asked, MOVING["confirmed"]).expires_at is None


def test_another_time_keeps_the_length_and_is_counted_for_calendars():
    some = appointment(state=CONFIRMED)
    later = some.start_at + timedelta(hours=1)

    moved = appointment_after(some, e.AppointmentMoved(**OF_APPOINTMENT, start_at=later))

    assert moved == replace(some.at(later), sequence=some.sequence + 1)
    assert moved.end_at - moved.start_at == some.end_at - some.start_at


def test_what_only_asks_for_a_letter_changes_nothing():
    some = appointment(state=PRECONFIRMED)

    assert appointment_after(some, e.ConfirmationAsked(**OF_APPOINTMENT)) is some
