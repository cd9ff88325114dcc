"""The front desk: numbers for people who ask, with precedence, and withdrawn again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from queue_server.domain.ticket import TicketState
from queue_server.qr import qr_svg
from tests.office import Office
from tests.pages.desk_forms import alert, draw, press, said, state_of

Visit = Callable[..., BeautifulSoup]


def parsed(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def test_a_number_is_issued_with_precedence_in_one_form(office: Office, visit: Visit) -> None:
    client = office.clerk("Lea")
    draw(office, "meldewesen")

    visit(client, "/desk/tickets/new")
    slip = press(client, "tickets", services=["meldewesen"], persons="3", reason="mobility")
    row = parsed(client.get("/desk")).select_one("[data-waiting] tbody tr")

    assert slip.select_one(".slip__number").get_text() == "M 002"
    assert "Niemand ist vorher dran." in slip.get_text()
    assert "Eingeschränkte Mobilität" in slip.get_text()
    assert row.th.get_text() == "M 002" and "(3 Personen)" in row.get_text()


def test_the_slip_of_a_number_carries_the_way_to_follow_it(office: Office) -> None:
    client = office.clerk("Lea")

    slip = press(client, "tickets", services=["meldewesen"], persons="1")

    with office.store.snapshot() as snapshot:
        token = snapshot.row("SELECT token FROM tickets")["token"]
    settings = office.app.extensions["aufruf"].settings
    assert qr_svg(f"{settings.public_url}/t/{token}").split("d=")[-1][:40] in str(slip)


def test_the_same_form_sent_twice_is_one_number(office: Office) -> None:
    client = office.clerk("Lea")
    form = {"services": ["meldewesen"], "persons": "1", "key": "the-form"}

    pages = [press(client, "tickets", **form) for _ in range(2)]

    assert {page.h1.get_text() for page in pages} == {"Nummer M 001"}


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"services": ["trauung"], "persons": "1"}, "nur mit Termin möglich"),
        ({"services": ["meldewesen"], "persons": "9"}, "Personen für dieses Anliegen"),
        ({"services": [""], "persons": "1"}, "Bitte prüfen Sie Ihre Angaben."),
        ({"services": ["nix"], "persons": "1"}, "wird hier nicht angeboten"),
        ({"services": ["meldewesen"], "persons": "zwei"}, "Bitte prüfen Sie Ihre Angaben."),
        ({"services": ["meldewesen"], "persons": "1", "language": "xx"}, "Bitte prüfen Sie"),
    ],
)
def test_a_number_that_may_not_be_issued_is_refused_in_the_form(
    office: Office, form: dict[str, object], sentence: str
) -> None:
    answer = office.clerk("Lea").post("/desk/tickets", data=form)

    page = parsed(answer)
    assert answer.status_code == 422
    assert sentence in page.select_one(".error-summary").get_text()
    assert page.title.get_text().startswith("Fehler: Nummer ausgeben")


def test_precedence_needs_a_reason_and_the_reason_is_seen_by_clerks_alone(
    office: Office, visit: Visit
) -> None:
    client = office.clerk("Aylin", "schalter-1")
    draw(office, "meldewesen")

    none = client.post("/desk/tickets/1/precedence", data={"reason": ""})
    wrong = client.post("/desk/tickets/1/precedence", data={"reason": "rich"})
    done = press(client, "tickets/1/precedence", reason="emergency")

    assert (none.status_code, wrong.status_code) == (422, 422)
    assert said(done) == "M 001 hat jetzt Vorrang."
    assert "Notfall" in visit(client, "/desk/tickets/1").get_text()
    board = office.visitor().get("/api/v1/sites/rathaus/board").text
    assert "emergency" not in board and "Notfall" not in board


def test_a_number_is_withdrawn(office: Office, visit: Visit) -> None:
    client = office.clerk("Aylin")
    draw(office, "meldewesen")

    page = visit(client, "/desk/tickets/1")
    done = press(client, "tickets/1/cancellation")
    again = client.post("/desk/tickets/1/cancellation")

    assert page.select_one("details form[action$=cancellation]") is not None
    assert said(done) == "M 001 ist zurückgezogen."
    assert state_of(office, 1) is TicketState.CANCELLED
    assert again.status_code == 409 and "abgemeldet" in alert(again)
    assert "Dieser Besuch ist beendet." in visit(client, "/desk/tickets/1").get_text()


def test_the_desk_survives_a_service_that_config_no_longer_has(
    office: Office, visit: Visit
) -> None:
    client = office.clerk("Aylin", "schalter-1")
    draw(office, "meldewesen")
    with office.store.transaction() as tx:
        tx.write("""UPDATE tickets SET services = '["gone"]', service = 'gone'""")
    office.clock.now += timedelta(minutes=1)

    page = visit(client, "/desk")

    assert "gone" in page.select_one("[data-waiting] tbody tr").get_text()
