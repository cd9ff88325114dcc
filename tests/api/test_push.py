"""Web push over the API: on by config only, for the holder only, to the open internet only."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from queue_server.push.keys import decoded
from tests.api.bookings import API
from tests.api.endpoints import DRAW
from tests.api.problems import problem, wrong_fields
from tests.office import Office, make_office
from tests.phone import Phone

URL = "https://push.example/abc"
WISH = Phone().subscription(URL)


@pytest.fixture
def ticket(kiosk: FlaskClient) -> dict[str, Any]:
    drawn: dict[str, Any] = kiosk.post(f"{API}/sites/rathaus/tickets", json=DRAW).json
    return drawn


def rows(office: Office) -> list[Any]:
    with office.store.snapshot() as snapshot:
        return snapshot.rows("SELECT * FROM push_subscriptions")


def test_while_it_is_off_nothing_of_it_is_there(tmp_path) -> None:
    office = make_office(tmp_path)
    token = office.kiosk().post(f"{API}/sites/rathaus/tickets", json=DRAW).json["token"]
    visitor = office.visitor()

    problem(visitor.get(f"{API}/push-key"), 404, "not_found")
    problem(visitor.put(f"{API}/tickets/{token}/push", json=WISH), 404, "not_found")
    problem(visitor.put(f"{API}/tickets/{token}/push", json={}), 404, "not_found")
    problem(visitor.delete(f"{API}/tickets/{token}/push"), 404, "not_found")
    page = visitor.get(f"/t/{token}").text
    assert "data-push" not in page and "Benachrichtigen" not in page
    assert rows(office) == []
    office.store.close()


def test_the_key_is_one_that_browsers_take_and_stays_the_same(office: Office) -> None:
    first = office.visitor().get(f"{API}/push-key").json

    assert first.keys() == {"key"} and len(decoded(first["key"])) == 65
    assert office.visitor().get(f"{API}/push-key").json == first


def test_the_page_has_the_button_and_the_key(office: Office, ticket: dict[str, Any]) -> None:
    page = office.visitor().get(f"/t/{ticket['token']}").text

    assert "Benachrichtigen, wenn ich aufgerufen werde" in page
    assert f'data-push="{office.visitor().get(f"{API}/push-key").json["key"]}"' in page


def test_the_holder_switches_it_on_in_a_language_and_off(
    office: Office, ticket: dict[str, Any]
) -> None:
    address, visitor = f"{API}/tickets/{ticket['token']}/push", office.visitor()

    assert visitor.put(address, json=WISH).status_code == 204
    assert visitor.put(address, json={**WISH, "language": "uk"}).status_code == 204
    [row] = rows(office)
    assert (row["endpoint"], row["language"]) == (URL, "uk")
    assert visitor.delete(address).status_code == 204
    assert rows(office) == []


def test_whose_visit_has_ended_is_refused(office: Office, ticket: dict[str, Any]) -> None:
    visitor = office.visitor()
    visitor.delete(f"{API}/tickets/{ticket['token']}")

    problem(visitor.put(f"{API}/tickets/{ticket['token']}/push", json=WISH), 409, "move_refused")
    assert rows(office) == []


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("endpoint", {**WISH, "endpoint": "http://127.0.0.1:6379/"}),
        ("endpoint", {**WISH, "endpoint": "https://169.254.169.254/latest"}),
        ("endpoint", {**WISH, "endpoint": ""}),
        ("endpoint", {**WISH, "endpoint": "https://a.example/" + "a" * 1000}),
        ("keys", {"endpoint": URL}),
        ("keys.auth", {**WISH, "keys": {**WISH["keys"], "auth": "AAAA"}}),
        ("keys.p256dh", {**WISH, "keys": {**WISH["keys"], "p256dh": "A" * 87}}),
        ("keys.p256dh", {**WISH, "keys": {**WISH["keys"], "p256dh": "!" * 100}}),
        ("keys.p256dh", {**WISH, "keys": {**WISH["keys"], "p256dh": "A" * 10_000}}),
        ("keys.p256dh", {**WISH, "keys": {**WISH["keys"], "p256dh": "a-_" * 32 + "!"}}),
        ("language", {**WISH, "language": "<b>"}),
        ("more", {**WISH, "more": 1}),
    ],
)
def test_a_wrong_subscription_names_its_field_and_nothing_is_kept(
    office: Office, ticket: dict[str, Any], field: str, wrong: dict[str, Any]
) -> None:
    answer = office.visitor().put(f"{API}/tickets/{ticket['token']}/push", json=wrong)

    assert field in wrong_fields(answer)
    assert rows(office) == []


def test_a_flood_of_subscriptions_ends_and_never_fills_the_database(
    office: Office, ticket: dict[str, Any]
) -> None:
    address, visitor = f"{API}/tickets/{ticket['token']}/push", office.visitor()
    answers = [
        visitor.put(address, json={**WISH, "endpoint": f"{URL}{place}"}).status_code
        for place in range(302)
    ]

    assert answers[:300] == [204] * 300 and answers[300:] == [429, 429]
    assert len(rows(office)) == 3
