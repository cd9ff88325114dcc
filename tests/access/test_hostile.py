"""Whatever a client sends, no route answers with a fault: hostile values in every place of each.

What a route reads is learned by listening to its first requests, so a new field is attacked without
being named here. The same requests every time; AUFRUF_LONG=1 puts every value everywhere.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import Rule
from werkzeug.test import EnvironBuilder, run_wsgi_app

from queue_server.api.blueprint import ENDPOINTS, PREFIX
from queue_server.web.requests import PlainRequest
from tests.access.hostile import BODIES, HEADERS, JSON_VALUES, PATH_TEXTS, TEXTS
from tests.access.people import People
from tests.office import Office, make_office

LONG = bool(os.environ.get("AUFRUF_LONG"))
FIELD_TRIALS = len(TEXTS) if LONG else 3
# Whoever gets furthest is tried first, and then always.
REQUESTERS = ("lead", "clerk", "kiosk", "nobody")
REFUSED = {401, 403}
SAFE = {"HEAD", "OPTIONS"}
PLAUSIBLE = {
    "site": "rathaus", "counter": "schalter-1", "service": "meldewesen", "services": "meldewesen",
    "kiosk": "eingang", "letter": "M", "day": "2026-06-09", "persons": "1", "from": "2026-06-01",
    "to": "2026-06-07", "language": "de", "mode": "stopped", "reason": "Andrang", "rule": "strict",
    "start": "2026-06-08T10:00:00+02:00", "username": "Aylin", "by": "day", "outcome": "done",
    # Bernd, whom nobody needs afterwards.
    "clerk": "2",
}  # fmt: skip
asked_for: set[str] = set()
texts, json_values, bodies, headers = map(cycle, (TEXTS, JSON_VALUES, BODIES, HEADERS))
path_texts, times = cycle(PATH_TEXTS), cycle((1, 1, 1, 60))


class Listened(ImmutableMultiDict[str, str]):
    """A form or query that notes what the view looks for in it."""

    def __contains__(self, key: object) -> bool:
        asked_for.add(str(key))
        return super().__contains__(key)

    def get(self, key: Any, *more: Any, **named: Any) -> Any:
        asked_for.add(str(key))
        return super().get(key, *more, **named)

    def getlist(self, key: Any, *more: Any, **named: Any) -> list[Any]:
        asked_for.add(str(key))
        return super().getlist(key, *more, **named)


class ListenedRequest(PlainRequest):
    parameter_storage_class = Listened


@dataclass
class Trial:
    """One request, each of whose parts may be hostile."""

    method: str
    path: str
    environ: dict[str, str] = field(default_factory=dict)
    query: bytes = b""
    body: bytes = b""
    kind: str = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    office = make_office(tmp_path_factory.mktemp("hostile"))
    office.app.request_class = ListenedRequest
    # As in production: what fails while a failure is told becomes a plain 500.
    office.app.testing = False
    yield People(office)
    office.store.close()


def routes(office: Office) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in office.app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - SAFE)
    ]


@pytest.mark.timeout(900 if LONG else 120)
def test_no_value_of_any_client_is_a_fault(people: People) -> None:
    faults = [fault for route in routes(people.office) for fault in faults_of(people, *route)]

    assert faults == []


def faults_of(people: People, rule: Rule, method: str) -> Iterator[str]:
    """What the route answered with 5xx, as a request to repeat."""
    asked_for.clear()
    statuses = {
        who: status_of(people, who, trial_of(people, rule, method, set())) for who in REQUESTERS
    }
    guest = next((who for who in REQUESTERS if statuses[who] not in REFUSED), "nobody")
    for number, place in enumerate(places_of(rule)):
        requester = guest if number % 4 else "nobody"
        trial = trial_of(people, rule, method, {place})
        status = status_of(people, requester, trial)
        if status >= 500:
            yield f"{status} {requester}: {trial}"
    yield from (f"{status} {who}" for who, status in statuses.items() if status >= 500)


def places_of(rule: Rule) -> Iterator[str]:
    """Where something hostile stands, one request each; what a route reads is known by now."""
    for name in sorted({*asked_for, *json_fields(rule)}):
        yield from [name] * FIELD_TRIALS
    for name in sorted(rule.arguments):
        yield from [name] * len(PATH_TEXTS)
    yield from ["header", "body"] * FIELD_TRIALS


def trial_of(people: People, rule: Rule, method: str, wrong: set[str]) -> Trial:
    """A request that is right as far as known, and hostile in these places."""
    trial = Trial(method, path_of(people, rule, wrong))
    fields = fields_of(people, wrong)
    trial.query = fields if method == "GET" else b""
    if method != "GET":
        trial.kind, trial.body = body_of(rule, fields, wrong)
    if "header" in wrong:
        name, value = next(headers)
        trial.environ[name] = value
    return trial


def path_of(people: People, rule: Rule, wrong: set[str]) -> str:
    path = rule.rule
    for name in sorted(rule.arguments):
        value = next(path_texts) if name in wrong else known(people, rule, name).encode()
        converter = "int:" if "<int:" in path else "path:" if "<path:" in path else ""
        # As WSGI has it: bytes written as latin-1.
        path = path.replace(f"<{converter}{name}>", value.decode("latin-1"))
    return path


def known(people: People, rule: Rule, name: str) -> str:
    if name in ("id", "token") and "/appointments" in rule.rule or "/termin" in rule.rule:
        return str(people.appointment.get(name, "1"))
    if name in ("id", "token"):
        return str(people.ticket[name]) if "display" not in rule.rule else "wand"
    return PLAUSIBLE.get(name, "1")


def fields_of(people: People, wrong: set[str]) -> bytes:
    """Every field that this route was heard asking for, hostile where it should be."""
    pairs = []
    for name in sorted(asked_for):
        told = PLAUSIBLE.get(name, str(people.ticket["id"]) if name == "ticket" else "1")
        many = next(times) if name in wrong else 1
        values = [next(texts) if name in wrong else told.encode() for _ in range(many)]
        pairs += [(quote_from_bytes(name.encode()), quote_from_bytes(each)) for each in values]
    return "&".join(f"{name}={value}" for name, value in pairs).encode()


def json_fields(rule: Rule) -> list[str]:
    models = [each.body for each in ENDPOINTS if PREFIX + each.path == rule.rule and each.body]
    return [name for model in models for name in model.model_fields]


def body_of(rule: Rule, fields: bytes, wrong: set[str]) -> tuple[str, bytes]:
    if "body" in wrong:
        return next(bodies)
    names = json_fields(rule)
    if not names:
        return "application/x-www-form-urlencoded", fields
    right = {**PLAUSIBLE, "services": ["meldewesen"], "persons": 1, "missing": []}
    body = {name: right[name] for name in names if name in right}
    body |= {name: next(json_values) for name in names if name in wrong}
    return "application/json", json.dumps(body).encode()


def status_of(people: People, requester: str, trial: Trial) -> int:
    builder = EnvironBuilder(method=trial.method, path="/", data=trial.body)
    environ = builder.get_environ()
    environ["PATH_INFO"], environ["QUERY_STRING"] = trial.path, trial.query.decode("latin-1")
    environ["CONTENT_TYPE"] = trial.kind
    environ["HTTP_COOKIE"] = people.cookie(requester)
    environ.update(trial.environ)
    body, status, _ = run_wsgi_app(people.office.app, environ)
    list(body)
    if hasattr(body, "close"):
        body.close()
    return int(status.partition(" ")[0])


@pytest.mark.parametrize("start", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "x"])
@pytest.mark.parametrize("path", ["/kiosk/eingang/bookings", "/desk/appointments"])
def test_a_time_at_the_end_of_all_calendars_is_no_free_time(
    people: People, path: str, start: str
) -> None:
    form = f"services=meldewesen&persons=1&key=k&start={start.replace('+', '%2B')}"
    who = "kiosk" if "kiosk" in path else "clerk"

    assert status_of(people, who, Trial("POST", path, body=form.encode())) in (409, 422)


SOCKET_QUERIES = (
    "", "EIO=4", "EIO=\xff", "EIO=4&transport=\xff", "EIO=4&transport=polling&sid=%00",
    "EIO=4&transport=polling&j=" + "9" * 5000, "EIO=4&transport=polling&sid=" + "x" * 5000,
    "EIO=4&transport=websocket&sid=x", "&" * 2_000, "EIO=4&EIO=3&transport=polling",
    "EIO=4&transport=polling&j=-1", "EIO=4&transport=polling&j=\u0663",
)  # fmt: skip
UPGRADES = (
    {"HTTP_UPGRADE": "websocket", "HTTP_CONNECTION": "Upgrade"},
    {"HTTP_UPGRADE": "\xff", "HTTP_CONNECTION": "Upgrade"},
    {"HTTP_UPGRADE": "websocket", "HTTP_SEC_WEBSOCKET_KEY": "\xff" * 24},
    {"HTTP_ORIGIN": "\xff"}, {"HTTP_ORIGIN": "http://["}, {"HTTP_COOKIE": "\xff=\xff"},
    {"HTTP_ACCEPT_ENCODING": "\xff"}, {"HTTP_HOST": "["}, {},
)  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "DELETE", "NONSENSE"])
def test_no_handshake_of_any_client_is_a_fault(people: People, method: str) -> None:
    trials = [
        Trial(method, "/socket.io/", environ=upgrade, query=query.encode("utf-8")[:5100])
        for query in SOCKET_QUERIES
        for upgrade in UPGRADES
    ]

    faults = [trial for trial in trials if status_of(people, "clerk", trial) >= 500]

    assert faults == []
