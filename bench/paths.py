"""What one request costs in statements, transactions and files of ours, whatever the machine.

The application runs in this process and answers as the server does: the forecast is shared, what
is pushed or recorded comes after the answer. Everything is warm. Counted is what the request's own
thread does, so that load on the machine changes nothing.
"""

from __future__ import annotations

import argparse
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bench.house import OFFICE, ROOT, SITE
from bench.table import Line, print_table
from queue_server.actions import desks, staff
from queue_server.app import create_app
from queue_server.settings import load_settings
from queue_server.store import identities
from queue_server.store.connecting import SqliteConnection
from queue_server.store.sqlite import SqliteEngine
from queue_server.store.transaction import Transaction
from queue_server.web.app_context import EXTENSION, AppContext
from queue_server.web.identity import SESSION_COOKIE

API, KIOSK, COUNTER, SERVICE = "/api/v1", "eingang", "schalter-1", "anliegen-a"
OURS = tuple(f"{ROOT / room}/" for room in ("queue_server", "kiosk"))
DRAW = "kiosk: draw a number"
MOST_TO_DRAW = {"statement": 12, "transaction": 1, "file": 35}
READS_AND_WRITES = (SqliteConnection.row, SqliteConnection.rows, SqliteConnection.write)
STATEMENTS = {method.__code__ for method in READS_AND_WRITES}
TRANSACTION = Transaction.__init__.__code__
# Under its decorator, which has a code of its own.
SNAPSHOT = SqliteEngine.snapshot.__wrapped__.__code__  # type: ignore[attr-defined]
# Before anything counts: templates, catalogues and the first forecast are there.
WARM_ROUNDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--list", action="store_true", help="name what each path touches")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aufruf-bench-") as folder:
        office = Office(Path(folder))
        for _ in range(WARM_ROUNDS):
            costs = dict(office.walk())
        office.close()
    print_table("Paths: what one request costs", [cost.line(what) for what, cost in costs.items()])
    for what, cost in costs.items() if options.list else ():
        print(f"\n{what}", *cost.statements, *sorted(cost.files), sep="\n  ")


@dataclass
class Cost:
    """What was met on the way. A snapshot reads one state of the database, a transaction writes."""

    statements: list[str] = field(default_factory=list)
    transactions: int = 0
    snapshots: int = 0
    files: set[str] = field(default_factory=set)

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Add what this thread does meanwhile."""
        sys.setprofile(self._note)
        try:
            yield
        finally:
            sys.setprofile(None)

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.statements + other.statements,
            self.transactions + other.transactions,
            self.snapshots + other.snapshots,
            self.files | other.files,
        )

    def line(self, what: str) -> Line:
        """As a row of the table; beside that of the draw stands what it may cost."""
        counts = self.counts()
        value = ", ".join(f"{n} {unit}{'s' * (n != 1)}" for unit, n in counts.items())
        if what != DRAW:
            return Line(what, value)
        is_met = all(counts[unit] <= most for unit, most in MOST_TO_DRAW.items())
        target = ", ".join(f"{unit}s ≤ {most}" for unit, most in MOST_TO_DRAW.items())
        return Line(what, value, target, is_met)

    def counts(self) -> dict[str, int]:
        return {
            "statement": len(self.statements),
            "transaction": self.transactions,
            "snapshot": self.snapshots,
            "file": len(self.files),
        }

    def _note(self, frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event != "call" or not code.co_filename.startswith(OURS):
            return
        self.files.add(code.co_filename.removeprefix(f"{ROOT}/"))
        if code in STATEMENTS:
            self.statements.append(" ".join(frame.f_locals["sql"].split()))
        self.transactions += code is TRANSACTION
        self.snapshots += code is SNAPSHOT and _begins(frame)


def _begins(frame: FrameType) -> bool:
    """A generator is also called to go on; then the reader that it has given is in its frame."""
    return "reader" not in frame.f_locals


class Office:
    """An office in this process: a paired kiosk, and a clerk whose counter is open."""

    def __init__(self, folder: Path) -> None:
        shutil.copy(OFFICE, folder / "config.toml")
        self._app = create_app(load_settings(folder / "config.toml", {}), background=True)
        house: AppContext = self._app.extensions[EXTENSION]
        house.forecasts.shared, house.told.wake = True, lambda: None
        self._house, self._site = house, house.settings.site(SITE)
        self._kiosk, self._clerk = self._paired(), self._signed_in()

    def close(self) -> None:
        self._house.store.close()

    def walk(self) -> Iterator[tuple[str, Cost]]:
        """Every path once, and what it costs."""
        form = {"services": SERVICE, "key": secrets.token_hex()}
        drawn, draw = self._post(self._kiosk, f"/kiosk/{KIOSK}/tickets", data=form)
        yield DRAW, draw
        yield "… with the page that follows", draw + self._page(drawn)
        _, call = self._post(self._clerk, f"{API}/counters/{COUNTER}/calls", json={})
        yield "desk: call the next person", call
        self._post(self._clerk, f"{API}/counters/{COUNTER}/completion", json={})
        visit = {"services": [SERVICE], "start": _quarter().isoformat(), "name": "Muster"}
        booked, book = self._post(self._clerk, f"{API}/sites/{SITE}/appointments", json=visit)
        yield "desk: book an appointment", book
        code = {"code": booked.get_json()["code"]}
        arrived, arrive = self._post(self._kiosk, f"/kiosk/{KIOSK}/check-ins", data=code)
        yield "kiosk: check in", arrive
        yield "… with the page that follows it", arrive + self._page(arrived)

    def _post(self, client: FlaskClient, path: str, **body: Any) -> tuple[TestResponse, Cost]:
        cost = Cost()
        with cost.counted():
            answer = client.post(path, **body)
        assert answer.status_code < 400, answer.text
        return answer, cost

    def _page(self, before: TestResponse) -> Cost:
        """Of the page that the kiosk is sent to."""
        cost = Cost()
        with cost.counted():
            answer = self._kiosk.get(before.location)
        assert answer.status_code == 200, answer.text
        return cost

    def _paired(self) -> FlaskClient:
        code = staff.expect_device(self._house.store, "kiosk", SITE, KIOSK, now=self._house.now())
        client = self._app.test_client()
        assert client.post("/devices/pair", json={"code": code}).status_code == 200
        return client

    def _signed_in(self) -> FlaskClient:
        store, now = self._house.store, self._house.now()
        staff.add_clerk(store, "clerk", SITE, "clerk", "-", now=now)
        with store.snapshot() as snapshot:
            clerk = identities.clerk_named(snapshot, "clerk")
        assert clerk is not None
        desks.open_counter(store, self._site, COUNTER, clerk, now=now)
        client = self._app.test_client()
        client.set_cookie(SESSION_COOKIE, staff.sign_in(store, clerk, now=now))
        return client


def _quarter() -> datetime:
    """The next full quarter of an hour, for which one may check in at once."""
    now = datetime.now(UTC)
    return now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0) + timedelta(
        minutes=15
    )


if __name__ == "__main__":
    main()
