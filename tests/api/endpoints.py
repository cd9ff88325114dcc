"""Every endpoint of the API: a request that works, and who may make it.

`{names}` in paths and bodies are filled from the scene that the endpoint's `stage` sets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.api.bookings import API, START, WISH, asked, solved
from tests.office import Office
from tests.phone import Phone

DRAW = {"services": ["meldewesen"]}
MISSING = {"missing": ["Wohnungsgeberbestätigung"]}
PHONE = Phone().subscription("https://push.example/abc")
BOOK = {"services": ["meldewesen"], "start": START, "name": "Erika Mustermann"}

Scene = dict[str, str]
Stage = Callable[[Office, FlaskClient], Scene]


def empty(office: Office, aylin: FlaskClient) -> Scene:
    """Aylin's counter is open, nobody is there."""
    return {}


def numbered(office: Office, aylin: FlaskClient) -> Scene:
    """A service that gives out numbers."""
    return {"service": "kfz"}


def waiting(office: Office, aylin: FlaskClient) -> Scene:
    drawn = aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW)
    assert drawn.status_code == 201, drawn.text
    return {"id": drawn.json["id"], "token": drawn.json["token"]}


def called(office: Office, aylin: FlaskClient) -> Scene:
    scene = waiting(office, aylin)
    assert aylin.post(f"{API}/counters/schalter-1/calls", json={}).status_code == 200
    return scene


def serving(office: Office, aylin: FlaskClient) -> Scene:
    scene = called(office, aylin)
    assert aylin.post(f"{API}/counters/schalter-1/arrival", json={}).status_code == 200
    return scene


def parked(office: Office, aylin: FlaskClient) -> Scene:
    scene = called(office, aylin)
    assert aylin.post(f"{API}/counters/schalter-1/parking", json={}).status_code == 200
    return scene


def calling_for_help(office: Office, aylin: FlaskClient) -> Scene:
    assert aylin.post(f"{API}/counters/schalter-1/help-call", json={}).status_code == 200
    return {}


def booked(office: Office, aylin: FlaskClient) -> Scene:
    answer = aylin.post(f"{API}/sites/rathaus/appointments", json=BOOK)
    assert answer.status_code == 201, answer.text
    return {"appointment": answer.json["token"], "code": answer.json["code"]}


def due(office: Office, aylin: FlaskClient) -> Scene:
    """Booked for ten, and it is a quarter to ten."""
    scene = booked(office, aylin)
    office.clock.pass_time(minutes=105)
    return scene


def challenged(office: Office, aylin: FlaskClient) -> Scene:
    """A citizen's browser has done its sum."""
    return {"proof": solved(office.visitor())}


def reserved(office: Office, aylin: FlaskClient) -> Scene:
    """Booked by a citizen, who has the e-mail and has not opened its link."""
    return asked(office)


@dataclass(frozen=True)
class Endpoint:
    """`status` when it works, `twice` for the same request once more."""

    method: str
    path: str
    who: str = "all"
    body: Any = None
    stage: Stage = empty
    status: int = 200
    twice: int = 200
    query: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def ask(self, client: FlaskClient, scene: Scene, **changed: Any) -> TestResponse:
        """The right request, as far as nothing is `changed`."""
        options: dict[str, Any] = {"method": self.method}
        if self.body is not None and not {"data", "json"} & changed.keys():
            options["json"] = filled(self.body, scene)
        path = self.path.format_map(scene) + self.query
        return client.open(API + path, **{**options, **changed})


def filled(body: Any, scene: Scene) -> Any:
    if isinstance(body, dict):
        return {key: filled(value, scene) for key, value in body.items()}
    return body.format_map(scene) if isinstance(body, str) else body


def at_counter(verb: str, stage: Stage, twice: int, body: Any = None) -> Endpoint:
    return Endpoint("POST", f"/counters/schalter-1/{verb}", "clerk", body or {}, stage, twice=twice)


def on_ticket(verb: str, stage: Stage, twice: int, body: Any = None) -> Endpoint:
    return Endpoint("POST", f"/tickets/{{id}}/{verb}", "clerk", body or {}, stage, twice=twice)


