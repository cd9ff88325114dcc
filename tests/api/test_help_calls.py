"""The silent call for help by program: from one's own counter, answered and ended by colleagues."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from queue_server.actions import tokens
from queue_server.domain.help_call import ENDS_AFTER
from tests.api.endpoints import API
from tests.api.problems import problem
from tests.office import Office

HELP = f"{API}/counters/schalter-1/help-call"
QUEUE = f"{API}/sites/rathaus/queue"


@pytest.fixture
def bernd(office: Office) -> FlaskClient:
    return office.signed_in("Bernd", "schalter-2")


def standing(client: FlaskClient) -> list[object]:
    queue = client.get(QUEUE).json
    assert queue is not None
    return queue.get("help", [])  # type: ignore[no-any-return]


def test_a_call_is_seen_answered_and_ended_as_at_the_desk(
    aylin: FlaskClient, bernd: FlaskClient
) -> None:
    called = aylin.post(HELP, json={}).json

    assert called == {
        "id": called["id"],
        "counter": "schalter-1",
        "name": "Schalter 1",
        "clerk": "Aylin",
        "at": "2026-06-08T08:00:00+02:00",
    }
    assert standing(bernd) == [called] and "Hilferuf: Schalter 1" in " ".join(
        bernd.get("/desk").text.split()
    ).replace("<strong>", "")

    answered = bernd.post(f"{HELP}/answer", json={}).json
    assert answered == {**called, "coming": "Bernd"} and standing(aylin) == [answered]
    # Whoever calls can't be the one who comes, and pressing again changes nothing.
    assert aylin.post(f"{HELP}/answer", json={}).json == aylin.post(HELP, json={}).json == answered

    assert bernd.delete(HELP).status_code == 204
    assert standing(aylin) == []


def test_nobody_calls_from_a_counter_that_is_not_their_own(
    office: Office, aylin: FlaskClient, bernd: FlaskClient
) -> None:
    problem(bernd.post(HELP, json={}), 409, "counter_closed")
    problem(office.signed_in("Lea").post(HELP, json={}), 409, "counter_closed")
    problem(aylin.post(f"{API}/counters/nirgends/help-call", json={}), 404, "not_found")

    assert standing(aylin) == []


def test_where_nobody_calls_nobody_can_come(
    office: Office, aylin: FlaskClient, bernd: FlaskClient
) -> None:
    assert bernd.post(f"{HELP}/answer", json={}).status_code == 204

    aylin.post(HELP, json={})
    office.clock.pass_time(minutes=ENDS_AFTER.total_seconds() / 60)
    assert bernd.post(f"{HELP}/answer", json={}).status_code == 204
    assert standing(aylin) == []


def test_a_button_under_the_table_is_a_program_of_its_own(office: Office) -> None:
    secret = tokens.add(office.store, "Taster 1", "rathaus", "clerk", now=office.clock())
    button, headers = office.visitor(), {"Authorization": f"Bearer {secret}"}
    problem(button.post(HELP, json={}, headers=headers), 409, "counter_closed")
    button.put(f"{API}/counters/schalter-1/session", json={}, headers=headers)

    answer = button.post(HELP, json={}, headers=headers)

    assert (answer.status_code, answer.json["counter"]) == (200, "schalter-1")
    for scope in ("read", "kiosk"):
        secret = tokens.add(office.store, f"Nur {scope}", "rathaus", scope, now=office.clock())
        other = {"Authorization": f"Bearer {secret}"}
        problem(office.visitor().delete(HELP, headers=other), 403, "not_allowed")
