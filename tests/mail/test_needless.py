"""Letters that nobody needs any more are not sent; what was tried for long is given up."""

from __future__ import annotations

from datetime import timedelta

from queue_server.mail.postman import GIVE_UP_AFTER
from queue_server.store import letters
from queue_server.store.letters import LetterState
from tests.mail.conftest import TUESDAY, Mailroom
from tests.mailbox import Mailbox
from tests.office import free_port
from tests.town import Town

EMAIL = "yilmaz@example.org"


def tries(mailroom: Mailroom) -> list[int]:
    return [letter.tries for letter in mailroom.outbox()]


def test_a_confirmation_is_dropped_when_its_link_has_expired(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    town.book(email=EMAIL)
    mailroom.collect()
    mailroom.use(mailbox.url)

    town.pass_time(hours=2)
    assert mailroom.round() == 0
    assert mailroom.kinds("dropped") == ["confirmation"]


def test_what_was_cancelled_meanwhile_is_not_announced(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    town.cancel_booking(town.confirm(town.book(email=EMAIL, day=TUESDAY)))
    mailroom.use(mailbox.url)

    assert mailroom.round() == 1
    assert mailroom.kinds("dropped") == ["confirmation", "booked"]
    assert mailroom.kinds("sent") == ["cancelled"]


def test_two_letters_that_say_the_same_become_one(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    town.move(town.booked(email=EMAIL, day=TUESDAY), at="10:00", day=TUESDAY)
    asked = town.book(email="other@example.org", day=TUESDAY, at="11:00")
    town.ask_again(asked)
    mailroom.use(mailbox.url)

    assert mailroom.round() == 2
    assert mailroom.kinds("sent") == ["moved", "confirmation"]


def test_a_newer_letter_that_was_given_up_spares_nobody_the_older_one(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    town.move(town.booked(email=EMAIL, day=TUESDAY), at="10:00", day=TUESDAY)
    mailroom.collect()
    newer = mailroom.outbox()[-1]
    with town.store.transaction() as tx:
        assert letters.end(tx, newer, LetterState.REFUSED, town.now, "address refused")
    mailroom.use(mailbox.url)

    assert mailroom.round() == 1
    assert mailroom.kinds("sent") == ["booked"]


def test_what_is_over_is_not_written_about(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    town.booked(email=EMAIL, at="08:10")
    mailroom.collect()
    mailroom.use(mailbox.url)

    town.pass_time(hours=1)
    assert mailroom.round() == 0
    assert mailroom.kinds("dropped") == ["booked"]


def test_whoever_is_forgotten_is_not_written_to(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    appointment = town.booked(email=EMAIL, day=TUESDAY)
    mailroom.collect()
    with town.store.transaction() as tx:
        tx.write("DELETE FROM people WHERE appointment = :id", {"id": appointment.id})
    mailroom.use(mailbox.url)

    assert mailroom.round() == 0
    assert mailroom.kinds("dropped") == ["booked"]


def test_a_letter_tells_what_is_so_when_it_leaves(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    booked = town.booked(email=EMAIL, day=TUESDAY, at="08:10")
    mailroom.collect()
    with town.store.transaction() as tx:
        tx.write("UPDATE people SET name = 'Jetzt Anders' WHERE appointment = :id",
                 {"id": booked.id})  # fmt: skip
    mailroom.use(mailbox.url)

    mailroom.round()

    assert "Jetzt Anders" in mailbox.letters[0].text


def test_after_three_days_of_trying_a_letter_is_given_up_and_shown(
    town: Town, mailroom: Mailroom
) -> None:
    mailroom.use(f"smtp://127.0.0.1:{free_port()}")
    town.booked(email=EMAIL, day=TUESDAY + timedelta(days=14))
    for _ in range(7):
        mailroom.round()
        town.pass_time(hours=1)
    town.now += GIVE_UP_AFTER

    mailroom.round()

    (gone,) = mailroom.outbox("dropped")
    assert gone.trouble == "server unreachable"
    assert mailroom.status().refused[0].reason == "unreachable"


def test_what_waited_for_mail_to_be_switched_on_is_not_given_up_at_the_first_try(
    town: Town, mailroom: Mailroom
) -> None:
    town.booked(email=EMAIL, day=TUESDAY + timedelta(days=14))
    mailroom.collect()
    town.pass_time(days=7)
    mailroom.use(f"smtp://127.0.0.1:{free_port()}")

    mailroom.round()

    assert tries(mailroom) == [1]
