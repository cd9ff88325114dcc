"""Writing to PostgreSQL: an action locks the row of its site, and then is alone there.

All writers of a site stand in one line, in this process and in others, as with SQLite's one
writer; different sites do not wait for each other. What belongs to no site has its own row.
An action that says nothing of a site locks all rows, in one order, and is alone everywhere.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg.pq import TransactionStatus
from psycopg_pool import PoolTimeout

from queue_server.domain.database_address import place_of
from queue_server.domain.errors import StorageFailed
from queue_server.store.database import Committed, FailingWriter, Recorded
from queue_server.store.postgres.connecting import (
    FOLLOWS,
    POOL_SECONDS,
    TROUBLE,
    AskedServer,
    Pool,
    Raw,
    planned_anew,
    pool_for,
)
from queue_server.store.postgres.connecting import trouble_told as told
from queue_server.store.postgres.statements import PostgresReader

MOST_READERS, MOST_WRITERS = 8, 6
# Each was cut off while it lay in the pool; after so many the server itself is asked.
STALE_CONNECTIONS = MOST_READERS + 1
ASKED_AFTER_SECONDS = 0.5
# With `durability = "normal"` an answer does not wait for the disk.
UNSAFE = ("synchronous_commit = off",)
# A server that stopped in the middle of an action must not hold its site up for long.
FORGOTTEN = "idle_in_transaction_session_timeout = '10s'"
LOCK = "SELECT 1 FROM site_locks WHERE site = $1 FOR NO KEY UPDATE"
LOCK_ALL = "SELECT 1 FROM site_locks ORDER BY site FOR NO KEY UPDATE"
NEW_SITE = "INSERT INTO site_locks (site) VALUES ($1) ON CONFLICT DO NOTHING"
NESTED = "an action inside an action: two that must happen together are a third"


class PostgresAction(PostgresReader):
    """One action's view of its connection, with the events it recorded."""

    def __init__(self, raw: Raw) -> None:
        super().__init__(raw.asker)
        self.recorded: list[Recorded] = []


class PostgresWriter(FailingWriter):
    """The writing half of the engine on one database.

    Raises `StorageFailed` for one that can't be reached.
    """

    def __init__(self, url: str, durability: str) -> None:
        self.url, self.place = url, place_of(url)
        self._server = AskedServer(url)
        with told(self.place):
            self._server.ask()
        self._writers = pool_for(url, MOST_WRITERS, FORGOTTEN, *UNSAFE[durability == "full" :])
        self._turns: dict[str | None, threading.Lock] = {}
        self._acting: set[int] = set()

    @contextmanager
    def transaction(self, committed: Committed, site: str | None) -> Iterator[PostgresAction]:
        if threading.get_ident() in self._acting:
            raise RuntimeError(NESTED)
        with (
            self._failure_noted(),
            told(self.place, FOLLOWS),
            self._in_turn(site),
            planned_anew(self._writers.drain),
            self._begun(site) as raw,
        ):
            action = PostgresAction(raw)
            yield action
            hit = PostgresCommit(raw).wait()
        self._said_to_go_on()
        committed(action.recorded)
        if hit is not None:
            raise hit

    @contextmanager
    def _in_turn(self, site: str | None) -> Iterator[None]:
        """One connection at a time for each site, so that one in a rush leaves some to others."""
        me = threading.get_ident()
        with self._turns.setdefault(site, threading.Lock()):
            self._acting.add(me)
            try:
                yield
            finally:
                self._acting.discard(me)

    @contextmanager
    def _begun(self, site: str | None) -> Iterator[Raw]:
        """A connection with a transaction that holds its locks."""
        raw = self._taken(self._writers, lambda raw: self._begin(raw, site))
        try:
            yield raw
        finally:
            _give_back(self._writers, raw)

    def _taken(self, pool: Pool, begin: Callable[[Raw], object]) -> Raw:
        """A connection of the pool on which `begin` was done; one that was cut off is passed over.

        While the server is away everybody is refused at once, with its own words.
        """
        if self.is_failing or not pool.get_stats()["pool_size"]:
            self._server.ask()
        for _ in range(STALE_CONNECTIONS):
            raw = self._lent(pool)
            try:
                begin(raw)
                return raw
            except BaseException as error:
                _give_back(pool, raw)
                if not (isinstance(error, TROUBLE) and raw.closed):
                    raise
        self._server.ask()
        raise StorageFailed(path=self.place, reason="connections are cut off", damaged=False)

    def _lent(self, pool: Pool, timeout: float = ASKED_AFTER_SECONDS) -> Raw:
        """A pool does not say why it has no connection; the server does."""
        try:
            return pool.getconn(timeout)
        except PoolTimeout:
            if timeout == POOL_SECONDS:
                raise
            self._server.ask()
            return self._lent(pool, POOL_SECONDS)

    def _begin(self, raw: Raw, site: str | None) -> None:
        if site is None:
            raw.asker.ask([("BEGIN", ()), (LOCK_ALL, ())])
        elif not self._locked(raw, site):
            undo(raw)
            raw.asker.ask([(NEW_SITE, (site,))])
            self._locked(raw, site)

    def _locked(self, raw: Raw, site: str) -> bool:
        _, found = raw.asker.ask([("BEGIN", ()), (LOCK, (site,))])
        return found.ntuples == 1


def undo(raw: Raw) -> None:
    """Roll back what a live connection has begun; one in the middle of a statement is closed."""
    with suppress(psycopg.Error):
        if raw.pgconn.transaction_status == TransactionStatus.ACTIVE:
            raw.close()
        elif raw.pgconn.transaction_status != TransactionStatus.IDLE:
            raw.execute("ROLLBACK")


def _give_back(pool: Pool, raw: Raw) -> None:
    """Undone; the pool closes it when something interrupts this."""
    try:
        undo(raw)
    finally:
        pool.putconn(raw)


class PostgresCommit:
    """One COMMIT in another thread. Whoever waits for it may be killed; it is not.

    So nobody is told "not committed" of what the server has committed, nor the reverse.
    """

    def __init__(self, raw: Raw) -> None:
        self._raw = raw
        self._is_over = threading.Event()
        self._error: BaseException | None = None

    def wait(self) -> BaseException | None:
        """Returns what meanwhile hit the waiting greenlet. Raises psycopg.Error."""
        hit = _tried(threading.Thread(target=self._run, daemon=True).start)
        if isinstance(hit, Exception):
            # No thread could be had, so nothing was sent. Whoever is killed here has one.
            raise hit
        while not self._is_over.is_set():
            hit = _tried(self._is_over.wait) or hit
        if self._error is not None:
            undo(self._raw)
            raise self._error
        return hit

    def _run(self) -> None:
        self._error = _tried(self._raw.commit)
        self._is_over.set()


def _tried(work: Callable[[], object]) -> BaseException | None:
    try:
        work()
    except BaseException as error:
        return error
    return None
