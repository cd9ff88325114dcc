"""PostgreSQL behind the store: implements `store.database.Engine` on one database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime

import psycopg
from psycopg.pq import TransactionStatus

from queue_server.domain.errors import StorageFailed
from queue_server.store.database import UnfinishedWipe, Where
from queue_server.store.postgres import schema
from queue_server.store.postgres.connecting import (
    Raw,
    connect,
    planned_anew,
    pool_for,
    trouble_told,
)
from queue_server.store.postgres.statements import PostgresReader
from queue_server.store.postgres.writing import Committed, PostgresAction, PostgresWriter, undo

MOST_READERS = 8
SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
# Everything that may hold something about a person.
PERSONAL = (
    "people", "appointments", "letters", "unasked_letters", "tickets", "push_subscriptions",
    "sessions", "deliveries",
)  # fmt: skip
OLDER_SNAPSHOTS = """SELECT 1 AS found FROM pg_stat_activity WHERE datname = current_database()
    AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL AND xact_start < $1 LIMIT 1"""
USE_PG_DUMP = "PostgreSQL keeps its own backups: use pg_dump, or the backups of the server itself"


class PostgresEngine(PostgresWriter, UnfinishedWipe):
    """Raises `StorageFailed` for a server or database that can't be used."""

    def __init__(self, url: str, *, durability: str = "full") -> None:
        super().__init__(url, durability)
        self._readers = pool_for(url, MOST_READERS)

    @contextmanager
    def transaction(self, committed: Committed, site: Where) -> Iterator[PostgresAction]:
        if callable(site):
            with self.snapshot() as snapshot:
                site = site(snapshot)
        with super().transaction(committed, site) as action:
            yield action

    # -- reading ---------------------------------------------------------------------------

    @contextmanager
    def snapshot(self) -> Iterator[PostgresReader]:
        with trouble_told(self.place):
            raw = self._taken(self._readers, lambda raw: raw.execute(SNAPSHOT))
            try:
                with planned_anew(self._readers):
                    yield PostgresReader(raw)
            finally:
                self._end(raw)

    def _end(self, raw: Raw) -> None:
        """A snapshot that is committed keeps its prepared statements; rolled back it loses them."""
        with suppress(psycopg.Error):
            if raw.pgconn.transaction_status == TransactionStatus.INTRANS:
                raw.commit()
        undo(raw)
        self._readers.putconn(raw)

    # -- care ------------------------------------------------------------------------------

    def migrate(self) -> list[str]:
        """Bring the schema up to date under a lock; returns the names of what was applied.

        Raises `StorageFailed` for a schema of a newer Aufruf, and after five seconds of waiting.
        """
        with self._own_connection() as raw:
            try:
                return schema.upgrade(raw, self.place)
            finally:
                undo(raw)

    def tidy(self) -> None:
        """PostgreSQL tidies up on its own; only a `wipe` that did not succeed is tried again."""
        if self._to_wipe_since is not None:
            self.wipe()

    def wipe(self, *, patience_seconds: float = 0) -> bool:
        """VACUUM the tables with something about people, so that deleted rows leave them.

        False while somebody still reads an older state, who is not waited for; `tidy` tries again.
        """
        with self._own_connection() as raw:
            started = raw.execute("SELECT clock_timestamp() AS at").fetchall()[0]["at"]
            for table in PERSONAL:
                raw.execute(f"VACUUM (SKIP_LOCKED) {table}")
            is_done = not raw.execute(OLDER_SNAPSHOTS, (started,)).fetchall()
        self._wipe_noted(is_done=is_done)
        return is_done

    def forget_pages(self) -> None:
        """None are kept here: PostgreSQL has them."""

    def backup(self, path: str) -> None:
        """Raises `StorageFailed`: this is for PostgreSQL's own tools."""
        raise StorageFailed(path=self.place, reason=USE_PG_DUMP)

    def forget_copies(self, before: datetime) -> int:
        """Nothing is ever left beside the database."""
        return 0

    def refuse_newer(self) -> None:
        """Raise `StorageFailed` when a newer Aufruf has written the database."""
        with self._own_connection() as raw:
            schema.refuse_newer(raw, self.place)

    def steps(self) -> tuple[list[str], list[str]]:
        """The names of the migrations that the database has behind it, and of those to come."""
        with self._own_connection() as raw:
            return schema.steps(raw)

    def damage(self, *, thorough: bool = False) -> str:
        """Empty: the server looks after its files itself."""
        return ""

    def close(self, *, for_good: bool = False) -> None:
        """End all connections."""
        for pool in (self._writers, self._readers):
            pool.close()

    @contextmanager
    def _own_connection(self) -> Iterator[Raw]:
        with trouble_told(self.place), closing(connect(self.url)) as raw:
            yield raw
