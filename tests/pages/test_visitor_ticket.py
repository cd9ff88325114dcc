"""The visitor's own ticket, in every state of its life."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.office import Office

Visit = Callable[..., BeautifulSoup]
COUNTER = "/api/v1/counters/schalter-1"


@pytest.fixture
def clerk(office: Office) -> FlaskClient:
    return office.clerk("Aylin", "schalter-1")


@pytest.fixture
def ticket(clerk: FlaskClient) -> dict[str, str]:
    return draw(clerk)


def draw(clerk: FlaskClient, *services: str) -> dict[str, str]:
    body = {"services": services or ["meldewesen"]}
    answer = clerk.post("/api/v1/sites/rathaus/tickets", json=body)
    assert answer.status_code == 201, answer.text
    drawn: dict[str, str] = answer.json
    return drawn


def act(clerk: FlaskClient, *verbs: str) -> None:
    for verb in verbs:
        assert clerk.post(f"{COUNTER}/{verb}", json={}).status_code in (200, 201), verb


def shown(page: BeautifulSoup) -> str:
    """The words of the one state that is not hidden."""
    [state] = page.select(".ticket__state:not([hidden])")
    for hidden in state.select("[hidden]"):
        hidden.decompose()
    return " ".join(state.get_text(" ", strip=True).split())


def events(office: Office) -> int:
    with office.store.snapshot() as snapshot:
        row = snapshot.row("SELECT COUNT(*) AS n FROM journal")
    assert row is not None
    count: int = row["n"]
    return count


def test_somebody_who_waits_sees_number_place_and_range(
    office: Office, visit: Visit, clerk: FlaskClient, ticket: dict[str, str]
) -> None:
    second = draw(clerk)
    third = draw(clerk)

    page = visit(office.visitor(), f"/t/{third['token']}")

    assert page.h1 is not None and page.h1.get_text() == "M 003"
    assert page.title is not None
    assert page.title.get_text().startswith("M 003: 2 Personen vor Ihnen")
    assert "2 Personen vor Ihnen" in shown(page) and "Minuten" in shown(page)
    assert "1 Person vor Ihnen" in shown(visit(office.visitor(), f"/t/{second['token']}"))
    first = shown(visit(office.visitor(), f"/t/{ticket['token']}"))
    assert "Sie sind als Nächstes dran" in first


def test_without_an_open_counter_it_says_so_instead_of_guessing(
    office: Office, visit: Visit
) -> None:
    ticket = draw(office.clerk("Lea"))

    page = visit(office.visitor(), f"/t/{ticket['token']}")

    assert "kein passender Schalter besetzt" in shown(page)


def test_a_call_names_the_counter_and_the_way(
    office: Office, visit: Visit, clerk: FlaskClient, ticket: dict[str, str]
) -> None:
    act(clerk, "calls")

    page = visit(office.visitor(), f"/t/{ticket['token']}")

    assert page.title is not None
    assert page.title.get_text().startswith("M 001: jetzt zu Schalter 1")
    assert shown(page) == ("Jetzt aufgerufen: bitte zu Schalter 1 vom Wartebereich aus links")


def test_a_second_call_is_more_urgent(
    office: Office, visit: Visit, clerk: FlaskClient, ticket: dict[str, str]
) -> None:
    act(clerk, "calls", "recall")

    assert "schon mehrmals" in shown(visit(office.visitor(), f"/t/{ticket['token']}"))


@pytest.mark.parametrize(
    ("verbs", "says"),
    [
        (("calls", "arrival"), "Sie sind dran"),
        (("calls", "arrival", "completion"), "Danke für Ihren Besuch"),
        (("calls", "parking"), "melden Sie sich bitte am Empfang"),
        (("calls", "recall", "no-show"), "Bitte melden Sie sich am Empfang"),
        (("calls", "release"), "Sie sind als Nächstes dran"),
    ],
)
def test_every_state_says_what_to_do_next(
    office: Office, visit: Visit, clerk: FlaskClient, ticket: dict[str, str],
    verbs: tuple[str, ...], says: str,
) -> None:  # fmt: skip
    act(clerk, *verbs)

    assert says in shown(visit(office.visitor(), f"/t/{ticket['token']}"))


def test_a_finished_ticket_opens_no_socket_and_does_not_reload(
    office: Office, visit: Visit, clerk: FlaskClient, ticket: dict[str, str]
) -> None:
    alive = visit(office.visitor(), f"/t/{ticket['token']}")
    act(clerk, "calls", "arrival", "completion")

    finished = visit(office.visitor(), f"/t/{ticket['token']}")

    assert alive.select("noscript meta[http-equiv=refresh]") != []
    assert finished.select("meta[http-equiv=refresh]") == []
    # It only forgets what the phone has kept.
    assert [each["src"] for each in finished.select("script")] == ["/static/booking/over.js"]


def test_an_appointment_shows_its_time(office: Office, visit: Visit, clerk: FlaskClient) -> None:
    booked = clerk.post(
        "/api/v1/sites/rathaus/appointments",
        json={"services": ["ausweise"], "start": "2026-06-08T08:15:00+02:00"},
    ).json
    arrived = clerk.post("/api/v1/sites/rathaus/check-ins", json={"code": booked["code"]}).json

    page = visit(office.visitor(), f"/t/{arrived['token']}")

    assert "08:15" in page.select(".facts")[0].get_text()


def test_someone_handed_on_learns_where_they_are_expected(
    office: Office, visit: Visit, clerk: FlaskClient, ticket: dict[str, str]
) -> None:
    act(clerk, "calls", "arrival")
    answer = clerk.post(f"{COUNTER}/transfer", json={"counter": "schalter-3"})
    assert answer.status_code == 200, answer.text

    page = visit(office.visitor(), f"/t/{ticket['token']}")

    assert "Sie werden an Schalter 3 erwartet" in shown(page)


def test_the_page_knows_the_counters_for_live_calls(
    office: Office, visit: Visit, ticket: dict[str, str]
) -> None:
    page = visit(office.visitor(), f"/t/{ticket['token']}")

    counters = json.loads(str(page.select("[data-counters]")[0]["data-counters"]))
    assert counters["schalter-3"] == ["Schalter 3", "vom Wartebereich aus rechts", "de"]


def test_giving_the_number_back_asks_once_more_and_twice_is_once(
    office: Office, visit: Visit, ticket: dict[str, str]
) -> None:
    visitor, before = office.visitor(), events(office)
    question = visit(visitor, f"/t/{ticket['token']}/return")
    [form] = question.select("form[method=post]")
    assert events(office) == before

    answers = [visitor.post(str(form["action"])) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert events(office) == before + 1
    assert "abgemeldet" in shown(visit(visitor, f"/t/{ticket['token']}"))


def test_a_number_in_service_can_not_be_given_back(
    office: Office, visit: Visit, clerk: FlaskClient, ticket: dict[str, str]
) -> None:
    act(clerk, "calls", "arrival")
    visitor = office.visitor()

    answer = visitor.post(f"/t/{ticket['token']}/return")
    page = BeautifulSoup(answer.text, "html.parser")

    assert answer.status_code == 409
    assert "nicht mehr zurückgeben" in page.select("[role=alert]")[0].get_text()
    assert page.title is not None and page.title.get_text().startswith("Fehler: M 001")
    assert "Sie sind dran" in shown(visit(visitor, f"/t/{ticket['token']}"))
    assert visitor.get(f"/t/{ticket['token']}/return").status_code == 302


def test_looking_changes_nothing(
    office: Office, visit: Visit, clerk: FlaskClient, ticket: dict[str, str]
) -> None:
    before = events(office)

    for path in ("", "/return"):
        visit(office.visitor(), f"/t/{ticket['token']}{path}")
        assert office.visitor().put(f"/t/{ticket['token']}{path}").status_code == 405
    assert office.visitor().post(f"/t/{ticket['token']}").status_code == 405
    assert events(office) == before


@pytest.mark.parametrize("path", ["", "/return"])
def test_an_unknown_token_is_a_friendly_page(office: Office, visit: Visit, path: str) -> None:
    page = visit(office.visitor(), f"/t/so-etwas-gibt-es-nicht{path}", 404)

    assert "Diese Wartenummer kennen wir nicht" in page.get_text()


def test_another_page_can_not_give_the_number_back(office: Office, ticket: dict[str, str]) -> None:
    answer = office.visitor().post(
        f"/t/{ticket['token']}/return", headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403


def test_one_token_shows_nothing_of_others(
    office: Office, visit: Visit, clerk: FlaskClient, ticket: dict[str, str]
) -> None:
    other = draw(clerk)

    page = visit(office.visitor(), f"/t/{other['token']}")

    assert ticket["token"] not in str(page) and "M 001" not in page.get_text()
