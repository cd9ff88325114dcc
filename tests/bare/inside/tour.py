"""Every address that can be opened: taken from the installed program's own table of routes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from .browser import Browser

# One value for each name in a route. A page with a new name fails until it stands here.
VALUES = {
    "site": "rathaus",
    "kiosk": "eingang",
    "counter": "schalter-1",
    "service": "meldewesen",
    "letter": "M",
    "call": "1",
    "place": "0",
    "part": "tickets",
    "kind": "services",
    "format": "ods",
    "entry": "meldewesen",
    "clerk": "1",
    "guide": "clerk",
}
# What an address is asked with, where it must be asked something.
QUERIES = {
    "/api/v1/sites/<site>/slots": "?services=meldewesen",
    "/office/days/preview": "?day={day}",
}
# For developers: there is no such page in service. A call is spoken to its own wall, and this
# browser is the kiosk. The example office has no crest, no information pages, and no push.
CLOSED = {
    "/patterns": 404,
    "/display/<id>/calls/<int:call>.wav": 403,
    "/display/<id>/pictures/<int:place>": 404,
    "/theme/<site>/crest": 404,
    "/api/v1/push-key": 404,
}
LINKED = re.compile(rb'(?:src|href)="(/static/[^"?#]+)')


@dataclass(frozen=True)
class Known:
    """What the visit before the tour left behind: tokens, ids, and a day that was decided."""

    ticket: str
    ticket_id: str
    appointment: str
    appointment_id: str
    day: str


def faults(browser: Browser, routes: list[tuple[str, str]], known: Known) -> list[str]:
    """Every address that did not open, as sentences."""
    found: list[str] = []
    files: set[str] = set()
    for rule, folder in routes:
        for path in _paths(rule, folder, known):
            answer = browser.get(path)
            if answer.status != CLOSED.get(rule, 200):
                found.append(f"GET {path} answered {answer.status}: {answer.text[:200]}")
            files |= {name.decode() for name in LINKED.findall(answer.body)}
    return found + [f"a page needs {path}" for path in files if browser.get(path).status != 200]


def routes_of(config: Path) -> list[tuple[str, str]]:
    """Every route that can be opened, with the folder of files behind it or ""."""
    from queue_server.app import create_app
    from queue_server.settings import load_settings

    scratch = {"AUFRUF_SERVER_DATA_DIR": str(config.parent / "scratch")}
    app = create_app(load_settings(config, scratch))
    folders = {"static": app.static_folder} | {
        f"{name}.static": room.static_folder for name, room in app.blueprints.items()
    }
    return [
        (rule.rule, str(folders.get(rule.endpoint) or ""))
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
    ]


def _paths(rule: str, folder: str, known: Known) -> Iterator[str]:
    """The address, or those of all files that the installed package holds there."""
    if "<path:filename>" in rule:
        files = [file for file in Path(folder).rglob("*") if file.is_file()]
        assert files, f"{rule}: the installed package has no files in {folder}"
        for file in files:
            yield rule.replace("<path:filename>", quote(str(file.relative_to(folder))))
    else:
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda name: _value(rule, name[1], known), rule)
        yield path + QUERIES.get(rule, "").format(day=known.day)


def _value(rule: str, name: str, known: Known) -> str:
    is_booked = re.search(r"/(appointments|termin|bookings)/<", rule)
    if name == "token":
        return known.appointment if is_booked else known.ticket
    if name == "id" and rule.startswith("/display"):
        return "wartebereich"
    if name == "id":
        return known.appointment_id if is_booked else known.ticket_id
    values = VALUES | {"day": known.day}
    assert name in values, f"{rule}: the tour of all pages has no value for <{name}> yet"
    return values[name]
