"""Whatever the mail server does, no letter is lost and none is in another's way."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from queue_server.mail.postman import pause_after
from tests.mail.conftest import TUESDAY, Mailroom
from tests.mailbox import Mailbox, hanging_server
from tests.office import free_port
from tests.town import Town

EMAIL = "yilmaz@example.org"

HURRY_SECONDS = 0.3


def ask(town: Town, count: int) -> list[str]:
    """As many people ask for an appointment; returns their addresses."""
    addresses = [f"person-{number}@example.org" for number in range(1, count + 1)]
    for number, address in enumerate(addresses):
        minutes = 8 * 60 + 20 * (number // 1)
        town.book(email=address, day=TUESDAY, at=f"{minutes // 60:02d}:{minutes % 60:02d}")
    return addresses


def tries(mailroom: Mailroom) -> list[int]:
    return [letter.tries for letter in mailroom.outbox()]


# -- the server is down, fails, hangs -------------------------------------------------------------


def test_down_then_up_nothing_is_lost(town: Town, mailroom: Mailroom) -> None:
    port = free_port()
    mailroom.use(f"smtp://127.0.0.1:{port}")
    addresses = ask(town, 3)

    assert mailroom.round() == 0
    assert tries(mailroom) == [1, 1, 1]
    with Mailbox(port=port) as mailbox:
        town.pass_time(minutes=1)
        assert mailroom.round() == 3
        assert [letter.to for letter in mailbox.letters] == addresses
    assert mailroom.outbox() == []


def test_pauses_grow_from_a_minute_to_an_hour(town: Town, mailroom: Mailroom) -> None:
    mailroom.use(f"smtp://127.0.0.1:{free_port()}")
    town.booked(email=EMAIL, day=TUESDAY + timedelta(days=14))
    mailroom.collect()

    pauses = []
    for _ in range(8):
        mailroom.round()
        (letter,) = mailroom.outbox()
        pauses.append((letter.next_try_at - town.now) // timedelta(minutes=1))
        town.now = letter.next_try_at

    assert pauses == [1, 2, 5, 15, 30, 60, 60, 60]


def test_before_its_time_no_letter_is_tried_again(town: Town, mailroom: Mailroom) -> None:
    mailroom.use(f"smtp://127.0.0.1:{free_port()}")
    town.book(email=EMAIL)
    mailroom.round()

    town.pass_time(seconds=59)
    mailroom.round()

    assert tries(mailroom) == [1]


def test_a_server_that_fails_for_a_while_gets_them_later(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    mailroom.use(mailbox.url)
    mailbox.says["MAIL"] = "451 4.3.2 please try again later"
    ask(town, 2)

    assert mailroom.round() == 0
    assert [letter.trouble for letter in mailroom.outbox()] == ["server busy 451"] * 2
    mailbox.says.clear()
    town.pass_time(minutes=1)
    assert mailroom.round() == 2


def test_a_server_that_hangs_costs_one_timeout_for_all_letters(
    town: Town, mailroom: Mailroom
) -> None:
    ask(town, 4)
    mailroom.patience_seconds = HURRY_SECONDS
    with hanging_server() as url:
        mailroom.use(url)
        assert mailroom.round() == 0

    assert [letter.trouble for letter in mailroom.outbox()] == ["server timeout"] * 4


def test_once_a_letter_goes_nobody_waits_for_the_end_of_a_long_pause(
    town: Town, mailroom: Mailroom
) -> None:
    port = free_port()
    mailroom.use(f"smtp://127.0.0.1:{port}")
    town.booked(email=EMAIL, day=TUESDAY)
    for _ in range(4):
        mailroom.round()
        town.now += pause_after(_)

    with Mailbox(port=port) as mailbox:
        town.booked(email="other@example.org", day=TUESDAY, at="09:00")
        mailroom.round()
        mailroom.round()
        assert {letter.to for letter in mailbox.letters} == {EMAIL, "other@example.org"}


def test_a_line_that_dies_in_the_middle_of_a_letter_costs_a_minute(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    mailroom.use(mailbox.url)
    mailbox.hangs_up = True
    ask(town, 3)

    assert mailroom.round() == 0
    troubles = [letter.trouble for letter in mailroom.outbox()]
    assert troubles == ["letter hung_up", "server hung_up", "server hung_up"]
    mailbox.hangs_up = False
    town.pass_time(minutes=1)
    assert mailroom.round() == 3


def test_a_password_that_is_refused_loses_no_letter(town: Town, mailroom: Mailroom) -> None:
    with Mailbox(user="aufruf", password="richtig") as mailbox:
        mailroom.use(mailbox.url.replace("//", "//aufruf:falsch@"))
        town.book(email=EMAIL)
        mailroom.round()
        assert [letter.trouble for letter in mailroom.outbox()] == ["server password 535"]

        mailroom.use(mailroom.mail.smtp_url, password="richtig")
        town.pass_time(minutes=1)
        assert mailroom.round() == 1


def test_a_restart_goes_on_where_the_last_run_ended(town: Town, mailroom: Mailroom) -> None:
    """Every round of these tests has a postman of its own: all that is known is in the table."""
    port = free_port()
    mailroom.use(f"smtp://127.0.0.1:{port}")
    town.book(email=EMAIL)
    mailroom.round()
    first = mailroom.postman

    with Mailbox(port=port) as mailbox:
        town.pass_time(minutes=1)
        assert mailroom.postman is not first
        assert mailroom.round() == 1
        assert mailroom.round() == 0
        assert len(mailbox.letters) == 1


# -- single recipients ----------------------------------------------------------------------------


def test_one_refused_recipient_stops_no_other(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    mailroom.use(mailbox.url)
    first, second, third = ask(town, 3)
    mailbox.refuses.add(second)

    assert mailroom.round() == 2
    assert [letter.to for letter in mailbox.letters] == [first, third]
    assert [letter.trouble for letter in mailroom.outbox("refused")] == ["recipient unknown 550"]
    assert mailbox.connections == 1


def test_a_refused_letter_is_not_tried_again(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    mailroom.use(mailbox.url)
    mailbox.refuses.add(EMAIL)
    town.book(email=EMAIL)
    mailroom.round()
    mailbox.refuses.clear()

    town.pass_time(hours=1)
    assert mailroom.round() == 0
    assert mailbox.letters == []


@pytest.mark.parametrize(
    ("says", "trouble"),
    [
        ({"RCPT": "450 4.2.0 greylisted, come back"}, "letter later 450"),
        ({"RCPT": "554 5.7.1 relay access denied"}, "letter relay 554"),
        ({"RCPT": "530 5.7.0 authentication required"}, "letter relay 530"),
        ({"DATA": "451 4.7.1 not now"}, "letter later 451"),
        ({"DATA": "554 5.6.0 this smells of spam"}, "letter content 554"),
        ({"MAIL": "550 5.1.8 who are you"}, "server sender 550"),
        ({"MAIL": "530 5.7.0 sign in first"}, "server needs_password 530"),
    ],
)
def test_what_may_be_our_fault_is_tried_again(
    town: Town, mailroom: Mailroom, mailbox: Mailbox, says: dict[str, str], trouble: str
) -> None:
    mailroom.use(mailbox.url)
    mailbox.says.update(says)
    town.book(email=EMAIL)

    mailroom.round()

    assert [letter.trouble for letter in mailroom.outbox()] == [trouble]
    mailbox.says.clear()
    town.pass_time(minutes=1)
    assert mailroom.round() == 1


# -- mishaps of our own ---------------------------------------------------------------------------


def test_an_address_that_is_none_stops_nobody(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    """Such as a desk may have noted before addresses were looked at."""
    town.booked(email="kein at example.org", day=TUESDAY)
    town.booked(email=EMAIL, day=TUESDAY, at="09:00")
    mailroom.use(mailbox.url)

    assert mailroom.round() == 1
    assert [letter.trouble for letter in mailroom.outbox("refused")] == ["recipient address"]


def test_logs_hold_neither_names_nor_addresses_nor_codes(
    town: Town, mailroom: Mailroom, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    mailroom.use(mailbox.url)
    mailbox.refuses.add("refused@example.org")
    with caplog.at_level(logging.DEBUG):
        booked = town.booked(email=EMAIL, name="Frau Yilmaz", day=TUESDAY)
        town.booked(email="refused@example.org", day=TUESDAY, at="09:00")
        mailroom.round()
        mailbox.says["DATA"] = "451 later"
        town.move(booked, at="10:00", day=TUESDAY)
        mailroom.round()

    ours = [r.getMessage() for r in caplog.records if r.name.startswith("queue_server")]
    assert len(ours) >= 3
    for secret in (EMAIL, "refused@", "Yilmaz", booked.code, booked.token):
        assert secret not in " ".join(ours)


def test_rows_of_letters_that_ended_long_ago_are_deleted(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    mailroom.use(mailbox.url)
    town.booked(email=EMAIL, day=TUESDAY)
    mailroom.round()
    town.booked(email="later@example.org", day=TUESDAY, at="09:00")
    mailroom.collect()

    assert mailroom.postman.tidy(town.now + timedelta(days=29)) == 0
    assert mailroom.postman.tidy(town.now + timedelta(days=31)) == 1
    assert len(mailroom.outbox()) == 1
