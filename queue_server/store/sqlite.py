"""SQLite behind the store: one writing connection, group commit, a few reading connections.

Statements run in the calling thread, which takes microseconds; only COMMIT waits for the disk,
and it does so through `offload`, so that a socket hub goes on meanwhile. Verbs that wait for
their turn share one commit: each has its own savepoint, the last in line commits for all, and no
answer leaves before that. A single writing and checkpointing connection also keeps clear of
SQLite's WAL-reset fault (fixed in 3.51.3).
"""

from __future__ import annotations

import fcntl
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlite_utils

from queue_server.domain.events import Event
from queue_server.store.database import NO_PARAMS, Params, Row
from queue_server.store.migrations import migrations

BUSY_SECONDS = 5.0
BUSY_PAUSE_SECONDS = 0.002
MOST_VERBS_PER_COMMIT = 64
ORPHAN_SECONDS = 0.25
CHECKPOINT_BYTES = 4 * 1024 * 1024
Offload = Callable[[Callable[[], Any]], Any]
Committed = Callable[[Sequence[Event]], None]


def run_here(work: Callable[[], Any]) -> Any:
    """The offload of programs without a hub: just do it."""
    return work()


class SqliteConnection:
    """Rows by name on one sqlite3 connection."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        raw.row_factory = sqlite3.Row
        self.raw = raw

    def rows(self, sql: str, params: Params = NO_PARAMS) -> list[Row]:
        return self.raw.execute(sql, params).fetchall()

    def row(self, sql: str, params: Params = NO_PARAMS) -> Row | None:
        rows = self.raw.execute(sql, params).fetchall()
        return rows[0] if rows else None

    def write(self, sql: str, params: Params = NO_PARAMS) -> int:
        """Run a change and return how many rows it met; look at that number."""
        return self.raw.execute(sql, params).rowcount


class Verb(SqliteConnection):
    """One verb's view of the writing connection, with the events it recorded."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self.raw = raw
        self.events: list[Event] = []


