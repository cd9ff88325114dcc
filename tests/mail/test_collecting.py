"""What happens in the office becomes letters, each once; nobody else is written to."""

from __future__ import annotations

import pytest

from queue_server.store import letters
from tests.mail.conftest import TUESDAY, Mailroom
from tests.town import Town

EMAIL = "yilmaz@example.org"


def test_whoever_sends_the_form_off_is_asked_to_confirm(town: Town, mailroom: Mailroom) -> None:
    town.book()

    mailroom.collect()

    assert mailroom.kinds() == ["confirmation"]


def test_whoever_confirms_gets_the_code(town: Town, mailroom: Mailroom) -> None:
    town.confirm(town.book())

    mailroom.collect()

    assert mailroom.kinds() == ["confirmation", "booked"]


def test_asking_once_more_makes_another_letter(town: Town, mailroom: Mailroom) -> None:
    asked = town.book()
    mailroom.collect()

    town.ask_again(asked)
    mailroom.collect()

    assert mailroom.kinds() == ["confirmation", "confirmation"]


def test_whom_a_clerk_books_gets_the_code_at_once(town: Town, mailroom: Mailroom) -> None:
    town.booked(email=EMAIL)

    mailroom.collect()

    assert mailroom.kinds() == ["booked"]


def test_whoever_gave_no_address_gets_no_letter(town: Town, mailroom: Mailroom) -> None:
    appointment = town.booked(phone="04321 987")
    town.cancel_booking(appointment)

    mailroom.collect()

    assert mailroom.kinds() == []


def test_moving_and_cancelling_are_told(town: Town, mailroom: Mailroom) -> None:
    town.cancel_booking(town.move(town.booked(email=EMAIL), at="10:00"))

    mailroom.collect()

    assert mailroom.kinds() == ["booked", "moved", "cancelled"]


def test_a_clerk_who_cancels_does_it_for_the_office(town: Town, mailroom: Mailroom) -> None:
    appointment = town.booked(email=EMAIL, day=TUESDAY)

    town.decide_day(TUESDAY)
    mailroom.collect()

    assert mailroom.kinds() == ["booked", "cancelled_by_office"]
    assert {letter.appointment for letter in mailroom.outbox()} == {appointment.id}


def test_a_form_that_was_never_sent_off_is_no_reason_to_write(
    town: Town, mailroom: Mailroom
) -> None:
    held = town.reserve()
    town.fill_in(held)
    town.cancel_booking(held)

    mailroom.collect()

    assert mailroom.kinds() == []


def test_an_unconfirmed_booking_that_falls_out_is_told(town: Town, mailroom: Mailroom) -> None:
    town.book(day=TUESDAY)

    town.decide_day(TUESDAY)
    mailroom.collect()

    assert mailroom.kinds() == ["confirmation", "cancelled_by_office"]


def test_an_expired_booking_is_forgotten_without_a_letter(town: Town, mailroom: Mailroom) -> None:
    town.book()
    mailroom.collect()
    town.pass_time(hours=2)
    town.expire()

    mailroom.collect()

    assert mailroom.kinds() == ["confirmation"]


def test_collecting_twice_is_collecting_once(town: Town, mailroom: Mailroom) -> None:
    town.confirm(town.book())

    assert mailroom.collect() == 2
    assert mailroom.collect() == 0


def test_a_mark_that_was_lost_makes_no_letter_twice(town: Town, mailroom: Mailroom) -> None:
    """As after a restored backup: the constraint keeps what the mark does not."""
    town.confirm(town.book())
    mailroom.collect()
    with town.store.transaction() as tx:
        tx.write("UPDATE marks SET value = '0' WHERE name LIKE 'letters_made_up_to%'")

    assert mailroom.collect() == 0
    assert len(mailroom.outbox()) == 2


@pytest.mark.parametrize("crashes", [1, 2])
def test_what_happened_while_the_house_was_down_is_told_later(
    town: Town, mailroom: Mailroom, crashes: int
) -> None:
    for _ in range(crashes):
        town.confirm(town.book(email=f"{_}@example.org", at=f"{9 + _}:00".zfill(5)))

    mailroom.collect()

    assert len(mailroom.outbox()) == 2 * crashes


def test_the_mark_follows_a_journal_that_has_no_letters_in_it(
    town: Town, mailroom: Mailroom
) -> None:
    """Else every round would read everything since the last booking."""
    with town.store.snapshot() as snapshot:
        before = letters.made_up_to(snapshot, "rathaus")
    with town.store.transaction() as tx:
        for _ in range(1001):
            tx.write(
                """INSERT INTO journal (at, site, name, data)
                   VALUES (0, 'rathaus', 'CounterClosed', '{"by":"gone"}')"""
            )

    mailroom.collect()

    with town.store.snapshot() as snapshot:
        assert letters.made_up_to(snapshot, "rathaus") >= before + 1001


def test_the_outbox_holds_neither_names_nor_addresses(town: Town, mailroom: Mailroom) -> None:
    town.confirm(town.book(email=EMAIL, name="Frau Yilmaz"))
    mailroom.collect()

    with town.store.snapshot() as snapshot:
        told = str([dict(row) for row in snapshot.rows("SELECT * FROM letters")])

    assert EMAIL not in told and "Yilmaz" not in told
