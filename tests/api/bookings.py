"""What citizens' programs do: solve the sum, book, and open the link that only the e-mail tells."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from hashlib import sha256
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.store import appointments
from queue_server.web.limits import limits_for
from queue_server.web.throttle import Throttle
from tests.office import Office

API = "/api/v1"
START = "2026-06-08T10:00:00+02:00"
BOOKINGS = f"{API}/sites/rathaus/appointments"
LATER = "2026-06-08T11:00:00+02:00"
EMAIL = "erika@example.org"
WISH = {"services": ["meldewesen"], "start": START, "email": EMAIL}


def challenge(client: FlaskClient) -> dict[str, Any]:
    answer = client.get(f"{API}/challenge?site=rathaus")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def solution(asked: dict[str, Any]) -> dict[str, Any]:
    """The numbers are tried one after the other, as every ALTCHA client does it."""
    tried = (
        n
        for n in count()
        if sha256(f"{asked['salt']}{n}".encode()).hexdigest() == asked["challenge"]
    )
    parts = {name: asked[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return {**parts, "number": next(tried)}


def packed(answer: Any) -> str:
    return base64.b64encode(json.dumps(answer).encode()).decode()


def solved(client: FlaskClient) -> str:
    """A fresh proof of work."""
    return packed(solution(challenge(client)))


def book(
    client: FlaskClient, change: dict[str, Any] | None = None, address: str = "192.0.2.1"
) -> TestResponse:
    """Book as a citizen, with a fresh proof unless the change brings another."""
    wish = {"proof": solved(client), **WISH, **(change or {})}
    return client.post(BOOKINGS, json=wish, environ_overrides={"REMOTE_ADDR": address})


def asked(office: Office, **change: Any) -> dict[str, str]:
    """A booking that waits for its confirmation, and the key in its e-mail."""
    answer = book(office.visitor(), change)
    assert answer.status_code == 201, answer.text
    token: str = answer.json["token"]
    return {"appointment": token, "key": key_of(office, token)}


def key_of(office: Office, token: str) -> str:
    """What stands in the e-mail and nowhere else."""
    with office.store.snapshot() as snapshot:
        return appointments.by_token(snapshot, token).confirmation_key


def furnish(office: Office, **parts: Any) -> None:
    """Other rules or days at Rathaus, as if config.toml said so."""
    context = office.app.extensions["aufruf"]
    sites = (replace(context.settings.site("rathaus"), **parts), context.settings.site("nordend"))
    context.settings = replace(context.settings, sites=sites)
    context.throttle = Throttle(limits_for(sites), office.clock.seconds)


def book_by_rules(office: Office, **rules: Any) -> None:
    """Other rules of booking at Rathaus."""
    booking = office.app.extensions["aufruf"].settings.site("rathaus").booking
    furnish(office, booking=replace(booking, **rules))