class Batch:
    """Verbs that share a commit."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.verbs = 0
        self.committer: int | None = None
        self.done = threading.Event()
        self.error: Exception | None = None


class SqliteEngine:
    """Implements `store.database.Engine` on one file."""

    def __init__(
        self, path: Path, *, durability: str = "full", offload: Offload = run_here
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._offload = offload
        self._raw = _open(path)
        SqliteConnection(self._raw)
        self._raw.execute("PRAGMA journal_mode = WAL")
        self._raw.execute(f"PRAGMA synchronous = {'FULL' if durability == 'full' else 'NORMAL'}")
        self._raw.execute("PRAGMA wal_autocheckpoint = 0")
        self._turn = threading.Lock()
        self._counting = threading.Lock()
        self._in_line = 0
        self._holder: int | None = None
        self._batch: Batch | None = None
        self._readers: list[SqliteConnection] = []

    # -- writing ---------------------------------------------------------------------------

    @contextmanager
    def transaction(self, committed: Committed) -> Iterator[Verb]:
        if self._holder == threading.get_ident():
            raise RuntimeError("a verb inside a verb: two that must happen together are a third")
        batch: Batch | None = None
        try:
            with self._in_turn():
                batch = self._batch or self._begin()
                try:
                    yield from self._verb(batch)
                finally:
                    self._commit_if_last(batch)
        finally:
            if batch is not None:
                self._announce(batch, committed)
                self._await(batch, committed)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        self._count(+1)
        try:
            self._turn.acquire()
        finally:
            self._count(-1)
        self._holder = threading.get_ident()
        try:
            yield
        finally:
            self._holder = None
            self._turn.release()

    def _count(self, change: int) -> None:
        with self._counting:
            self._in_line += change

    def _begin(self) -> Batch:
        """BEGIN IMMEDIATE, waiting politely while another process (the command line) writes."""
        give_up = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                self._raw.execute("BEGIN IMMEDIATE")
                break
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > give_up:
                    raise
            time.sleep(BUSY_PAUSE_SECONDS)
        self._batch = Batch()
        return self._batch

    def _verb(self, batch: Batch) -> Iterator[Verb]:
        verb = Verb(self._raw)
        self._raw.execute("SAVEPOINT verb")
        try:
            yield verb
        except BaseException as error:
            self._undo(batch, error)
            raise
        self._raw.execute("RELEASE verb")
        batch.events.extend(verb.events)

    def _undo(self, batch: Batch, error: BaseException) -> None:
        if self._raw.in_transaction:
            self._raw.execute("ROLLBACK TO verb")
            self._raw.execute("RELEASE verb")
            return
        # A full disk ends the whole transaction, also what neighbours wrote: all must hear of it,
        # and whoever is next in line begins anew.
        self._batch = None
        batch.error = sqlite3.OperationalError(f"rolled back with a neighbour: {error}")
        batch.done.set()

    def _commit_if_last(self, batch: Batch) -> None:
        if batch.done.is_set():
            return
        batch.verbs += 1
        if self._in_line == 0 or batch.verbs >= MOST_VERBS_PER_COMMIT:
            self._commit(batch)

    def _commit(self, batch: Batch) -> None:
        self._batch = None
        batch.committer = threading.get_ident()
        try:
            self._offload(lambda: self._raw.execute("COMMIT"))
        except BaseException as error:
            # Also when whoever commits for all is killed: nobody may take that for a "done".
            with suppress(sqlite3.Error):
                self._raw.execute("ROLLBACK")
            batch.error = sqlite3.OperationalError(f"not committed: {error}")
            if not isinstance(error, Exception):
                raise

    def _announce(self, batch: Batch, committed: Committed) -> None:
        """Whoever committed tells the listeners, and then all who wait for their answer.

        The next verbs write meanwhile: the turn is over.
        """
        if batch.committer != threading.get_ident() or batch.done.is_set():
            return
        try:
            if batch.error is None:
                committed(batch.events)
        finally:
            batch.done.set()

    def _await(self, batch: Batch, committed: Committed) -> None:
        # Whoever counted as "in line" may have been killed before its turn; then commit here.
        while not batch.done.wait(ORPHAN_SECONDS):
            with self._in_turn():
                if self._batch is batch:
                    self._commit(batch)
            self._announce(batch, committed)
        if batch.error is not None:
            raise batch.error

    # -- reading ---------------------------------------------------------------------------

    @contextmanager
    def snapshot(self) -> Iterator[SqliteConnection]:
        try:
            reader = self._readers.pop()
        except IndexError:
            reader = self._new_reader()
        reader.raw.execute("BEGIN")
        try:
            yield reader
        finally:
            reader.raw.execute("ROLLBACK")
            self._readers.append(reader)

    def _new_reader(self) -> SqliteConnection:
        raw = _open(self.path)
        raw.execute("PRAGMA query_only = 1")
        return SqliteConnection(raw)

    # -- care ------------------------------------------------------------------------------

    def migrate(self) -> list[str]:
        """Bring the schema up to date under a lock; returns the names of what was applied."""
        with open(f"{self.path}.migrating", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            database = sqlite_utils.Database(self._raw)
            names = [migration.name for migration in migrations.pending(database)]
            migrations.apply(database)
            return names

    def tidy(self) -> None:
        """Move the write-ahead log into the file when it has grown; between verbs, off the hub."""
        wal = Path(f"{self.path}-wal")
        if not wal.exists() or wal.stat().st_size < CHECKPOINT_BYTES:
            return
        with self._in_turn():
            if self._batch is None:
                self._offload(lambda: self._raw.execute("PRAGMA wal_checkpoint(PASSIVE)"))

    def backup(self, path: str) -> None:
        """A consistent copy while the server runs. Raises sqlite3.Error when `path` exists."""
        reader = _open(self.path)
        try:
            reader.execute("VACUUM INTO :path", {"path": path})
        finally:
            reader.close()

    def close(self) -> None:
        for reader in self._readers:
            reader.raw.close()
        self._readers.clear()
        self._raw.close()


def check_backup(path: Path) -> None:
    """Return when the file holds a journal, without changing it. Raises sqlite3.Error."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as raw:
        raw.execute("SELECT seq FROM journal LIMIT 1").fetchall()


def _open(path: Path) -> sqlite3.Connection:
    raw = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, cached_statements=256, timeout=0
    )
    for pragma in ("foreign_keys = ON", "temp_store = MEMORY", "cache_size = -16000"):
        raw.execute(f"PRAGMA {pragma}")
    return raw
