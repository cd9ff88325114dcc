"""Snapshots on PostgreSQL. BEGIN goes out with the first question, and nobody waits for the end.

What is asked as a whole needs neither: questions that share a trip share a transaction, and on
these connections every transaction is one consistent view that changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGresult

from queue_server.store.postgres.asking import Asker, Question
from queue_server.store.postgres.connecting import Pool, Raw
from queue_server.store.postgres.statements import PostgresReader

CONSISTENT = (
    "default_transaction_isolation = 'repeatable read'", "default_transaction_read_only = on",
)  # fmt: skip
BEGIN: Question = ("BEGIN", ())
END = "COMMIT"
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


class Resting:
    """Connections of the pool on which a snapshot has ended; the next one begins on them at once.

    Its end was sent and not waited for, so the pool would take them for busy.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._connections: list[Raw] = []

    def take(self) -> Raw | None:
        return self._connections.pop() if self._connections else None

    def end(self, raw: Raw) -> None:
        """Whoever has waited for a connection is first, and gets it from the pool."""
        if raw.pgconn.transaction_status in LOST:
            raw.close()
            self._pool.putconn(raw)
            return
        if raw.pgconn.transaction_status != TransactionStatus.IDLE:
            raw.asker.tell(END)
        self._connections.append(raw)
        if self._pool.get_stats()["requests_waiting"]:
            self.give_back()

    def give_back(self) -> None:
        """Put one into the pool."""
        raw = self.take()
        if raw is not None:
            with suppress(psycopg.Error):
                raw.asker.settle()
            self._pool.putconn(raw)

    def settle(self) -> None:
        """Every snapshot that has ended here has ended there, too."""
        for raw in list(self._connections):
            with suppress(psycopg.Error):
                raw.asker.settle()

    def close(self) -> None:
        while self._connections:
            self.give_back()
