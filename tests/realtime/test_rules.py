"""The calling rule and its reasons, live: desks follow a decision, phones ask why not yet."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.office import Office
from tests.realtime.conftest import API, DRAW, Dial

BOOK = {"services": ["meldewesen"], "start": "2026-06-08T09:15:00+02:00"}


def drawn(clerk: FlaskClient) -> dict[str, str]:
    answer = clerk.post(f"{API}/sites/rathaus/tickets", json=DRAW)
    assert answer.status_code == 201, answer.text
    ticket: dict[str, str] = answer.json
    return ticket


def test_the_desks_see_the_new_order_as_soon_as_the_office_has_decided(
    office: Office, aylin: FlaskClient, dial: Dial
) -> None:
    lea, rules = office.signed_in("Lea"), f"{API}/sites/rathaus/rules"
    lea.put(rules, json={"rule": "strict"})
    booked = aylin.post(f"{API}/sites/rathaus/appointments", json=BOOK).json
    drawn(aylin)
    office.clock.pass_time(minutes=50)
    code = {"code": booked["code"]}
    assert aylin.post(f"{API}/sites/rathaus/check-ins", json=code).status_code == 201
    desk = dial(aylin)
    first = desk.ask("watch_queue", {"site": "rathaus"})
    desk.heard()

    lea.put(rules, json={"rule": "arrival"})

    newest = desk.heard("queue")[-1]
    assert [ticket["number"] for ticket in first["waiting"]] == ["M 002", "M 001"]
    assert [ticket["number"] for ticket in newest["waiting"]] == ["M 001", "M 002"]
    assert newest["version"] > first["version"]


def test_a_phone_asks_why_not_yet_and_is_answered_in_its_language(
    office: Office, aylin: FlaskClient, dial: Dial
) -> None:
    drawn(aylin)
    token = drawn(aylin)["token"]
    phone = dial(office.visitor())

    told = phone.ask("ask_why", {"token": token})

    assert told == {"why": {"code": "earlier", "text": "1 Person ist früher gekommen als Sie."}}
    assert phone.ask("watch_ticket", {"token": token})["why"] == told["why"]
    assert phone.ask("ask_why", {"token": token, "language": ["en"]}) == told


def test_whoever_is_called_gets_no_reason_why_not(
    office: Office, aylin: FlaskClient, dial: Dial
) -> None:
    token = drawn(aylin)["token"]
    aylin.post(f"{API}/counters/schalter-1/calls", json={})

    assert dial(office.visitor()).ask("ask_why", {"token": token}) == {"why": None}


def test_nobody_asks_for_somebody_else(office: Office, dial: Dial) -> None:
    phone = dial(office.visitor())

    assert phone.ask("ask_why", {"token": "guess"}) == {"error": "not_found"}
    assert phone.ask("ask_why", {}) == {"error": "bad_request"}
