"""What the holder of a ticket answers to a call, over the API and on the page."""

from __future__ import annotations

import pytest

from tests.office import Office

API = "/api/v1"
COUNTER = f"{API}/counters/schalter-1"


@pytest.fixture
def called(office: Office):
    """Somebody who is called, with one more who waits: the token, and the clerk."""
    clerk = office.clerk("Aylin", "schalter-1")
    body = {"services": ["meldewesen"]}
    first, _ = (clerk.post(f"{API}/sites/rathaus/tickets", json=body).json for _ in range(2))
    clerk.post(f"{COUNTER}/calls", json={})
    return first["token"], clerk


def test_i_am_coming_is_seen_at_the_desk(office: Office, called) -> None:
    token, clerk = called

    for _ in range(2):
        answer = office.visitor().post(f"{API}/tickets/{token}/coming", json={})
        assert answer.status_code == 200 and answer.json["coming"] is True

    assert clerk.get(f"{API}/sites/rathaus/queue").json["called"][0]["coming"] is True
    assert "kommt gleich" in clerk.get("/desk").text


def test_five_minutes_more_put_somebody_behind_the_next_once(office: Office, called) -> None:
    token, clerk = called
    path = f"{API}/tickets/{token}/postponement"

    first, second = (office.visitor().post(path, json={}) for _ in range(2))

    assert (
        first.status_code == 200 and first.json["state"] == "waiting" and first.json["place"] == 2
    )
    assert first.json["why"]["code"] == "postponed" and first.json["postponed"] is True
    assert second.status_code == 409 and second.json["code"] == "postponed_already"
    queue = clerk.get(f"{API}/sites/rathaus/queue").json["waiting"]
    assert [(each["number"], each["postponed"]) for each in queue] == [
        ("M 002", False), ("M 001", True),
    ]  # fmt: skip


def test_the_page_offers_both_and_says_when_it_is_too_late(office: Office, called) -> None:
    token, clerk = called
    visitor = office.visitor()

    assert visitor.post(f"/t/{token}/coming").status_code == 303
    assert visitor.post(f"/t/{token}/postponement").status_code == 303
    again = visitor.post(f"/t/{token}/postponement")
    assert again.status_code == 409 and "Das geht nur einmal" in again.text
    assert visitor.post(f"/t/{token}/coming").status_code == 409
