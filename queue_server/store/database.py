"""The one small interface to storage: `transaction()` to write, `snapshot()` to read.

SQL is written once, in the dialect that SQLite and PostgreSQL share, with `:name` parameters and
times as integer UTC milliseconds. The engine behind this interface is chosen by `database.url`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, Protocol

from queue_server.domain.events import Event
from queue_server.domain.moments import milliseconds as milliseconds
from queue_server.domain.moments import moment as moment

log = logging.getLogger(__name__)

Row = Mapping[str, Any]
Params = Mapping[str, Any]
NO_PARAMS: Params = {}
# Made once: json.dumps with these options would make an encoder for every event.
_written = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
Listener = Callable[[Sequence[Event]], None]


class Reader(Protocol):
    """A consistent view of committed data."""

    def rows(self, sql: str, params: Params = NO_PARAMS) -> list[Row]: ...

    def row(self, sql: str, params: Params = NO_PARAMS) -> Row | None: ...


class Connection(Reader, Protocol):
    def write(self, sql: str, params: Params = NO_PARAMS) -> int: ...


class Engine(Protocol):
    """What SQLite and PostgreSQL each provide."""

    def transaction(self, committed: Callable[[Any], None]) -> AbstractContextManager[Any]: ...

    def snapshot(self) -> AbstractContextManager[Reader]: ...

    def migrate(self) -> list[str]: ...

    def tidy(self) -> None: ...

    def backup(self, path: str) -> None: ...

    def close(self) -> None: ...


class Transaction:
    """One verb's writes. Nothing is visible or announced before the commit."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.events: list[Event] = []
        self.rows = connection.rows
        self.row = connection.row
        self.write = connection.write

    def record(self, event: Event) -> int:
        """Write the event into the journal and return its seq; listeners hear it after COMMIT."""
        self.events.append(event)
        row = self.row(
            """INSERT INTO journal (at, site, name, ticket, appointment, counter, clerk, data)
               VALUES (:at, :site, :name, :ticket, :appointment, :counter, :clerk, :data)
               RETURNING seq""",
            {
                "at": milliseconds(event.at),
                "site": event.site,
                "name": event.name,
                "ticket": event.ticket,
                "appointment": event.appointment,
                "counter": event.counter,
                "clerk": event.clerk,
                "data": _written(event.data()),
            },
        )
        return int(row["seq"]) if row else 0


class Store:
    """The house's memory. Listeners run after each commit, in the order they were added."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._listeners: list[Listener] = []
        self.snapshot = engine.snapshot
        self.migrate = engine.migrate
        self.tidy = engine.tidy
        self.backup = engine.backup
        self.close = engine.close

    def listen(self, listener: Listener, *, first: bool = False) -> None:
        """Call `listener(events)` after every commit that recorded events.

        In the order of these calls, but for a measuring one that must be `first`.
        """
        self._listeners.insert(0 if first else len(self._listeners), listener)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One verb: all or nothing, alone while it runs. Returns only after its COMMIT.

        Whatever the body raises rolls its writes back and comes out unchanged.
        """
        with self._engine.transaction(self._publish) as connection:
            transaction = Transaction(connection)
            yield transaction
            connection.events.extend(transaction.events)

    def _publish(self, events: Sequence[Event]) -> None:
        for listener in self._listeners if events else ():
            try:
                listener(events)
            except Exception:
                # The change is committed; one deaf listener must not undo or hide it.
                log.exception("a listener failed after commit")


def optional_milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else milliseconds(moment)


def optional_moment(value: int | None) -> datetime | None:
    return None if value is None else moment(value)
