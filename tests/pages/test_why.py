"""Why not me yet? The same true sentence on the phone, at the kiosk, at the desk and in the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.actions import rules
from queue_server.domain.site import PriorityRules
from queue_server.store import identities
from tests.office import Office
from tests.pages.booked_days import by_phone, rathaus

Visit = Callable[..., BeautifulSoup]
EARLIER = "1 Person ist früher gekommen als Sie."


@pytest.fixture
def aylin(office: Office) -> FlaskClient:
    return office.signed_in("Aylin", "schalter-1")


def draw(clerk: FlaskClient) -> dict[str, str]:
    answer = clerk.post("/api/v1/sites/rathaus/tickets", json={"services": ["meldewesen"]})
    assert answer.status_code == 201, answer.text
    drawn: dict[str, str] = answer.json
    return drawn


def said(page: BeautifulSoup, selector: str) -> str:
    found = page.select_one(selector)
    assert found is not None, selector
    return " ".join(found.get_text(" ", strip=True).split())


def decide(office: Office, **wanted: object) -> None:
    with office.store.snapshot() as snapshot:
        lea = identities.clerk_named(snapshot, "Lea")
    assert lea is not None
    decided = PriorityRules(**wanted)  # type: ignore[arg-type]
    rules.decide(office.store, rathaus(office), decided, lea, now=office.clock())


def test_phone_kiosk_desk_and_api_give_the_same_answer(
    office: Office, visit: Visit, aylin: FlaskClient
) -> None:
    draw(aylin)
    drawn = draw(aylin)

    phone = visit(office.visitor(), f"/t/{drawn['token']}")
    kiosk = visit(office.kiosk(), f"/kiosk/eingang/tickets/{drawn['token']}")
    desk = visit(aylin, f"/desk/tickets/{drawn['id']}")
    api = office.visitor().get(f"/api/v1/tickets/{drawn['token']}").json

    assert said(phone, "[data-why]") == EARLIER
    assert said(kiosk, ".ticket__reason") == EARLIER
    assert said(desk, ".answer__text") == EARLIER
    assert api["why"] == drawn["why"] == {"code": "earlier", "text": EARLIER}


def test_a_slip_before_the_kiosk_is_answered_with_the_reason(
    office: Office, aylin: FlaskClient
) -> None:
    draw(aylin)
    slip = f"https://rathaus.example/t/{draw(aylin)['token']}"

    answer = office.kiosk().post(
        "/kiosk/eingang/check-ins", data={"code": slip}, follow_redirects=True
    )

    page = BeautifulSoup(answer.text, "html.parser")
    assert "Sie haben schon eine Nummer: M 002" in said(page, ".notice")
    assert said(page, ".ticket__reason") == EARLIER


def test_a_code_that_is_checked_in_already_is_answered_with_the_reason(
    office: Office, aylin: FlaskClient
) -> None:
    booked = by_phone(office, "08:30")
    draw(aylin)
    office.clock.pass_time(minutes=10)
    kiosk, form = office.kiosk(), {"code": booked.code}
    kiosk.post("/kiosk/eingang/check-ins", data=form)
    office.clock.pass_time(minutes=5)

    answer = kiosk.post("/kiosk/eingang/check-ins", data=form, follow_redirects=True)

    page = BeautifulSoup(answer.text, "html.parser")
    assert "Sie sind schon angemeldet" in said(page, ".notice")
    assert said(page, ".ticket__place") == "Ihr Termin: 08:30 Uhr"
    assert not page.select(".ticket__reason"), "it would say the time once more"


def test_the_desk_answers_for_the_parked_too_and_says_nothing_about_the_finished(
    office: Office, visit: Visit, aylin: FlaskClient
) -> None:
    drawn = draw(aylin)
    for verb in ("calls", "parking"):
        aylin.post(f"/api/v1/counters/schalter-1/{verb}", json={})

    page = visit(aylin, f"/desk/tickets/{drawn['id']}")
    assert said(page, ".answer__text").startswith("Ihre Nummer ist zurückgestellt")

    aylin.post(f"/api/v1/tickets/{drawn['id']}/cancellation", json={})
    assert not visit(aylin, f"/desk/tickets/{drawn['id']}").select(".answer")


def test_a_decision_of_the_office_changes_the_answer_at_once(
    office: Office, visit: Visit, aylin: FlaskClient
) -> None:
    booked = by_phone(office, "08:45")
    office.clock.pass_time(minutes=20)
    token = draw(aylin)["token"]
    aylin.post("/api/v1/sites/rathaus/check-ins", json={"code": booked.code})

    def told() -> str:
        return said(visit(office.visitor(), f"/t/{token}"), "[data-why]")

    assert told().startswith("Sie sind als Nächstes dran")
    decide(office, rule="strict")
    assert told() == "Wer einen Termin hat, geht hier vor: zurzeit 1 Person."


def test_the_page_explains_the_rule_in_force_and_not_the_one_of_the_file(
    office: Office, visit: Visit, aylin: FlaskClient
) -> None:
    token = draw(aylin)["token"]
    decide(office, rule="arrival")

    phone = visit(office.visitor(), f"/t/{token}")
    kiosk = visit(office.kiosk(), f"/kiosk/eingang/tickets/{token}")

    assert "Aufgerufen wird in der Reihenfolge" in said(phone, "details")
    assert "kann vor Ihnen aufgerufen werden" not in said(kiosk, "main")
