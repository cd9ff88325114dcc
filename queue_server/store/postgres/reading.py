"""Snapshots on PostgreSQL. BEGIN goes out with the first question, and nobody waits for the end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGresult

from queue_server.store.postgres.asking import Asker, Question
from queue_server.store.postgres.connecting import Pool, Raw
from queue_server.store.postgres.statements import PostgresReader

BEGIN: Question = ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", ())
END: Question = ("COMMIT", ())
# In the middle of a question, or cut off.
LOST = (TransactionStatus.ACTIVE, TransactionStatus.UNKNOWN)
# Begins on a connection by this, and returns it.
Taken = Callable[[Callable[[Raw], object]], Raw]


class PostgresSnapshot(PostgresReader):
    """One consistent view. It takes a connection when it is asked something, and not before."""

    def __init__(self, taken: Taken) -> None:
        self._taken = taken
        self.raw: Raw | None = None

    def _asked(self, questions: list[Question]) -> list[PGresult]:
        if self.raw is not None:
            return super()._asked(questions)
        found: list[PGresult] = []

        def begin(raw: Raw) -> None:
            self._asker: Asker = raw.asker
            found[:] = self._asker.ask([BEGIN, *questions])

        self.raw = self._taken(begin)
        return found[1:]

    def end(self) -> Raw | None:
        """The connection that it had; from here on it is somebody else's."""
        raw, self.raw, self._taken = self.raw, None, _too_late
        return raw


def _too_late(begin: Callable[[Raw], object]) -> Raw:
    raise RuntimeError("a question to a snapshot that has ended")


class IdleConnections:
    """Connections of the pool on which a snapshot has ended; the next one begins on them at once.

    Its end was sent and not waited for, so the pool would take them for busy.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._connections: list[Raw] = []

    def take(self) -> Raw | None:
        """Threads may ask at the same time, so what is there may be gone."""
        try:
            return self._connections.pop()
        except IndexError:
            return None

    def end(self, raw: Raw) -> None:
        """Whoever has waited for a connection is first, and gets it from the pool."""
        if not _ended(raw):
            raw.close()
            self._pool.putconn(raw)
            return
        self._connections.append(raw)
        if self._pool.closed or self._pool.get_stats()["requests_waiting"]:
            self.give_back()

    def give_back(self) -> None:
        """Put one into the pool; the pool closes it when something interrupts this."""
        raw = self.take()
        if raw is None:
            return
        try:
            with suppress(psycopg.Error):
                raw.asker.settle()
        finally:
            self._pool.putconn(raw)

    def give_back_all(self) -> None:
        """Every snapshot that has ended here has then ended there, too."""
        for _ in range(len(self._connections)):
            self.give_back()


def _ended(raw: Raw) -> bool:
    """Send the end of its transaction, if it has one; False for one that can't be used again."""
    status = raw.pgconn.transaction_status
    try:
        if status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
            raw.asker.send(END)
    except psycopg.Error:
        return False
    return status not in LOST
