"""A request to a route as somebody, and a watch over what it changes."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping

from werkzeug.test import TestResponse

from tests.access.filled_in import BODIES, FILES, FORM, FORMS, PLACES
from tests.access.people import EVERYBODY, People
from tests.office import PASSWORD

NOTHING: Mapping[str, str] = {}


class Watch:
    """Notices from outside whether anything was committed to the office's database."""

    def __init__(self, people: People) -> None:
        settings = people.office.app.extensions["aufruf"].settings
        self._line = sqlite3.connect(settings.database_path)

    def version(self) -> int:
        """Another number after every commit of somebody else."""
        (version,) = self._line.execute("PRAGMA data_version").fetchone()
        return int(version)

    def rathaus(self) -> list[tuple[object, ...]]:
        """Every row that belongs to Rathaus."""
        tables = self._line.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%site TEXT%'")
        names = [name for (name,) in tables.fetchall()]
        rows = (
            self._line.execute(f"SELECT * FROM {name} WHERE site = 'rathaus'") for name in names
        )
        return [row for found in rows for row in found]

    def close(self) -> None:
        self._line.close()


def ask(
    people: People,
    who: str,
    route: str,
    *,
    headers: Mapping[str, str] = NOTHING,
    form: Mapping[str, str] = NOTHING,
    **places: str,
) -> TestResponse:
    """The right request, as this person; `form` and `places` change fields and parts of the path.

    Everybody has an address of their own, and none is this machine.
    """
    method, _, path = route.partition(" ")
    client = people.office.app.test_client(use_cookies=False)
    answer = client.open(
        path_of(people, path, **places),
        method=method,
        headers={"Cookie": people.cookie(who), **headers},
        environ_overrides={"REMOTE_ADDR": f"192.0.2.{EVERYBODY.index(who) + 1}"},
        **_said(people, route, form),
    )
    answer.close()
    return answer


def _said(people: People, route: str, form: Mapping[str, str]) -> dict[str, Mapping[str, object]]:
    """Query, body or form, as the route wants it."""
    method, _, path = route.partition(" ")
    secret = secret_of(people, route)
    fields = {**FORM, **FORMS.get(route, {}), **form, **secret}
    if method == "GET":
        return {"query_string": fields if path.startswith("/office") else secret}
    if path.startswith("/api/"):
        return {"json": {**BODIES.get(route, {}), **secret}}
    return {"data": fields}


def path_of(people: People, route: str, **places: str) -> str:
    """The address, filled from the scene as far as no part is told."""
    booked = re.search(r"/(appointments|termin|bookings)/", route) is not None
    about = people.appointment if booked else people.ticket
    if route.endswith("/confirmation"):
        about = people.reservation
    known = {**PLACES, "id": about["id"], "token": about["token"]}
    if route.startswith("/display/"):
        known["id"] = "wand"
    known["filename"] = FILES.get(route.partition("<path")[0], "")
    known |= places
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: known[found[1]], route)


def secret_of(people: People, route: str) -> dict[str, str]:
    """What a route asks for besides who one is."""
    if route == "POST /login":
        return {"username": "Bernd", "password": PASSWORD}
    if route == "POST /devices/pair":
        return {"code": people.pairing_code()}
    if route.endswith("<token>/confirmation"):
        return {"key": people.reservation["key"]}
    if route.endswith("/check-ins"):
        return {"code": people.appointment["code"]}
    return {}
