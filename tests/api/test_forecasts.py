"""The range in an answer is the one that the journal keeps, and nobody is pushed because of it."""

from __future__ import annotations

from flask.testing import FlaskClient

from queue_server.domain.events import Event, ForecastGiven
from queue_server.store import journal
from tests.api.endpoints import API, DRAW
from tests.office import Office


def given(office: Office) -> list[Event]:
    with office.store.snapshot() as snapshot:
        found = list(journal.events(snapshot, "rathaus"))
    return [event for event in found if isinstance(event, ForecastGiven)]


def test_the_answer_to_a_drawn_number_is_what_the_journal_keeps(
    office: Office, kiosk: FlaskClient, aylin: FlaskClient
) -> None:
    for _ in range(3):
        ticket = kiosk.post(f"{API}/sites/rathaus/tickets", json=DRAW).json

    kept = given(office)

    assert [str(event.ticket) for event in kept] == ["1", "2", "3"]
    told = kept[-1].data()
    assert {name: ticket[name] for name in told} == told


def test_the_same_request_twice_is_told_once(
    office: Office, kiosk: FlaskClient, aylin: FlaskClient
) -> None:
    for _ in range(2):
        kiosk.post(f"{API}/sites/rathaus/tickets", json=DRAW, headers={"Idempotency-Key": "einmal"})

    assert len(given(office)) == 1


def test_with_no_counter_open_nothing_is_told(office: Office, kiosk: FlaskClient) -> None:
    kiosk.post(f"{API}/sites/rathaus/tickets", json=DRAW)

    assert given(office) == []
