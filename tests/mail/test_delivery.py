"""Letters leave: to a server, into a folder, or wait while mail is switched off."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from queue_server.domain.errors import StorageFailed
from queue_server.settings import Mail
from queue_server.store import writing
from tests.mail.conftest import TUESDAY, Mailroom
from tests.mailbox import Mailbox
from tests.town import Town

EMAIL = "yilmaz@example.org"


def ask(town: Town, count: int) -> list[str]:
    """As many people ask for an appointment; returns their addresses."""
    addresses = [f"person-{number}@example.org" for number in range(1, count + 1)]
    for number, address in enumerate(addresses):
        minutes = 8 * 60 + 20 * (number // 1)
        town.book(email=address, day=TUESDAY, at=f"{minutes // 60:02d}:{minutes % 60:02d}")
    return addresses


def tries(mailroom: Mailroom) -> list[int]:
    return [letter.tries for letter in mailroom.outbox()]


# -- it works -------------------------------------------------------------------------------------


def test_a_letter_arrives_and_is_noted_as_sent(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    mailroom.use(mailbox.url)
    town.book(email=EMAIL)

    assert mailroom.round() == 1
    assert [letter.to for letter in mailbox.letters] == [EMAIL]
    (letter,) = mailroom.outbox("sent")
    assert (letter.tries, letter.trouble, letter.ended_at) == (1, "", town.now)


def test_many_letters_go_over_one_connection(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    mailroom.use(mailbox.url)
    addresses = ask(town, 5)

    assert mailroom.round() == 5
    assert [letter.to for letter in mailbox.letters] == addresses
    assert mailbox.connections == 1


def test_whoever_waits_for_the_link_waits_for_nobody_elses_letter(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    """As when a day with hundreds of appointments has just fallen out."""
    town.booked(email="other@example.org", day=TUESDAY)
    mailroom.collect()
    town.pass_time(minutes=1)
    town.book(email=EMAIL)
    mailroom.use(mailbox.url)

    mailroom.round()

    assert [letter.to for letter in mailbox.letters] == [EMAIL, "other@example.org"]


def test_the_link_of_the_letter_confirms(town: Town, mailroom: Mailroom, mailbox: Mailbox) -> None:
    mailroom.use(mailbox.url)
    asked = town.book(email=EMAIL)
    mailroom.round()

    key = mailbox.letters[0].link_to("/confirmation").partition("?key=")[2]
    confirmed = town.confirm(asked, key)
    mailroom.round()

    assert mailbox.letters[1].code == confirmed.code


def test_with_nothing_to_send_no_server_is_called(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    mailroom.use(mailbox.url)

    assert mailroom.round() == 0
    assert mailbox.connections == 0


# -- mail is off ----------------------------------------------------------------------------------


def test_while_mail_is_off_letters_wait_untouched(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    town.booked(email=EMAIL, day=TUESDAY)
    mailroom.round()

    assert tries(mailroom) == [0]
    mailroom.use(mailbox.url)
    assert mailroom.round() == 1


def test_a_letter_that_could_not_be_noted_as_sent_does_not_leave_again(
    town: Town, mailroom: Mailroom, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once every 20 s, all through the night in which the disk is full."""
    monkeypatch.setattr(writing, "BUSY_SECONDS", 0)
    mailroom.use(mailbox.url)
    town.booked(email=EMAIL, day=TUESDAY)
    mailroom.collect()
    postman = mailroom.postman

    with locked(town):
        for _ in range(3):
            with pytest.raises(StorageFailed):
                postman.round(town.now)
    postman.round(town.now)

    assert [letter.to for letter in mailbox.letters] == [EMAIL]
    assert mailroom.kinds("sent") == ["booked"] and mailroom.outbox() == []


def test_a_letter_made_before_the_clock_was_set_back_does_not_wait_for_that_time(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    town.booked(email=EMAIL, day=TUESDAY)
    town.pass_time(days=365)
    mailroom.collect()
    town.pass_time(days=-365)
    mailroom.use(mailbox.url)

    assert mailroom.round() == 1
    assert [letter.to for letter in mailbox.letters] == [EMAIL]


@contextmanager
def locked(town: Town) -> Iterator[None]:
    """Another program writes and does not come to an end."""
    with closing(sqlite3.connect(town.store._engine.path, isolation_level=None)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        yield


# -- a folder instead of a server -----------------------------------------------------------------


def test_letters_can_be_put_into_a_folder(town: Town, mailroom: Mailroom) -> None:
    folder = mailroom.folder / "letters"
    mailroom.use(f"file:{folder}")
    town.booked(email=EMAIL, name="Frau Yilmaz", day=TUESDAY)

    assert mailroom.round() == 1
    (file,) = folder.iterdir()
    assert file.name == "000001-booked.eml" and b"Termincode" in file.read_bytes()
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)


def test_a_folder_that_cannot_be_written_keeps_the_letters(town: Town, mailroom: Mailroom) -> None:
    (mailroom.folder / "letters").write_text("a file, not a folder")
    mailroom.use(f"file:{mailroom.folder / 'letters'}")
    town.booked(email=EMAIL, day=TUESDAY)

    assert mailroom.round() == 0
    assert [letter.trouble for letter in mailroom.outbox()] == ["server folder"]


def test_an_address_of_a_server_that_is_none_keeps_the_letters(
    town: Town, mailroom: Mailroom
) -> None:
    town.booked(email=EMAIL, day=TUESDAY)
    mailroom.mail = Mail("smtp://mail.example:99999", sender="a@b.example")

    assert mailroom.round() == 0
    assert [letter.trouble for letter in mailroom.outbox()] == ["server settings"]
