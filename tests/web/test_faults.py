"""Our own mistakes are said in one sentence, and nothing secret stands in a log or the journal."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from queue_server.store import journal
from tests.api.problems import problem
from tests.office import PASSWORD, Office

SECRETS = ("Erika", "Mustermann", "erika@example.org", "0170 1234567")


@pytest.fixture
def broken(office: Office) -> Iterator[Office]:
    """An office whose tickets have gone: every look at them is a fault."""
    with office.store.transaction() as tx:
        tx.write("ALTER TABLE tickets RENAME TO lost", {})
    yield office


def test_a_fault_is_a_sentence_and_not_a_trace(
    broken: Office, caplog: pytest.LogCaptureFixture
) -> None:
    answer = broken.visitor().get("/api/v1/sites/rathaus/board")

    problem(answer, 500, "fault")
    assert "sqlite" not in answer.text.lower() and "lost" not in answer.text
    assert "no such table" in caplog.text, "the log has the trace"


def test_a_fault_on_a_page_is_a_friendly_page(broken: Office) -> None:
    answer = broken.visitor().get("/t/any-token")

    assert answer.status_code == 500 and answer.mimetype == "text/html"
    assert "Der Fehler liegt bei uns" in answer.text and "Traceback" not in answer.text


@pytest.mark.parametrize(("role", "place"), [("kiosk", "eingang"), ("display", "wand")])
def test_after_a_fault_a_screen_that_nobody_attends_tries_again_by_itself(
    broken: Office, role: str, place: str
) -> None:
    answer = broken.device(role, place).get(f"/{role}/{place}")

    assert answer.status_code == 500
    assert 'http-equiv="refresh"' in answer.text and "Einen Moment, bitte" in answer.text
    assert 'href="/"' not in answer.text


def test_a_listener_that_fails_neither_undoes_nor_hides_what_was_done(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(events: object) -> None:
        raise RuntimeError("deaf")

    office.store.listen(fail)
    kiosk = office.kiosk()

    answer = kiosk.post("/api/v1/sites/rathaus/tickets", json={"services": ["kfz"]})

    assert answer.status_code == 201
    assert "a listener failed" in caplog.text


def test_not_ready_while_the_database_does_not_answer(office: Office) -> None:
    assert office.visitor().get("/readyz").status_code == 200
    with office.store.transaction() as tx:
        tx.write("ALTER TABLE journal RENAME TO lost", {})

    assert office.visitor().get("/readyz").status_code == 503
    assert office.visitor().get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "path", ["/<script>alert(1)</script>", "/t/<b>x", "/kiosk/<b>x", "/desk/%00"]
)
def test_an_unknown_address_is_never_echoed(office: Office, path: str) -> None:
    answer = office.visitor().get(path)

    assert answer.status_code in (302, 303, 404)
    assert "<script>alert" not in answer.text and "<b>x" not in answer.text


def test_programs_get_problems_and_browsers_get_pages(office: Office) -> None:
    client = office.visitor()

    problem(client.get("/nowhere", headers={"Accept": "application/json"}), 404, "not_found")
    page = client.get("/nowhere", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (page.status_code, page.mimetype) == (404, "text/html")


@pytest.mark.parametrize("path", ["/desk/nowhere", "/office/nowhere"])
def test_staff_who_lost_their_way_are_led_to_their_desk_in_german(
    office: Office, path: str
) -> None:
    page = office.clerk("Aylin").get(path, headers={"Accept-Language": "tr"})

    assert page.status_code == 404 and 'lang="de"' in page.text
    assert 'href="/desk">Zum Arbeitsplatz</a>' in page.text and "Türkçe" not in page.text


def test_nothing_secret_stands_in_a_log_or_the_journal(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        secrets = _a_journey(office)

    with office.store.snapshot() as snapshot:
        written = json.dumps([event.data() for event in journal.events(snapshot, "rathaus")])
    assert "kind" in written and len(secrets) == 9
    assert [secret for secret in secrets if secret in written] == []
    assert [secret for secret in secrets if secret in caplog.text] == []


def _a_journey(office: Office) -> list[str]:
    """Book, check in wrongly and rightly, be called, fail somewhere; returns all that is secret."""
    aylin, kiosk = office.clerk("Aylin", "schalter-1"), office.kiosk()
    name, surname, email, phone = SECRETS
    booking = {"name": f"{name} {surname}", "email": email, "phone": phone}
    booked = aylin.post(
        "/api/v1/sites/rathaus/appointments",
        json={"services": ["kfz"], "start": "2026-06-08T08:15:00+02:00", **booking},
    ).json
    check_ins = "/api/v1/sites/rathaus/check-ins"
    kiosk.post(check_ins, json={"code": "222-222-222"})
    ticket = kiosk.post(check_ins, json={"code": booked["code"]}).json
    aylin.post("/api/v1/counters/schalter-1/calls", json={})
    kiosk.get(f"/api/v1/tickets/{ticket['token']}")
    kiosk.post(f"/api/v1/tickets/{ticket['token']}", data=booked["code"])
    session = aylin.get_cookie("aufruf_session")
    with office.store.transaction() as tx:
        tx.write("ALTER TABLE tickets RENAME TO lost", {})
    assert kiosk.get(f"/api/v1/tickets/{ticket['token']}").status_code == 500
    assert session is not None
    return [*SECRETS, PASSWORD, session.value, booked["code"], booked["token"], ticket["token"]]
