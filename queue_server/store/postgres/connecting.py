"""Connections to PostgreSQL: pools, and what its errors mean.

psycopg waits for the server by `poll`, which gevent makes cooperative, and a serving process has a
shorter way (`Patient`): statements run in the calling greenlet, and the socket hub goes on while
it waits. Reading and writing have pools of their own, so that however many look, whoever calls the
next person finds a connection.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from typing import Any, ClassVar

import psycopg
from psycopg import errors
from psycopg_pool import ConnectionPool

from queue_server.domain.errors import StorageFailed, StorageFull
from queue_server.store.postgres.asking import STALE_PLANS, Asker, rows_by_name
from queue_server.store.postgres.statements import adapt

LOCK_SECONDS = 5
POOL_SECONDS = 5.0
# A connection that was refused is asked for again by whoever comes next; nobody waits for it.
RECONNECT_SECONDS = 1.0
LONGEST_REASON = 200
# Nothing is known of the other end: look soon, and not after the system's two hours.
NETWORK: dict[str, Any] = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "application_name": "aufruf",
}
SETTINGS = (f"lock_timeout = '{LOCK_SECONDS}s'", "client_min_messages = warning")
# The machine's trouble, not a mistake in a statement; psycopg counts the last two among those.
TROUBLE: tuple[type[psycopg.Error], ...] = (
    psycopg.OperationalError, psycopg.InterfaceError,
    errors.IdleInTransactionSessionTimeout, errors.TransactionTimeout,
)  # fmt: skip
# Said of a server that follows another one; in a snapshot it is a mistake of ours.
FOLLOWS = errors.ReadOnlySqlTransaction
# Waits until a socket may be read (1) or written (2), and lets others work meanwhile.
UntilReady = Callable[[int, int], object]

# What it says of every connection that was cut is said once by the engine.
logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)


class Patient(psycopg.Connection[Any]):
    """A connection that waits by `until_ready`, where a serving process has set it.

    gevent's `poll` makes a timer, an event and three lists for each answer of the server, which
    takes longer than sending the question.
    """

    until_ready: ClassVar[UntilReady | None] = None

    @cached_property
    def asker(self) -> Asker:
        """How snapshots and actions ask."""
        return Asker(self)

    def wait(self, gen: Generator[Any, Any, Any], *limits: Any, **more: Any) -> Any:
        """Whoever waits for a limited time does so in the usual way."""
        until_ready = Patient.until_ready
        if until_ready is None or limits or more:
            return super().wait(gen, *limits, **more)
        try:
            wanted, socket = next(gen), self.pgconn.socket
            while True:
                until_ready(socket, wanted)
                wanted = gen.send(wanted)
        except StopIteration as end:
            return end.value


Raw = Patient
Pool = ConnectionPool[Raw]


def pool_for(url: str, most: int, *settings: str) -> Pool:
    """At most so many connections with these settings, made when they are needed."""
    return ConnectionPool(
        url,
        connection_class=Patient,
        kwargs=_options(),
        configure=lambda raw: _prepare(raw, *settings),
        min_size=0,
        max_size=most,
        timeout=POOL_SECONDS,
        reconnect_timeout=RECONNECT_SECONDS,
        num_workers=1,
        open=True,
    )


def connect(url: str) -> Raw:
    """A connection of one's own. Raises psycopg.Error."""
    raw = Patient.connect(url, **_options())
    try:
        _prepare(raw)
    except BaseException:
        raw.close()
        raise
    return raw


def knock(url: str) -> None:
    """Raise psycopg.Error, at once and with the reason, when nobody answers there."""
    with closing(psycopg.connect(url, **_options())):
        pass


class AskedServer:
    """Whether the server lets anybody in. All who want to know at once share one answer.

    Each with a connection of its own would be a rush in which the server runs out of them.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._turn = threading.Lock()
        self._answered_at = 0.0
        self._refusal: psycopg.Error | None = None

    def ask(self) -> None:
        """Raise psycopg.Error, with the reason, when it does not."""
        since = time.monotonic()
        with self._turn:
            if self._answered_at <= since:
                self._refusal = self._knocked()
                self._answered_at = time.monotonic()
            refusal = self._refusal
        if refusal is not None:
            raise refusal

    def _knocked(self) -> psycopg.Error | None:
        try:
            knock(self._url)
        except psycopg.Error as error:
            return error
        return None


@contextmanager
def planned_anew(*forget: Callable[[], object]) -> Iterator[None]:
    """Raise psycopg.OperationalError for a statement from before somebody changed the schema.

    Every connection of the pool has planned it, and would fail with it until its end: `forget`.
    """
    try:
        yield
    except STALE_PLANS as error:
        for each in forget:
            each()
        raise psycopg.OperationalError(str(error)) from error


def _options() -> dict[str, Any]:
    return {
        **NETWORK,
        "autocommit": True,
        "cursor_factory": psycopg.RawCursor,
        "row_factory": rows_by_name,
    }


def _prepare(raw: Raw, *settings: str) -> None:
    adapt(raw)
    # What is asked again and again is planned by `Asker`, which does not forget it on a ROLLBACK.
    raw.prepare_threshold = None
    for setting in (*SETTINGS, *settings):
        raw.execute(f"SET {setting}")


@contextmanager
def trouble_told(place: str, *more: type[psycopg.Error]) -> Iterator[None]:
    """A server that fails comes out as `StorageFull` or `StorageFailed`, nothing else does.

    Their facts are for operators: `path` (where the database is) and `reason`.
    """
    try:
        yield
    except TROUBLE + more as error:
        kind = StorageFull if isinstance(error, errors.DiskFull) else StorageFailed
        raise kind(path=place, reason=in_one_line(error), damaged=False) from error


def in_one_line(error: psycopg.Error) -> str:
    """The server's words, or the library's when it could not be reached."""
    words = " ".join(str(error).split())[:LONGEST_REASON]
    return "".join(letter if letter.isprintable() else "?" for letter in words)
