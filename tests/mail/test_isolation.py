"""What is wrong with one letter, or at one site, keeps nobody else's letters."""

from __future__ import annotations

import logging

import pytest

from tests.mail.conftest import TUESDAY, Mailroom
from tests.mailbox import Mailbox
from tests.town import Town

EMAIL = "yilmaz@example.org"


def test_a_letter_that_cannot_be_written_stops_nobody_and_tells_no_secret(
    town: Town, mailroom: Mailroom, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    broken = town.booked(email="broken@example.org", day=TUESDAY)
    town.booked(email=EMAIL, day=TUESDAY, at="09:00")
    with town.store.transaction() as tx:
        # No QR code is as long as this Termincode.
        tx.write("UPDATE appointments SET code = :code WHERE id = :id",
                 {"id": broken.id, "code": "A" * 9000})  # fmt: skip
    mailroom.use(mailbox.url)

    with caplog.at_level(logging.ERROR):
        assert mailroom.round() == 1
    assert [letter.trouble for letter in mailroom.outbox()] == ["letter writing"]
    assert "could not be written" in caplog.text and "broken@" not in caplog.text
    assert "AAAA" not in caplog.text


def test_a_letter_whose_contents_cannot_be_read_stops_nobody(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    broken = town.booked(email="broken@example.org", day=TUESDAY)
    town.booked(email=EMAIL, day=TUESDAY, at="09:00")
    mailroom.collect()
    with town.store.transaction() as tx:
        # In no year that has a date.
        tx.write("UPDATE appointments SET start_at = :at, end_at = :at WHERE id = :id",
                 {"id": broken.id, "at": 9 * 10**17})  # fmt: skip
    mailroom.use(mailbox.url)

    assert mailroom.round() == 1
    assert [letter.trouble for letter in mailroom.outbox()] == ["letter writing"]


def test_what_cannot_be_read_at_one_site_keeps_no_letters_of_the_others(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    town.booked(email=EMAIL, day=TUESDAY)
    with town.store.transaction() as tx:
        tx.write(
            """INSERT INTO journal (at, site, name, appointment, data)
               VALUES (0, 'nordend', 'AppointmentBooked', 1, '{')"""
        )
    mailroom.use(mailbox.url)

    with pytest.raises(ValueError) as fault:
        mailroom.round()

    assert fault.value.__notes__ == ["at site nordend"]
    assert len(mailroom.outbox("sent")) == 1
