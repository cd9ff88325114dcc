"""Names and addresses: kept to the day, counted by address, and given to the right desk only."""

from __future__ import annotations

from datetime import timedelta

from queue_server.store import journal, letters, people
from queue_server.store.letters import LetterKind, LetterState
from queue_server.store.people import Person
from tests.cast import moment
from tests.town import MONDAY

A_MOMENT = timedelta(milliseconds=1)
EMAIL = "yilmaz@example.org"


def read(town, look, *args):
    with town.store.snapshot() as snapshot:
        return look(snapshot, *args)


def change(town, action, *args):
    with town.store.transaction() as tx:
        return action(tx, *args)


def open_bookings(town, now, email=EMAIL, site="rathaus"):
    return read(town, people.open_bookings, site, email, now)


def test_a_record_with_nothing_in_it_is_nobody():
    assert not Person()
    assert Person(name="N") and Person(email="e") and Person(phone="1")


def test_people_are_forgotten_in_the_very_millisecond_and_only_those_who_are_due(town):
    one, other = town.booked(at="09:30", name="Eins"), town.booked(at="10:30", name="Zwei")
    for each, days in ((one, 3), (other, 4)):
        change(town, people.keep_for, each.id, days)
        town.cancel_booking(each)
    until = town.now + timedelta(days=3)
    change(town, _letters_have_left)

    assert change(town, people.forget_due, until - A_MOMENT) == 0
    assert change(town, people.forget_due, until) == 1

    assert not read(town, people.of, one.id) and read(town, people.of, other.id).name == "Zwei"


def _letters_have_left(tx):
    """Who is to be told of a cancellation is known until then."""
    tx.write("UPDATE letters SET state = 'sent', ended_at = made_at WHERE state = 'waiting'")


def test_nobody_is_kept_for_the_letter_of_somebody_else(town):
    told, waits = (town.booked(at=at, name="N", email=EMAIL) for at in ("09:30", "10:30"))
    for each in (told, waits):
        change(town, people.keep_for, each.id, 0)
        town.cancel_booking(each)
        change(town, letters.make, "rathaus", each.id, LetterKind.CANCELLED, 1, town.now)
    change(town, letters.note_made, "rathaus", read(town, journal.version, "rathaus"))
    (letter,) = read(town, letters.of, told.id)
    change(town, letters.end, letter, LetterState.SENT, town.now, "")

    assert change(town, people.forget_due, town.now) == 1
    assert not town.person(told) and town.person(waits)


def test_whoever_corrects_the_form_replaces_what_was_there(town):
    one = town.booked(at="09:30", name="Alt", email=EMAIL)

    change(town, people.put, one.id, Person(name="Neu", phone="0431 1"))

    assert town.person(one) == Person(name="Neu", phone="0431 1")


def test_forgetting_one_booking_leaves_the_others(town):
    one, other = town.booked(at="09:30", name="Eins"), town.booked(at="10:30", name="Zwei")

    change(town, people.forget, one.id)

    assert not town.person(one) and town.person(other).name == "Zwei"


def test_a_desk_gets_the_names_of_its_own_site_and_of_the_time_it_asks_for(town):
    first, last = town.booked(at="09:30", name="Erste"), town.booked(at="10:30", name="Letzte")
    town.booked(at="09:30", name="Fremd", site="nordend", clerk="Clara")

    def names(start, end):
        return read(town, people.names, "rathaus", start, end)

    assert names(first.start_at, last.start_at) == {first.id: "Erste"}
    assert names(first.start_at, last.start_at + A_MOMENT) == {
        first.id: "Erste",
        last.id: "Letzte",
    }
    assert names(first.start_at + A_MOMENT, last.start_at) == {}


def test_a_booking_is_open_until_it_ends_and_an_unconfirmed_one_until_its_link_expires(town):
    asked = town.book(email=EMAIL, at="11:00")

    assert open_bookings(town, town.now, email=EMAIL.upper()) == 1
    assert open_bookings(town, asked.expires_at - A_MOMENT) == 1
    assert open_bookings(town, asked.expires_at) == 0
    town.confirm(asked)
    assert open_bookings(town, asked.end_at - A_MOMENT) == 1
    assert open_bookings(town, asked.end_at) == 0
    assert open_bookings(town, town.now, site="nordend") == 0
    assert open_bookings(town, town.now, email="other@example.org") == 0


def test_a_form_that_was_not_sent_off_and_a_cancelled_booking_are_not_open(town):
    town.fill_in(town.reserve(at="09:30"), email=EMAIL)
    assert open_bookings(town, town.now) == 0

    town.cancel_booking(town.booked(at="11:00", email=EMAIL))
    assert open_bookings(town, moment(MONDAY, "08:00")) == 0
