"""The own ticket and every refusal, in the language of whoever reads them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.office import Office
from tests.pages.english import ENGLISH, GERMAN_WORDS, draw, german_left, ours, words

Visit = Callable[..., BeautifulSoup]


@pytest.fixture
def english(office: Office) -> FlaskClient:
    """Somebody whose browser prefers English."""
    client = office.visitor()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = ENGLISH["Accept-Language"]
    return client


@pytest.mark.parametrize(
    ("verbs", "says"),
    [
        ((), "You are next"),
        (("calls",), "Your turn: please go to Schalter 1 to the left of the waiting area"),
        (("calls", "recall"), "You have been called more than once"),
        (("calls", "arrival"), "It is your turn"),
        (("calls", "arrival", "completion"), "Thank you for your visit"),
        (("calls", "parking"), "Your number is on hold"),
        (("calls", "recall", "no-show"), "Reception will put you back in the queue"),
    ],
)
def test_every_state_of_a_ticket_is_complete_in_english(
    office: Office, visit: Visit, verbs: tuple[str, ...], says: str
) -> None:
    clerk, ticket = office.signed_in("Aylin", "schalter-1"), draw(office)
    for verb in verbs:
        assert clerk.post(f"/api/v1/counters/schalter-1/{verb}", json={}).status_code in (200, 201)

    page = visit(office.visitor(), f"/t/{ticket['token']}?lang=en", language="en")

    assert says in words(page, ".ticket__state:not([hidden])")
    assert german_left(page) == []


def test_a_counter_is_called_as_the_sign_above_it_says(office: Office, visit: Visit) -> None:
    ticket = draw(office)

    page = visit(office.visitor(), f"/t/{ticket['token']}?lang=en", language="en")

    assert {each.get("lang") for each in page.select("[data-counter], [data-bound-name]")} == {"de"}


def test_whoever_came_in_english_reads_it_again_in_english(office: Office, visit: Visit) -> None:
    ticket = draw(office, language="en")

    page = visit(office.visitor(), f"/t/{ticket['token']}", language="en")

    assert f"/t/{ticket['token']}/return?lang=en" in list(ours(page))
    visit(office.visitor(), f"/t/{ticket['token']}?lang=de")


def test_a_number_from_the_german_kiosk_speaks_as_the_phone_does(
    office: Office, english: FlaskClient, visit: Visit
) -> None:
    ticket = draw(office)

    visit(english, f"/t/{ticket['token']}", language="en")
    visit(office.visitor(), f"/t/{ticket['token']}")


def test_giving_a_number_back_stays_in_the_language(office: Office) -> None:
    visitor, path = office.visitor(), f"/t/{draw(office)['token']}"

    answer = visitor.post(f"{path}/return?lang=en")

    assert (answer.status_code, answer.location) == (303, f"{path}?lang=en")


def test_a_refused_return_is_told_in_english(office: Office) -> None:
    clerk, path = office.signed_in("Aylin", "schalter-1"), f"/t/{draw(office)['token']}"
    for verb in ("calls", "arrival"):
        clerk.post(f"/api/v1/counters/schalter-1/{verb}", json={})

    answer = office.visitor().post(f"{path}/return?lang=en")

    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 409 and german_left(page) == []
    assert page.title is not None and page.title.get_text().startswith("Error: M 001")
    assert page.select(".languages a[lang=de]"), "the language can still be changed"


@pytest.mark.parametrize("path", ["/t/cut-short", "/no-such-page", "/?site=atlantis"])
def test_a_lost_visitor_is_told_in_the_language_of_the_browser(
    english: FlaskClient, visit: Visit, path: str
) -> None:
    page = visit(english, path, 404, language="en")

    assert german_left(page) == []


def test_a_fault_is_told_in_the_language_of_the_page(office: Office) -> None:
    with office.store.transaction() as tx:
        tx.write("ALTER TABLE tickets RENAME TO lost", {})

    answer = office.visitor().get("/?lang=en")

    assert answer.status_code == 500
    assert "The fault is ours, not yours" in answer.text and '<html lang="en"' in answer.text


def test_programs_are_answered_in_german_unless_they_ask_for_another_language(
    office: Office,
) -> None:
    path = "/api/v1/sites/rathaus/free-slots"

    silent = office.visitor().get("/api/v1/tickets/unknown").json
    asking = office.visitor().get("/api/v1/tickets/unknown", headers=ENGLISH).json
    wrong = office.visitor().get(f"{path}?services=nothing", headers=ENGLISH).json

    assert (silent["title"], asking["title"]) == ("Nicht gefunden", "Not found")
    assert asking["detail"] == "There is no such thing here."
    assert wrong["code"] in ("unknown_service", "not_found")
    assert not GERMAN_WORDS.search(wrong["title"] + wrong["detail"])


def test_wrong_fields_are_named_in_the_language_asked_for(office: Office) -> None:
    body = {"services": ["meldewesen"], "persons": 0}

    answer = office.signed_in("Lea").post(
        "/api/v1/sites/rathaus/tickets", json=body, headers=ENGLISH
    )

    assert answer.status_code == 422
    assert [each["detail"] for each in answer.json["errors"]] == ["At least 1."]


@pytest.mark.parametrize("path", ["/login", "/devices/pair", "/desk", "/display/wand"])
def test_the_rooms_of_the_staff_always_speak_german(english: FlaskClient, path: str) -> None:
    answer = english.get(f"{path}?lang=en", follow_redirects=True)

    assert '<html lang="de"' in answer.text