ENDPOINTS = (
    Endpoint("GET", "/sites"),
    Endpoint("GET", "/sites/rathaus"),
    Endpoint("GET", "/sites/rathaus/outlook"),
    Endpoint("GET", "/sites/rathaus/board"),
    Endpoint("GET", "/sites/rathaus/slots", query="?services=meldewesen&days=2"),
    Endpoint("GET", "/sites/rathaus/queue", "clerk"),
    Endpoint("GET", "/sites/rathaus/stops", "clerk"),
    Endpoint(
        "PUT", "/sites/rathaus/stops/{service}", "clerk", {"mode": "stopped", "reason": "Andrang"},
        numbered,
    ),
    Endpoint(
        "POST", "/sites/rathaus/what-if", "lead", {"from": "2026-06-08", "to": "2026-06-08"}
    ),
    Endpoint("GET", "/sites/rathaus/rules", "lead"),
    Endpoint("PUT", "/sites/rathaus/rules", "lead", {"rule": "strict"}),
    Endpoint("DELETE", "/sites/rathaus/rules", "lead"),
    Endpoint("GET", "/sites/rathaus/statistics", "lead", query="?by=hour&to=2026-06-08"),
    Endpoint("POST", "/sites/rathaus/tickets", "kiosk", DRAW, status=201, twice=201),
    Endpoint("POST", "/sites/rathaus/check-ins", "kiosk", {"code": "{code}"}, due, status=201),
    Endpoint("GET", "/challenge", query="?site=rathaus"),
    Endpoint(
        "POST", "/sites/rathaus/appointments", "all", {**WISH, "proof": "{proof}"},
        challenged, status=201, twice=403,
    ),
    Endpoint("GET", "/tickets/{token}", "holder", stage=waiting),
    Endpoint("DELETE", "/tickets/{token}", "holder", stage=waiting),
    Endpoint("POST", "/tickets/{token}/documents", "holder", MISSING, stage=waiting),
    Endpoint("POST", "/tickets/{token}/coming", "holder", {}, stage=called),
    Endpoint("POST", "/tickets/{token}/postponement", "holder", {}, stage=called, twice=409),
    Endpoint("GET", "/push-key"),
    Endpoint("PUT", "/tickets/{token}/push", "holder", PHONE, stage=waiting, status=204, twice=204),
    Endpoint("DELETE", "/tickets/{token}/push", "holder", stage=waiting, status=204, twice=204),
    Endpoint("GET", "/appointments/{appointment}", "holder", stage=booked),
    Endpoint(
        "POST", "/appointments/{appointment}/confirmation", "holder", {"key": "{key}"}, reserved
    ),
    Endpoint("PUT", "/appointments/{appointment}/start", "holder", {"start": START}, booked),
    Endpoint("DELETE", "/appointments/{appointment}", "holder", stage=booked),
    Endpoint("PUT", "/counters/schalter-1/session", "clerk", {}),
    Endpoint("DELETE", "/counters/schalter-1/session", "clerk", status=204, twice=204),
    at_counter("calls", waiting, 409),
    at_counter("calls", waiting, 409, {"ticket": "{id}"}),
    at_counter("recall", called, 200),
    at_counter("arrival", called, 409),
    at_counter("completion", serving, 409),
    at_counter("no-show", called, 409),
    at_counter("parking", called, 409),
    at_counter("release", called, 409),
    at_counter("transfer", called, 409, {"services": ["ausweise"]}),
    at_counter("help-call", empty, 200),
    at_counter("help-call/answer", calling_for_help, 200),
    Endpoint(
        "DELETE", "/counters/schalter-1/help-call", "clerk",
        stage=calling_for_help, status=204, twice=204,
    ),
    on_ticket("resumption", parked, 409),
    on_ticket("precedence", waiting, 200, {"reason": "mobility"}),
    on_ticket("cancellation", waiting, 409),
    Endpoint("PUT", "/tickets/{id}/services", "clerk", {"services": ["ausweise"]}, waiting),
)  # fmt: skip
LOCKED = tuple(endpoint for endpoint in ENDPOINTS if endpoint.who in ("clerk", "lead", "kiosk"))
WITH_BODY = tuple(endpoint for endpoint in ENDPOINTS if endpoint.body is not None)
