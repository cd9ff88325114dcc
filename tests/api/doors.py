"""Every door of the API: how it is opened rightly, and who stands before it.

`{names}` in paths and bodies are filled from the scene that the door's `stage` sets.
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
class Door:
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


def at_counter(verb: str, stage: Stage, twice: int, body: Any = None) -> Door:
    return Door("POST", f"/counters/schalter-1/{verb}", "clerk", body or {}, stage, twice=twice)


def on_ticket(verb: str, stage: Stage, twice: int, body: Any = None) -> Door:
    return Door("POST", f"/tickets/{{id}}/{verb}", "clerk", body or {}, stage, twice=twice)


DOORS = (
    Door("GET", "/sites"),
    Door("GET", "/sites/rathaus"),
    Door("GET", "/sites/rathaus/outlook"),
    Door("GET", "/sites/rathaus/board"),
    Door("GET", "/sites/rathaus/slots", query="?services=meldewesen&days=2"),
    Door("GET", "/sites/rathaus/queue", "clerk"),
    Door("GET", "/sites/rathaus/stops", "clerk"),
    Door(
        "PUT", "/sites/rathaus/stops/{service}", "clerk", {"mode": "stopped", "reason": "Andrang"},
        numbered,
    ),
    Door(
        "POST", "/sites/rathaus/what-if", "lead", {"from": "2026-06-08", "to": "2026-06-08"}
    ),
    Door("GET", "/sites/rathaus/rules", "lead"),
    Door("PUT", "/sites/rathaus/rules", "lead", {"rule": "strict"}),
    Door("DELETE", "/sites/rathaus/rules", "lead"),
    Door("GET", "/sites/rathaus/statistics", "lead", query="?by=hour&to=2026-06-08"),
    Door("POST", "/sites/rathaus/tickets", "kiosk", DRAW, status=201, twice=201),
    Door("POST", "/sites/rathaus/check-ins", "kiosk", {"code": "{code}"}, due, status=201),
    Door("GET", "/challenge", query="?site=rathaus"),
    Door(
        "POST", "/sites/rathaus/appointments", "all", {**WISH, "proof": "{proof}"},
        challenged, status=201, twice=403,
    ),
    Door("GET", "/tickets/{token}", "holder", stage=waiting),
    Door("DELETE", "/tickets/{token}", "holder", stage=waiting),
    Door("POST", "/tickets/{token}/documents", "holder", MISSING, stage=waiting),
    Door("POST", "/tickets/{token}/coming", "holder", {}, stage=called),
    Door("POST", "/tickets/{token}/postponement", "holder", {}, stage=called, twice=409),
    Door("GET", "/push-key"),
    Door("PUT", "/tickets/{token}/push", "holder", PHONE, stage=waiting, status=204, twice=204),
    Door("DELETE", "/tickets/{token}/push", "holder", stage=waiting, status=204, twice=204),
    Door("GET", "/appointments/{appointment}", "holder", stage=booked),
    Door(
        "POST", "/appointments/{appointment}/confirmation", "holder", {"key": "{key}"}, reserved
    ),
    Door("PUT", "/appointments/{appointment}/start", "holder", {"start": START}, booked),
    Door("DELETE", "/appointments/{appointment}", "holder", stage=booked),
    Door("PUT", "/counters/schalter-1/session", "clerk", {}),
    Door("DELETE", "/counters/schalter-1/session", "clerk", status=204, twice=204),
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
    Door(
        "DELETE", "/counters/schalter-1/help-call", "clerk",
        stage=calling_for_help, status=204, twice=204,
    ),
    on_ticket("resumption", parked, 409),
    on_ticket("precedence", waiting, 200, {"reason": "mobility"}),
    on_ticket("cancellation", waiting, 409),
    Door("PUT", "/tickets/{id}/services", "clerk", {"services": ["ausweise"]}, waiting),
)  # fmt: skip
LOCKED = tuple(door for door in DOORS if door.who in ("clerk", "lead", "kiosk"))
WITH_BODY = tuple(door for door in DOORS if door.body is not None)
