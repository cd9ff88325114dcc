"""Appointments by what happened to them: counted, listed, and each with all of its events."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.actions import appointments
from queue_server.store import appointment_events

A_MOMENT = timedelta(milliseconds=1)


def read(town, look, *args):
    with town.store.snapshot() as snapshot:
        return look(snapshot, *args)


def span(town):
    return "rathaus", town.now - timedelta(days=1), town.now + A_MOMENT


def test_appointments_are_counted_before_the_end_of_a_span_and_not_at_it(town):
    count, name = appointment_events.count_met, "AppointmentBooked"
    town.booked(at="11:00")

    assert read(town, count, "rathaus", town.now - A_MOMENT, town.now, name) == 0
    assert read(town, count, "rathaus", town.now, town.now + A_MOMENT, name) == 1


@pytest.mark.parametrize("name", ["AppointmentBooked", "AppointmentConfirmed", "AppointmentMoved",
                                  "AppointmentCancelled", "AppointmentReserved"])  # fmt: skip
def test_as_many_are_listed_as_are_counted(town, name):
    for clock in ("09:00", "10:00", "11:00"):
        town.booked(at=clock)
    asked = town.book(at="09:30")
    town.confirm(asked)
    appointments.cancel_by_token(town.store, town.site(), asked.token, now=town.now)

    listed = read(town, appointment_events.met_by, *span(town), name)

    assert len(listed) == read(town, appointment_events.count_met, *span(town), name)
    assert listed == sorted(set(listed))
    assert not read(town, appointment_events.met_by, "nordend", *span(town)[1:], name)


def test_all_that_happened_to_one_is_told_in_order_and_at_its_site_alone(town):
    asked = town.book(at="09:30")
    town.confirm(asked)
    town.booked(at="11:00")

    told = read(town, appointment_events.of_appointment, "rathaus", asked.id)

    names = [type(each).__name__ for each in told]
    assert names[0] == "AppointmentReserved" and names[-1] == "AppointmentConfirmed"
    assert {each.appointment for each in told} == {asked.id}
    assert not read(town, appointment_events.of_appointment, "nordend", asked.id)
