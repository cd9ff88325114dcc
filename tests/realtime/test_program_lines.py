"""Programs at the socket: the token of the handshake opens what it opens in the API."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from queue_server.actions import tokens
from queue_server.serving_app import _refresh
from queue_server.store import api_tokens
from tests.office import Office
from tests.realtime.conftest import API, DRAW, Dial

WATCH = ("watch_queue", {"site": "rathaus"})
QUEUE_FOR = {"read": None, "clerk": None, "lead": None, "kiosk": "not_allowed"}


def bearer(office: Office, scope: str, site: str = "rathaus") -> dict[str, str]:
    secret = tokens.add(office.store, f"Programm {scope}", site, scope, now=office.clock())
    return {"Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize("scope", api_tokens.SCOPES)
def test_a_program_watches_the_queue_that_its_scope_may_see(
    office: Office, aylin: FlaskClient, dial: Dial, scope: str
) -> None:
    line = dial(office.visitor(), bearer(office, scope))

    assert line.ask(*WATCH).get("error") == QUEUE_FOR[scope]
    aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW)
    assert bool(line.heard("queue")) == (QUEUE_FOR[scope] is None)


def test_a_program_of_another_site_or_with_a_made_up_token_watches_nothing(
    office: Office, aylin: FlaskClient, dial: Dial
) -> None:
    elsewhere = dial(office.visitor(), bearer(office, "lead", site="nordend"))
    made_up = dial(office.visitor(), {"Authorization": "Bearer aufruf_nobody"})

    assert elsewhere.ask(*WATCH) == {"error": "not_allowed"}
    assert made_up.ask(*WATCH) == {"error": "not_signed_in"}
    aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW)
    assert elsewhere.heard() == made_up.heard() == []


def test_a_token_in_the_greeting_opens_what_it_opens_among_the_headers(
    office: Office, aylin: FlaskClient, dial: Dial
) -> None:
    headers = bearer(office, "read")
    _, _, token = headers["Authorization"].partition(" ")
    line = dial(office.visitor(), auth={"token": token})

    assert line.ask(*WATCH)["site"] == "rathaus"
    aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW)
    assert line.heard("queue")
    tokens.revoke(office.store, "Programm read", now=office.clock())
    assert line.ask(*WATCH) == {"error": "not_signed_in"}


@pytest.mark.parametrize("auth", [{}, {"token": 7}, {"token": "\ud800"}, {"token": "nobody's"}])
def test_a_greeting_without_a_token_of_ours_opens_nothing(
    office: Office, dial: Dial, auth: object
) -> None:
    line = dial(office.visitor(), auth=auth)

    assert line.ask(*WATCH) == {"error": "not_signed_in"}


def test_a_token_among_the_headers_counts_before_one_in_the_greeting(
    office: Office, dial: Dial
) -> None:
    line = dial(office.visitor(), bearer(office, "read"), auth={"token": "nobody's"})

    assert line.ask(*WATCH)["site"] == "rathaus"


def test_a_revoked_token_is_hung_up_on_by_the_housekeeper_and_no_other_line(
    office: Office, dial: Dial
) -> None:
    revoked = dial(office.visitor(), bearer(office, "read"))
    kept = dial(office.visitor(), bearer(office, "clerk"))
    assert "waiting" in revoked.ask(*WATCH) and "waiting" in kept.ask(*WATCH)

    tokens.revoke(office.store, "Programm read", now=office.clock())
    _refresh(office.app)

    assert (revoked.is_up(), kept.is_up()) == (False, True)
    assert kept.ask(*WATCH)["site"] == "rathaus"


def test_a_display_that_sends_its_token_reports_like_one_with_a_cookie(
    office: Office, dial: Dial
) -> None:
    wall = office.device("display", "wand")
    cookie = wall.get_cookie("aufruf_device")
    assert cookie is not None
    line = dial(office.visitor(), {"Authorization": f"Bearer {cookie.value}"})

    assert "at" in line.ask("report_display", {"sound": "running"})
