"""PostgreSQL behind the store: implements `store.database.Engine` on one database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime

from queue_server.domain.errors import StorageFailed
from queue_server.store.database import Asked, Committed, Row, UnfinishedWipe, Where
from queue_server.store.postgres import schema
from queue_server.store.postgres.connecting import (
    Pool,
    Raw,
    connect,
    planned_anew,
    pool_for,
    trouble_told,
)
from queue_server.store.postgres.reading import BEGIN, END, IdleConnections, PostgresSnapshot
from queue_server.store.postgres.statements import of
from queue_server.store.postgres.writing import (
    ASKED_AFTER_SECONDS,
    MOST_READERS,
    PostgresAction,
    PostgresWriter,
    undo,
)

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
        self._idle = IdleConnections(self._readers)

    @contextmanager
    def transaction(self, committed: Committed, site: Where) -> Iterator[PostgresAction]:
        if callable(site):
            with self.snapshot() as snapshot:
                site = site(snapshot)
        with super().transaction(committed, site) as action:
            yield action

    # -- reading ---------------------------------------------------------------------------

    is_far = True

    @contextmanager
    def snapshot(self) -> Iterator[PostgresSnapshot]:
        with self._looking():
            snapshot = PostgresSnapshot(lambda begin: self._taken(self._readers, begin))
            try:
                yield snapshot
            finally:
                raw = snapshot.end()
                if raw is not None:
                    self._idle.end(raw)

    def at_once(self, asked: Sequence[Asked]) -> list[list[Row]]:
        """One trip, with the begin and the end of its transaction."""
        found: list[list[Row]] = []
        questions = [BEGIN, *(of(*each) for each in asked), END]

        def ask(raw: Raw) -> None:
            answers = raw.asker.ask(questions)[1:-1]
            found[:] = map(raw.asker.rows, answers)

        with self._looking():
            self._idle.end(self._taken(self._readers, ask))
        return found

    @contextmanager
    def _looking(self) -> Iterator[None]:
        with (
            trouble_told(self.place),
            planned_anew(self._readers.drain, self._idle.give_back_all),
        ):
            yield

    def _lent(self, pool: Pool, timeout: float = ASKED_AFTER_SECONDS) -> Raw:
        idle = self._idle.take() if pool is self._readers else None
        return idle or super()._lent(pool, timeout)

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
        """PostgreSQL tidies up on its own; only a `wipe` that did not succeed is tried again.

        The pool ends connections that nobody has needed for long, once it has them.
        """
        self._idle.give_back_all()
        if self._to_wipe_since is not None:
            self.wipe()

    def wipe(self, *, patience_seconds: float = 0) -> bool:
        """VACUUM the tables with something about people, so that deleted rows leave them.

        False while somebody still reads an older state, who is not waited for; `tidy` tries again.
        """
        self._idle.give_back_all()
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
        self.is_closed = True
        self._idle.give_back_all()
        for pool in (self._writers, self._readers):
            pool.close()

    @contextmanager
    def _own_connection(self) -> Iterator[Raw]:
        with trouble_told(self.place), closing(connect(self.url)) as raw:
            yield raw
