"""SQLite behind the store: one writing connection, group commit, a few reading connections.

Statements run in the calling thread, which takes microseconds; only COMMIT waits for the disk,
and it does so through `offload`, so that a socket hub goes on meanwhile. Actions that wait for
their turn share one commit: each but the first has its own savepoint, the last in line commits for
all, and no answer leaves before that. A single writing connection, which alone checkpoints, also
keeps clear of SQLite's WAL-reset fault (fixed in 3.51.3); a command that forgets people beside it
checkpoints only while it holds the write lock.

Whatever fails, the turn is passed on and everybody in line is answered: a full or broken disk as
`StorageFull` or `StorageFailed`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from queue_server.store import files
from queue_server.store.connecting import (
    BUSY_SECONDS,
    SqliteConnection,
    for_reading,
    trouble_told,
    wait_inside,
)
from queue_server.store.copies import copy_of, forget_copies
from queue_server.store.database import Asked, Offload, Row, UnfinishedWipe, run_here
from queue_server.store.upgrading import damage_in, refuse_newer, steps, upgrade
from queue_server.store.writing import SqliteWriter

CHECKPOINT_BYTES = 4 * 1024 * 1024


class SqliteEngine(SqliteWriter, UnfinishedWipe):
    """Implements `store.database.Engine` on one file.

    Raises `StorageFailed` for a file or folder that can't be used.
    """

    def __init__(
        self, path: Path, *, durability: str = "full", offload: Offload = run_here
    ) -> None:
        super().__init__(path, durability, offload)
        self._readers: list[SqliteConnection] = []

    # -- reading ---------------------------------------------------------------------------

    is_far = False

    @contextmanager
    def snapshot(self) -> Iterator[SqliteConnection]:
        with trouble_told(self.path):
            try:
                reader = self._readers.pop()
            except IndexError:
                reader = SqliteConnection(for_reading(self.path))
            reader.raw.execute("BEGIN")
            try:
                yield reader
            finally:
                self._give_back(reader)

    def at_once(self, asked: Sequence[Asked]) -> list[list[Row]]:
        """The rows of each of these questions, of one snapshot."""
        with self.snapshot() as snapshot:
            return [snapshot.rows(sql, params) for sql, params in asked]

    def _give_back(self, reader: SqliteConnection) -> None:
        """For the next snapshot. A disk that failed has ended this one already: then a new one."""
        try:
            reader.raw.execute("ROLLBACK")
        except sqlite3.Error:
            reader.raw.close()
        else:
            self._readers.append(reader)

    # -- care ------------------------------------------------------------------------------

    def migrate(self) -> list[str]:
        """Bring the schema up to date under a lock; returns the names of what was applied.

        An older database is kept beside itself first, see `store/copies.py`. Raises `StorageFailed`
        for a schema of a newer Aufruf, and after five seconds of waiting.
        """
        with trouble_told(self.path):
            wait_inside(self._raw, BUSY_SECONDS)
            try:
                return upgrade(self._raw, self.path, BUSY_SECONDS)
            finally:
                wait_inside(self._raw, 0)

    def tidy(self) -> None:
        """Move the write-ahead log into the file when it has grown; between actions, off the hub.

        Also tries a `wipe` again that did not succeed.
        """
        if self._to_wipe_since is not None:
            self.wipe()
        elif self._log_bytes() >= CHECKPOINT_BYTES:
            self._checkpoint("PASSIVE")

    def wipe(self, *, patience_seconds: float = 0) -> bool:
        """Empty the write-ahead log, so that nothing deleted is left in it; off the hub.

        Whoever still reads an older state, or writes, is waited for, which holds up this whole
        thread. False when they did not end; `tidy` tries again.
        """
        wait_inside(self._raw, patience_seconds)
        is_done = False
        try:
            is_done = self._log_bytes() == 0 or self._checkpoint("TRUNCATE")
        finally:
            wait_inside(self._raw, 0)
            self._wipe_noted(is_done=is_done)
        return is_done

    def forget_pages(self) -> None:
        """Give back the memory of what was read; whoever asks next reads it again."""
        with suppress(IndexError):
            while True:
                self._readers.pop().raw.close()
        with trouble_told(self.path), self._in_turn():
            if self._batch is None:
                self._raw.execute("PRAGMA shrink_memory")

    def _log_bytes(self) -> int:
        log = files.beside(self.path, "-wal")
        return log.stat().st_size if log.exists() else 0

    def _checkpoint(self, mode: str) -> bool:
        with trouble_told(self.path), self._in_turn():
            if self._batch is not None:
                return False
            statement = f"PRAGMA wal_checkpoint({mode})"
            found = self._offload(lambda: self._raw.execute(statement).fetchone())
            return not found["busy"]

    def backup(self, path: str) -> None:
        """A consistent copy while the server runs. Raises OSError, sqlite3.Error."""
        copy_of(self.path, Path(path))

    def forget_copies(self, before: datetime) -> int:
        """Delete what restoring and upgrading left beside the file before then; how many files."""
        return forget_copies(self.path, before)

    def refuse_newer(self) -> None:
        """Raise `StorageFailed` when a newer Aufruf has written the file."""
        with trouble_told(self.path):
            refuse_newer(self._raw, self.path)

    def steps(self) -> tuple[list[str], list[str]]:
        """The names of the migrations that the file has behind it, and of those to come."""
        with trouble_told(self.path):
            return steps(self._raw)

    def damage(self, *, thorough: bool = False) -> str:
        """What is wrong with the file itself; empty when nothing is. Reads all of it."""
        try:
            return damage_in(self._raw, thorough=thorough)
        except sqlite3.DatabaseError as error:
            return str(error)

    def close(self, *, for_good: bool = False) -> None:
        """End all connections; what is being written is waited for.

        SQLite empties the write-ahead log when nobody else has the file open. With `for_good` (a
        server ends) it is also emptied when somebody has.
        """
        self.is_closed = True
        for reader in self._readers:
            reader.raw.close()
        self._readers.clear()
        is_alone = self._turn.acquire(timeout=BUSY_SECONDS)
        with suppress(sqlite3.Error):
            if for_good and is_alone:
                self._raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._raw.close()
        if is_alone:
            self._turn.release()
