"""Letters to somebody who asked for none, and what their number or absence tells a stranger."""

from __future__ import annotations

import re
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.mail.postman import Postman
from queue_server.queries.outbox_status import post
from queue_server.settings import Mail
from tests.api.bookings import API, BOOKINGS, book_by_rules
from tests.office import Office

VICTIM = "erika@example.org"
TIMES = [f"2026-06-{day:02d}T{hour:02d}:00:00+02:00" for day in (9, 10) for hour in range(8, 18)]


class Bag:
    """A carrier that keeps what it is given."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, EmailMessage]] = []

    def carry(self, name: str, sender: str, to: str, message: EmailMessage) -> None:
        self.letters.append((to, message))

    def check(self, sender: str) -> None: ...

    def close(self) -> None: ...

    def texts(self) -> list[str]:
        found = [message.get_body(("plain",)) for _, message in self.letters]
        return [body.get_content() for body in found if isinstance(body, EmailMessage)]


@pytest.fixture
def office(office: Office) -> Office:
    """Mail is on, and sums are solved."""
    context = office.app.extensions["aufruf"]
    mail = Mail(smtp_url="file:/nowhere", sender="termine@example.org")
    context.settings = replace(context.settings, mail=mail)
    book_by_rules(office, proof=False)
    return office


def delivered(office: Office) -> Bag:
    """What the postman carries out now."""
    bag, settings = Bag(), office.app.extensions["aufruf"].settings
    Postman(office.store, settings, carrier=lambda: bag).round(office.clock())
    return bag


def book(visitor: FlaskClient, n: int, email: str = VICTIM) -> TestResponse:
    wish = {"services": ["meldewesen"], "start": TIMES[n % len(TIMES)], "email": email}
    return visitor.post(BOOKINGS, json=wish)


def test_a_stranger_gets_six_letters_a_day_however_often_somebody_books_and_deletes(
    office: Office,
) -> None:
    visitor, sent = office.visitor(), 0
    for n in range(35):
        email = VICTIM if n % 2 else "Erika+spam@Example.org"
        token = book(visitor, n, email).json["token"]
        sent += len(delivered(office).letters)
        for _ in range(2):
            assert visitor.post(f"/termin/{token}/letter").status_code == 303
            sent += len(delivered(office).letters)
        assert visitor.delete(f"{API}/appointments/{token}").status_code == 200
        sent += len(delivered(office).letters)

    assert sent == 6
    office.clock.pass_time(days=1)
    book(visitor, 19)
    assert len(delivered(office).letters) == 1


def test_whoever_has_proven_the_address_is_told_everything(office: Office) -> None:
    visitor, aylin = office.visitor(), office.signed_in("Aylin")
    for n in range(8):
        token = book(visitor, n).json["token"]
        delivered(office)
        visitor.delete(f"{API}/appointments/{token}")
    wish = {"services": ["meldewesen"], "start": TIMES[0], "email": VICTIM}
    assert aylin.post(BOOKINGS, json=wish).status_code == 201

    assert "Ihr Termincode" in delivered(office).texts()[-1]


def test_no_address_is_kept_for_counting(office: Office) -> None:
    book(office.visitor(), 0)
    delivered(office)

    with office.store.snapshot() as snapshot:
        rows = snapshot.rows("SELECT * FROM unasked_letters")
    assert len(rows) == 1 and re.fullmatch("[0-9a-f]{64}", rows[0]["address"])
    office.clock.pass_time(days=1)
    Postman(office.store, office.app.extensions["aufruf"].settings).tidy(office.clock())
    with office.store.snapshot() as snapshot:
        assert snapshot.rows("SELECT * FROM unasked_letters") == []


def waiting_page(visitor: FlaskClient, token: str) -> str:
    """What the page says to whoever booked, without the time that was booked."""
    page = visitor.get(f"/termin/{token}").text
    return re.sub(r"\d\d:\d\d|[\w-]{22}|\d+\. Juni|(Diens|Mitt)\w+", "", page)


def test_a_stranger_does_not_learn_that_an_address_has_a_booking(office: Office) -> None:
    visitor = office.visitor()
    first, second = book(visitor, 0), book(visitor, 1)
    other = book(visitor, 2, "somebody@example.org")
    delivered(office)

    assert first.status_code == second.status_code == other.status_code == 201
    assert {**second.json, **told_apart(first)} == {**first.json, **told_apart(first)}
    said = waiting_page(visitor, second.json["token"])
    assert said == waiting_page(visitor, first.json["token"])
    assert "verschickt" in said
    for each in (second, other):
        wrong = visitor.post(
            f"{API}/appointments/{each.json['token']}/confirmation", json={"key": "x" * 22}
        )
        assert wrong.status_code == 403


def told_apart(answer: TestResponse) -> dict[str, object]:
    """What differs between any two bookings."""
    return {key: answer.json[key] for key in ("id", "token", "start", "end")}


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("de", "Für Ihre Adresse besteht schon ein Termin"),
        ("en", "There already is an appointment for your address"),
    ],
)
def test_the_owner_of_the_address_is_told_by_letter(
    office: Office, language: str, subject: str
) -> None:
    visitor = office.visitor()
    book(visitor, 0)
    delivered(office)
    wish = {"services": ["meldewesen"], "start": TIMES[1], "email": VICTIM, "language": language}
    visitor.post(BOOKINGS, json=wish)

    [(to, message)] = delivered(office).letters

    assert (to, message["Subject"]) == (VICTIM, subject)
    text = Bag()
    text.letters.append((to, message))
    assert "key=" not in text.texts()[0] and "/termin/" not in text.texts()[0]
    assert b"key=" not in message.as_bytes(policy=SMTP)


def test_a_letter_that_was_held_back_looks_sent_to_who_booked_and_not_to_the_office(
    office: Office,
) -> None:
    visitor = office.visitor()
    for n in range(6):
        token = book(visitor, n).json["token"]
        delivered(office)
        visitor.delete(f"{API}/appointments/{token}")
    last = book(visitor, 7).json["token"]

    assert delivered(office).letters == []
    assert "Sie wurde um" in waiting_page(visitor, last)
    with office.store.snapshot() as snapshot:
        reasons = {each.reason for each in post(snapshot, office.clock()).refused}
    assert reasons == {"limit"}
