"""The line between the servers of one database: who has written, and who does what is done once.

`NOTIFY` goes out after a commit on a separate connection: inside the transaction it would make
all commits of the database wait for each other. What is lost on the way, others find when they
look at the journal, which they do every few seconds anyway.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable
from contextlib import ExitStack, closing, suppress
from typing import Any

import psycopg

from queue_server.domain.database_address import place_of
from queue_server.domain.errors import StorageFailed
from queue_server.store.postgres.connecting import Raw, connect, trouble_told

CHANNEL = "aufruf"
# Servers hold the first lock together, and whoever moves the database holds it alone. One server
# holds the second and does what is done once for the whole office.
SERVING, ON_DUTY = 0x61756673, 0x61756664
BEING_MOVED = "it is being moved to another place; wait until that is over"
# A machine that died holds its locks until the database server notices.
NOTICED_SOON = (
    "tcp_keepalives_idle = 5", "tcp_keepalives_interval = 2", "tcp_keepalives_count = 3",
    "tcp_user_timeout = 10000", "idle_session_timeout = 0", "application_name = 'aufruf listener'",
)  # fmt: skip
# Shorter than it takes the database server to give the lock of a silent server to another.
SURE_SECONDS = 8.0
SENDER = "from"
Message = dict[str, Any]


class Sender:
    """Tells the other servers something; never fails, and never waits for long."""

    def __init__(self, url: str, server: str) -> None:
        self._url, self._server = url, server
        self._raw: Raw | None = None

    def tell(self, messages: Iterable[Message]) -> None:
        """A server that does not hear of a commit finds it by polling."""
        try:
            self._raw = self._raw or connect(self._url)
            for message in messages:
                text = json.dumps({SENDER: self._server, **message})
                self._raw.execute("SELECT pg_notify($1, $2)", (CHANNEL, text))
        except psycopg.Error:
            self.close()

    def close(self) -> None:
        if self._raw is not None:
            with suppress(psycopg.Error):
                self._raw.close()
        self._raw = None


class Listener:
    """Hears the other servers, and holds this server's locks, on one connection.

    Every method raises `StorageFailed` when that is cut; after `close`, `open` is the way back.
    """

    def __init__(self, url: str) -> None:
        self.server = secrets.token_hex(4)
        self._url, self._place = url, place_of(url)
        self._raw: Raw | None = None
        self._has_duty, self._sure_until = False, 0.0

    @property
    def is_open(self) -> bool:
        return self._raw is not None

    @property
    def is_on_duty(self) -> bool:
        """Whether this server does what one does for all; surely nobody else does."""
        return self._has_duty and time.monotonic() < self._sure_until

    def open(self) -> None:
        """Listen from here on. Raises `StorageFailed` while the database is being moved."""
        with trouble_told(self._place), ExitStack() as undone:
            raw = undone.enter_context(closing(connect(self._url)))
            for setting in NOTICED_SOON:
                # Older servers don't know all of them.
                with suppress(psycopg.errors.UndefinedObject):
                    raw.execute(f"SET {setting}")
            if not _is_given(raw, "pg_try_advisory_lock_shared", SERVING):
                raise StorageFailed(path=self._place, reason=BEING_MOVED)
            raw.execute(f"LISTEN {CHANNEL}")
            undone.pop_all()
        self._raw = raw

    def look_for_duty(self) -> None:
        """Take up the duties when nobody has them; make sure of them when they are ours."""
        asked_at = time.monotonic()
        with trouble_told(self._place):
            if self._has_duty:
                self._open_one().execute("SELECT 1")
            else:
                self._has_duty = _is_given(self._open_one(), "pg_try_advisory_lock", ON_DUTY)
        self._sure_until = asked_at + SURE_SECONDS

    def hear(self, seconds: float) -> list[Message]:
        """Wait until another server says something, or for so long."""
        with trouble_told(self._place):
            told = list(self._open_one().notifies(timeout=seconds, stop_after=1))
        messages = [_read(each.payload) for each in told]
        return [each for each in messages if each.get(SENDER, self.server) != self.server]

    def close(self) -> None:
        self._has_duty = False
        if self._raw is not None:
            with suppress(psycopg.Error):
                self._raw.close()
        self._raw = None

    def _open_one(self) -> Raw:
        if self._raw is None:
            raise psycopg.InterfaceError("the line is closed")
        return self._raw


def _read(text: str) -> Message:
    """Empty for what is no message of ours."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _is_given(raw: Raw, lock: str, number: int) -> bool:
    (row,) = raw.execute(f"SELECT {lock}({number}) AS given").fetchall()
    return bool(row["given"])
