"""Walk-ins draw a number; booked people check in; anybody may give the number back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from queue_server.domain.errors import (
    BadRequest,
    Cancelled,
    MoveRefused,
    NotFound,
    NotIssuing,
    OtherDay,
    OtherSite,
    TooEarly,
    TooManyPersons,
    UnknownCode,
    UnknownService,
)
from queue_server.domain.hours import ALWAYS
from queue_server.domain.ticket import Kind, TicketState
from tests.town import MONDAY, Visitor

# -- drawing a number ----------------------------------------------------------------------


def test_a_walk_in_draws_a_number_and_waits(town):
    who = town.draw("Meldewesen", persons=2, language="tr")

    ticket = town.ticket(who)
    assert (ticket.number, ticket.state, ticket.kind) == (
        "M 001",
        TicketState.WAITING,
        Kind.WALK_IN,
    )
    assert (ticket.persons, ticket.language, ticket.issued_at) == (2, "tr", town.now)
    assert town.happened() == ["TicketIssued"]


def test_the_same_idempotency_key_is_the_same_ticket(town):
    first = town.arrival(key="touch-1")
    second = town.arrival(key="touch-1")

    assert (first.is_new, second.is_new) == (True, False)
    assert first.ticket == second.ticket
    assert town.happened() == ["TicketIssued"]


def test_another_key_or_another_site_is_another_ticket(town):
    ids = {
        town.draw(key="touch-1").id,
        town.draw(key="touch-2").id,
        town.draw(key="touch-1", site="nordend").id,
        town.draw().id,
    }

    assert len(ids) == 4


def test_whoever_repeats_a_request_gets_the_ticket_even_after_closing(town):
    who = town.draw(key="touch-1")
    town.set_clock("12:30")

    assert town.draw(key="touch-1") == who
    with pytest.raises(NotIssuing):
        town.draw(key="touch-2")


@pytest.mark.parametrize(("clock", "why"), [("07:30", "closed"), ("11:50", "closing")])
def test_no_number_outside_issuing_hours(town, clock, why):
    town.set_clock(clock)

    with pytest.raises(NotIssuing) as refusal:
        town.draw()

    assert refusal.value.facts["why"] == why
    # Nobody's state changed; that there was no number is kept.
    assert [(each.name, each.reason) for each in town.journal()] == [("TicketRefused", why)]


def test_no_number_on_a_public_holiday(town):
    town.set_clock("09:00", day=MONDAY + timedelta(days=32))  # Karfreitag 2026

    with pytest.raises(NotIssuing):
        town.draw()
    assert town.draw(site="nordend")


def test_a_quota_is_for_a_day_and_for_walk_ins_of_this_service(town):
    town.change_service("Kfz", daily_quota=2)
    town.check_in(town.booked("Kfz"))
    town.draw("Meldewesen")
    town.draw("Kfz")
    town.draw("Meldewesen", "Kfz")

    with pytest.raises(NotIssuing) as refusal:
        town.draw("Kfz")

    assert refusal.value.facts == {"why": "quota", "service": "Kfz"}


def test_a_quota_resets_with_the_local_day(town):
    town.change(hours=ALWAYS)
    town.change_service("Kfz", daily_quota=1)
    town.set_clock("23:59")
    town.give_back(town.draw("Kfz"))

    town.pass_time(minutes=1)

    assert town.draw("Kfz").number == "K 001"


def test_a_number_that_was_given_back_still_counts_for_the_quota(town):
    town.change_service("Kfz", daily_quota=1)
    town.give_back(town.draw("Kfz"))

    with pytest.raises(NotIssuing):
        town.draw("Kfz")


@pytest.mark.parametrize(
    ("services", "persons", "refusal"),
    [
        (("Fischerei",), 1, UnknownService),
        (("Kfz",), 2, TooManyPersons),
        (("Meldewesen",), 0, BadRequest),
    ],
)
def test_a_wrong_wish_is_refused_by_name_and_leaves_no_trace(town, services, persons, refusal):
    with pytest.raises(refusal):
        town.draw(*services, persons=persons)

    assert town.journal() == []


# -- checking in ---------------------------------------------------------------------------


def test_checking_in_turns_an_appointment_into_a_ticket(town):
    appointment = town.booked("Kfz", "Meldewesen", at="08:10")

    ticket = town.ticket(town.check_in(appointment))

    assert (ticket.number, ticket.kind, ticket.services) == (
        "K 001",
        Kind.APPOINTMENT,
        ("kfz", "meldewesen"),
    )
    assert (ticket.due_at, ticket.issued_at, ticket.is_late) == (
        appointment.start_at,
        town.now,
        False,
    )
    assert town.happened() == ["AppointmentBooked", "AppointmentCheckedIn", "TicketIssued"]


def test_the_code_may_be_typed_in_any_way(town):
    appointment = town.booked()

    who = town.check_in(appointment.code.lower().replace("-", " "))

    assert town.ticket(who).appointment == appointment.id


def test_the_same_code_twice_is_the_same_ticket(town):
    appointment = town.booked()
    who = town.check_in(appointment)
    town.call_next()

    assert town.check_in(appointment) == who
    assert town.happened().count("TicketIssued") == 1


def test_whoever_is_late_keeps_a_ticket_and_is_marked_late(town):
    appointment = town.booked(at="08:10")
    town.set_clock("08:21")

    assert town.ticket(town.check_in(appointment)).is_late


@pytest.mark.parametrize("code", ["", "K7Q-M4T-XA9", "nonsense", "22222222X"])
def test_a_code_of_no_appointment_is_unknown(town, code):
    with pytest.raises(UnknownCode):
        town.check_in(code)


def test_at_another_site_a_cancelled_appointment_sends_nobody_across_the_town(town):
    appointment = town.booked()
    town.cancel_booking(appointment)

    with pytest.raises(Cancelled):
        town.check_in(appointment, site="nordend")


def test_at_another_site_the_code_names_the_right_one(town):
    appointment = town.booked()

    with pytest.raises(OtherSite) as refusal:
        town.check_in(appointment, site="nordend")

    assert refusal.value.facts["site"] == "rathaus"


def test_check_in_opens_early_minutes_before_the_slot(town):
    appointment = town.booked(at="08:40")

    with pytest.raises(TooEarly):
        town.check_in(appointment)
    town.pass_time(minutes=10)

    assert town.check_in(appointment)


def test_on_another_day_the_refusal_names_the_day(town):
    appointment = town.booked(day=MONDAY + timedelta(days=1))

    with pytest.raises(OtherDay) as refusal:
        town.check_in(appointment)

    assert refusal.value.facts["due_at"] == appointment.start_at


def test_a_cancelled_appointment_stays_cancelled(town):
    appointment = town.booked()
    town.cancel_booking(appointment)

    with pytest.raises(Cancelled):
        town.check_in(appointment)


def test_a_missed_appointment_is_gone(town):
    appointment = town.booked()
    town.set_clock("10:11")
    town.tidy()

    with pytest.raises(Cancelled):
        town.check_in(appointment)
    assert town.happened() == ["AppointmentBooked", "AppointmentMissed"]


def test_a_refused_check_in_leaves_no_trace(town):
    appointment = town.booked(at="08:40")
    told = town.happened()

    with pytest.raises(TooEarly):
        town.check_in(appointment)

    assert town.happened() == told


# -- giving back ---------------------------------------------------------------------------


def test_a_number_given_back_is_cancelled_and_twice_is_once(town):
    who = town.draw()

    town.give_back(who)
    town.give_back(who)

    assert town.ticket(who).state is TicketState.CANCELLED
    assert town.happened() == ["TicketIssued", "TicketCancelled"]


def test_a_called_person_may_still_give_the_number_back_and_frees_the_counter(town):
    who, other = town.draw(), town.draw()
    town.call_next()

    town.give_back(who)

    assert town.board().calls == ()
    assert town.call_next() == other


def test_whoever_is_served_or_done_can_not_give_the_number_back(town):
    who = town.draw()
    town.call_next()
    town.arrive()

    with pytest.raises(MoveRefused):
        town.give_back(who)
    town.finish()
    with pytest.raises(MoveRefused):
        town.give_back(who)


def test_only_the_token_is_the_right_to_a_ticket(town):
    who = town.draw()

    with pytest.raises(NotFound):
        town.give_back(replace(who, token="guess"))
    assert isinstance(who, Visitor) and len(who.token) == 22
