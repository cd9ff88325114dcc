"""call_next straight on the store, against a bare loop of the very same statements.

One pass is recorded: every statement that the verb runs, with its values. The bare loop then runs
that list with sqlite3 alone on a copy of the same database, under the settings of the writing
connection: BEGIN IMMEDIATE … COMMIT and nothing else. Finishing the person frees the counter in
both and is never timed.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.table import Line, milliseconds, p50_p99, percentile, print_table
from queue_server.actions import arrivals, calling, desks, serving, staff
from queue_server.domain.site import Site
from queue_server.settings import load_settings
from queue_server.store import identities
from queue_server.store.connecting import for_writing
from queue_server.store.identities import Clerk
from queue_server.store.sqlite import SqliteConnection, SqliteEngine
from queue_server.store.transaction import Store

OFFICE = Path(__file__).parent / "office.toml"
FEW, MANY = 100, 10_000
CLERKS = 8
TURNS = 6
Statement = tuple[str, Any]
Clock = Callable[[], float]
WALL, PROCESSOR = time.perf_counter, time.thread_time


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=200, help="calls a run (default 200)")
    parser.add_argument("--folder", type=Path, help="where the database lies, for another disk")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aufruf-bench-", dir=options.folder) as folder:
        print_table("Store: call the next person, durable", list(measure(Path(folder), options)))


def measure(folder: Path, options: argparse.Namespace) -> Iterator[Line]:
    office = Office(folder / "start.db", waiting=options.calls + FEW)
    statements = office.record(folder / "recorded.db", options.calls)
    ours, bare = [], []
    # Taking turns: whatever else the machine does meets both alike.
    for turn in range(TURNS):
        ours += office.calls(folder / f"ours-{turn}.db", options.calls)
        bare += office.bare_calls(folder / f"bare-{turn}.db", statements)
    each = sum(len(call) for call, _ in statements) / len(statements)
    share = percentile(bare, 0.5) / percentile(ours, 0.5)
    yield Line(f"bare loop: {each:.0f} statements and a commit", rate(bare))
    yield Line("`call_next`", rate(ours))
    yield Line("ratio of the P50", f"{share:.2f}", "≥ 0.5", share >= 0.5)
    yield from _without_disk(office, options.calls, statements)
    yield _together(office, folder, options.calls)
    yield from _with_many(folder, options.calls, percentile(ours, 0.5))


def _without_disk(office: Office, calls: int, statements: list[Any]) -> Iterator[Line]:
    """In memory no disk hides what the verb costs beside its statements."""
    if not Path("/dev/shm").is_dir():
        return
    with tempfile.TemporaryDirectory(prefix="aufruf-bench-", dir="/dev/shm") as name:
        ours, bare = [], []
        for turn in range(TURNS):
            ours += office.calls(Path(name) / f"ours-{turn}.db", calls, PROCESSOR)
            bare += office.bare_calls(Path(name) / f"bare-{turn}.db", statements, PROCESSOR)
    share = percentile(bare, 0.5) / percentile(ours, 0.5)
    times = f"{milliseconds(percentile(bare, 0.5))} → {milliseconds(percentile(ours, 0.5))}"
    yield Line("the same on a memory disk, P50 of the processor time", f"{times}: {share:.2f}")


def rate(seconds: list[float]) -> str:
    return f"{len(seconds) / sum(seconds):.0f}/s, P50 / P99 {p50_p99(seconds)}"


def _together(office: Office, folder: Path, calls: int) -> Line:
    seconds, tickets = office.calls_together(folder / "together.db", calls)
    value = f"{len(tickets) / seconds:.0f}/s including finishing each person"
    once = len(set(tickets)) == len(tickets)
    return Line(f"{CLERKS} clerks in threads, everybody called once", value, "each once", once)


def _with_many(folder: Path, calls: int, few: float) -> Iterator[Line]:
    office = Office(folder / "many.db", waiting=MANY)
    many = percentile(office.calls(folder / "many-run.db", calls), 0.5)
    value = f"{milliseconds(few)} → {milliseconds(many)}: {many / few:.2f} ×"
    yield Line(f"{FEW} → {MANY:,} waiting, P50", value, "≤ 3 ×", many / few <= 3)


class Office:
    """A database with people waiting, to be copied for each run."""

    def __init__(self, path: Path, *, waiting: int) -> None:
        self.path = path
        settings = load_settings(OFFICE, {})
        self.site: Site = settings.sites[0]
        self.now = datetime.now(UTC) - timedelta(minutes=1)
        with self._store(path, durability="normal") as store:
            store.migrate()
            self.clerks = [self._hire(store, number) for number in range(1, CLERKS + 1)]
            for number in range(waiting):
                service = self.site.services[number % len(self.site.services)].id
                arrivals.draw_ticket(store, self.site, (service,), now=self.now)

    def calls(self, path: Path, calls: int, clock: Clock = WALL) -> list[float]:
        """Seconds of each call_next; finishing in between is not counted."""
        self._copy(path)
        taken = []
        with self._store(path) as store:
            for _ in range(calls):
                began = clock()
                called = self._call(store, 0)
                taken.append(clock() - began)
                assert called is not None
                self._finish(store, 0)
        return taken

    def record(self, path: Path, calls: int) -> list[tuple[list[Statement], list[Statement]]]:
        """The statements of each call and of the finishing after it."""
        self._copy(path)
        recorded = []
        with self._store(path) as store, recording() as log:
            for _ in range(calls):
                self._call(store, 0)
                call = log[:]
                log.clear()
                self._finish(store, 0)
                recorded.append((call, log[:]))
                log.clear()
        return recorded

    def bare_calls(
        self,
        path: Path,
        statements: list[tuple[list[Statement], list[Statement]]],
        clock: Clock = WALL,
    ) -> list[float]:
        """The recorded statements with sqlite3 and nothing else."""
        self._copy(path)
        taken = []
        with closing(for_writing(path, "full")) as raw:
            for call, finish in statements:
                began = clock()
                run(raw, call)
                taken.append(clock() - began)
                run(raw, finish)
        return taken

    def calls_together(self, path: Path, calls: int) -> tuple[float, list[int]]:
        """Seconds and the tickets called when every clerk calls as fast as they can."""
        self._copy(path)

        def work(clerk: int) -> list[int]:
            tickets = []
            for _ in range(calls // CLERKS):
                called = self._call(store, clerk)
                assert called is not None
                tickets.append(called.ticket.id)
                self._finish(store, clerk)
            return tickets

        with self._store(path) as store, ThreadPoolExecutor(CLERKS) as pool:
            began = time.perf_counter()
            tickets = [ticket for done in pool.map(work, range(CLERKS)) for ticket in done]
            return time.perf_counter() - began, tickets

    def _hire(self, store: Store, number: int) -> Clerk:
        staff.add_clerk(store, f"clerk-{number}", self.site.id, "clerk", "-", now=self.now)
        with store.snapshot() as snapshot:
            clerk = identities.clerk_named(snapshot, f"clerk-{number}")
        assert clerk is not None
        desks.open_counter(store, self.site, f"schalter-{number}", clerk, now=self.now)
        return clerk

    def _call(self, store: Store, clerk: int) -> calling.Called | None:
        counter, who = f"schalter-{clerk + 1}", self.clerks[clerk]
        return calling.call_next(store, self.site, counter, who, now=datetime.now(UTC))

    def _finish(self, store: Store, clerk: int) -> None:
        counter, who = f"schalter-{clerk + 1}", self.clerks[clerk]
        serving.finish(store, self.site, counter, who, now=datetime.now(UTC))

    def _copy(self, path: Path) -> None:
        shutil.copyfile(self.path, path)

    @contextmanager
    def _store(self, path: Path, durability: str = "full") -> Iterator[Store]:
        store = Store(SqliteEngine(path, durability=durability))
        try:
            yield store
        finally:
            store.close()


def run(raw: sqlite3.Connection, statements: list[Statement]) -> None:
    raw.execute("BEGIN IMMEDIATE")
    for sql, params in statements:
        raw.execute(sql, params).fetchall()
    raw.execute("COMMIT")


@contextmanager
def recording() -> Iterator[list[Statement]]:
    """Note every statement that goes through the store's connections meanwhile."""
    log: list[Statement] = []
    kept = {name: getattr(SqliteConnection, name) for name in ("rows", "row", "write")}

    def noting(name: str) -> Any:
        def note(self: SqliteConnection, sql: str, params: Any = None) -> Any:
            log.append((sql, dict(params or {})))
            return kept[name](self, sql, params or {})

        return note

    for name in kept:
        setattr(SqliteConnection, name, noting(name))
    try:
        yield log
    finally:
        for name, method in kept.items():
            setattr(SqliteConnection, name, method)


if __name__ == "__main__":
    main()
