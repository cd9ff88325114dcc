"""Booking by phone: a form sent twice acts once, and everybody knows whether a letter goes out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.store import appointments, letters
from queue_server.store.letters import LetterKind, LetterState
from tests.office import Office
from tests.pages.booked_days import by_phone, count_on, switch_mail_on
from tests.pages.desk_forms import press

Visit = Callable[..., BeautifulSoup]
CALL = {
    "services": ["meldewesen", "", ""],
    "persons": "1",
    "name": "Erika Mustermann",
    "phone": "0431 55",
    "email": "erika@beispiel.example",
    "language": "de",
    "day": "2026-06-08",
    "start": "2026-06-08T10:15:00+02:00",
}


def key_on(page: BeautifulSoup) -> str:
    field = page.select_one("form.booking [name=key]")
    assert field is not None
    return str(field["value"])


def said(page: BeautifulSoup) -> str:
    line = page.select_one(".said__line")
    return " ".join(line.get_text().split()) if line else ""


def fresh_key(client: FlaskClient) -> str:
    return key_on(BeautifulSoup(client.get("/desk/appointments/new").text, "html.parser"))


def test_the_same_form_sent_twice_is_one_appointment(office: Office) -> None:
    client = office.signed_in("Lea")
    form = CALL | {"key": fresh_key(client)}

    first, second = (client.post("/desk/appointments", data=form) for _ in range(2))

    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert count_on(office, "2026-06-08") == 1


def test_going_back_and_booking_for_somebody_else_is_another_appointment(office: Office) -> None:
    client = office.signed_in("Lea")
    form = CALL | {"key": fresh_key(client)}
    client.post("/desk/appointments", data=form)

    client.post("/desk/appointments", data=form | {"name": "Jörg Anders"})
    client.post("/desk/appointments", data=form | {"start": "2026-06-08T11:00:00+02:00"})

    assert count_on(office, "2026-06-08") == 3


def test_a_colleague_with_the_same_key_books_for_themselves(office: Office) -> None:
    form = CALL | {"key": "abc"}

    for name in ("Lea", "Aylin"):
        office.signed_in(name).post("/desk/appointments", data=form)

    assert count_on(office, "2026-06-08") == 2


def test_every_form_has_its_own_key_and_a_refused_one_keeps_it(office: Office) -> None:
    client = office.signed_in("Lea")
    key = fresh_key(client)

    refused = client.post("/desk/appointments", data=CALL | {"key": key, "email": "erika"})

    assert key != fresh_key(client)
    assert key_on(BeautifulSoup(refused.text, "html.parser")) == key


def test_the_key_in_the_page_does_not_tell_the_holders_token(office: Office) -> None:
    client = office.signed_in("Lea")
    key = fresh_key(client)
    client.post("/desk/appointments", data=CALL | {"key": key})

    with office.store.snapshot() as snapshot:
        token = appointments.get(snapshot, "rathaus", 1).token

    assert len(token) == 22 and token != key


@pytest.mark.parametrize(
    ("mail", "contact", "sentence"),
    [
        (True, {}, "Die Bestätigung geht an erika@beispiel.example."),
        (True, {"email": ""}, "Es geht keine E-Mail hinaus. Bitte lesen Sie den Termincode vor."),
        (False, {}, "E-Mails sind ausgeschaltet. Bitte lesen Sie den Termincode vor."),
    ],
)
def test_it_is_said_whether_a_letter_goes_out(
    office: Office, mail: bool, contact: dict[str, str], sentence: str
) -> None:
    if mail:
        switch_mail_on(office)

    page = press(office.signed_in("Lea"), "appointments", **CALL | contact)

    assert said(page) == f"Der Termin ist gebucht. {sentence}"


def test_cancelling_and_moving_say_who_is_told(office: Office) -> None:
    switch_mail_on(office)
    by_phone(office, "10:00", email="erika@b.example")
    by_phone(office, "11:00", phone="0431 55")
    client = office.signed_in("Lea")

    before = client.get("/desk/appointments/2").text
    form = client.get("/desk/appointments/1/start").text
    moved = press(client, "appointments/1/start", start="2026-06-08T12:00:00+02:00")
    gone = press(client, "appointments/2/cancellation")

    assert "Bitte geben Sie selbst Bescheid, Telefon 0431 55." in " ".join(before.split())
    assert "Die neue Uhrzeit geht an" in " ".join(form.split())
    assert said(moved).startswith("Der Termin ist verschoben. Die Bestätigung geht an erika@b")
    assert said(gone) == (
        "Der Termin ist abgesagt. Es geht keine E-Mail hinaus. "
        "Bitte geben Sie selbst Bescheid, Telefon 0431 55."
    )


def test_what_was_said_is_not_said_of_what_has_changed_since(office: Office) -> None:
    client = office.signed_in("Lea")
    press(client, "appointments", **CALL)
    press(client, "appointments/1/cancellation")

    page = BeautifulSoup(client.get("/desk/appointments/1?said=booked").text, "html.parser")

    assert said(page) == ""


def test_an_opened_appointment_says_what_became_of_its_letter(office: Office) -> None:
    switch_mail_on(office)
    booked = by_phone(office, "10:00", email="erika@b.example")
    with office.store.transaction() as tx:
        letters.make(tx, "rathaus", booked.id, LetterKind.BOOKED, 1, office.clock())
    client = office.signed_in("Lea")

    waiting = " ".join(client.get("/desk/appointments/1").text.split())
    with office.store.transaction() as tx:
        letter = letters.of(tx, booked.id)[0]
        letters.end(tx, letter, LetterState.REFUSED, office.clock(), "recipient unknown 550")
    refused = " ".join(client.get("/desk/appointments/1").text.split())

    assert "Letzte E-Mail: Bestätigung, wartet seit 08.06., 08:00 Uhr." in waiting
    assert "<strong>nicht zugestellt.</strong> Diese Adresse gibt es nicht." in refused


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"email": "erika"}, "email", "Bitte prüfen Sie die E-Mail-Adresse"),
        ({"name": "x" * 201}, "name", "Höchstens 200 Zeichen."),
    ],
)
def test_a_refusal_leads_to_its_field(
    office: Office, change: dict[str, str], field: str, sentence: str
) -> None:
    answer = office.signed_in("Lea").post("/desk/appointments", data=CALL | change)

    link = BeautifulSoup(answer.text, "html.parser").select_one(".error-summary a")
    assert answer.status_code == 422 and link is not None
    assert link["href"] == f"#{field}" and sentence in link.get_text()
