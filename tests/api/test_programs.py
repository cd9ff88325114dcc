"""Programs: what each scope opens, and what it leaves shut."""

from __future__ import annotations

from datetime import datetime

import pytest

from queue_server.actions import tokens
from queue_server.store import api_tokens, journal
from tests.api.bookings import API
from tests.office import Office

QUEUE = f"{API}/sites/rathaus/queue"
DRAW = f"{API}/sites/rathaus/tickets"
OPEN = f"{API}/counters/schalter-2/session"
FIGURES = f"{API}/sites/rathaus/statistics"
SERVICES = {"services": ["meldewesen"]}
# Queue, a number, a counter, figures: as a stranger, and with each scope.
STATUSES = {
    "": (401, 401, 401, 401),
    "read": (200, 403, 403, 403),
    "kiosk": (403, 201, 403, 403),
    "clerk": (200, 201, 200, 403),
    "lead": (200, 201, 200, 200),
}


def bearer(office: Office, scope: str, site: str = "rathaus") -> dict[str, str]:
    if not scope:
        return {"Authorization": "Bearer aufruf_nobody"}
    secret = tokens.add(office.store, f"Programm {scope}", site, scope, now=office.clock())
    return {"Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize("scope", STATUSES)
def test_a_scope_opens_its_own_routes_and_no_others(office: Office, scope: str) -> None:
    program, headers = office.visitor(), bearer(office, scope)

    answers = (
        program.get(QUEUE, headers=headers),
        program.post(DRAW, json=SERVICES, headers=headers),
        program.put(OPEN, json={}, headers=headers),
        program.get(FIGURES, headers=headers),
    )

    assert tuple(each.status_code for each in answers) == STATUSES[scope]
    for answer in answers:
        if answer.status_code >= 400:
            code = "not_allowed" if answer.status_code == 403 else "not_signed_in"
            assert answer.json["code"] == code


@pytest.mark.parametrize("scope", api_tokens.SCOPES)
def test_another_site_and_the_pages_of_people_stay_shut(office: Office, scope: str) -> None:
    program, headers = office.visitor(), bearer(office, scope, site="nordend")

    assert program.get(QUEUE, headers=headers).status_code == 403
    assert program.post(DRAW, json=SERVICES, headers=headers).status_code == 403
    assert program.put(OPEN, json={}, headers=headers).status_code == 403
    for page in ("/desk", "/office"):
        assert program.get(page, headers=headers).status_code in (302, 303)


def test_a_program_calls_as_an_actor_of_its_own_until_it_is_revoked(office: Office) -> None:
    program, headers = office.visitor(), bearer(office, "clerk")
    program.put(OPEN, json={}, headers=headers)
    program.post(DRAW, json={"services": ["ausweise"]}, headers=headers)

    called = program.post(f"{API}/counters/schalter-2/calls", json={}, headers=headers)

    assert called.status_code == 200, called.text
    with office.store.snapshot() as snapshot:
        (token,) = api_tokens.of_site(snapshot)
        (event,) = journal.newest(snapshot, "rathaus", "TicketCalled", 9)
    assert token.clerk is not None and event.clerk == token.clerk.id
    tokens.revoke(office.store, token.name, now=office.clock())
    assert program.get(QUEUE, headers=headers).status_code == 401


def test_its_last_use_is_known_to_the_minute(office: Office) -> None:
    program, headers = office.visitor(), bearer(office, "read")
    first = office.clock()
    program.get(QUEUE, headers=headers)
    office.clock.pass_time(seconds=30)
    program.get(QUEUE, headers=headers)
    assert last_use(office) == first

    office.clock.pass_time(seconds=31)
    program.get(QUEUE, headers=headers)
    assert last_use(office) == office.clock()


def last_use(office: Office) -> datetime | None:
    with office.store.snapshot() as snapshot:
        return api_tokens.of_site(snapshot)[0].seen_at
