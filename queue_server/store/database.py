"""The one small interface to storage: `transaction()` to write, `snapshot()` to read.

SQL is written once, in the dialect that SQLite and PostgreSQL share, with `:name` parameters and
times as integer UTC milliseconds. The engine behind this interface is chosen by `database.url`.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from queue_server.domain.errors import StorageFailed
from queue_server.domain.event import Event
from queue_server.domain.timestamps import milliseconds as milliseconds
from queue_server.domain.timestamps import moment as moment

Row = Mapping[str, Any]
Params = Mapping[str, Any]
NO_PARAMS: Params = {}
# A question and its values.
Asked = tuple[str, Params]
# The site of an event, and its seq in the journal.
Numbered = tuple[str, int]
Recorded = tuple[Numbered, Event]
# Told of what one commit has recorded.
Committed = Callable[[Sequence[Recorded]], None]
# What belongs to no site, as sign-ins and the outbox do, has its own line.
NO_SITE = ""
T = TypeVar("T")
log = logging.getLogger(__name__)


class Offload(Protocol):
    """Runs slow work where the socket hub does not wait for it, and returns its result."""

    def __call__(self, work: Callable[[], T]) -> T: ...


def run_here(work: Callable[[], T]) -> T:
    """The offload of programs without a hub: just do it."""
    return work()


class Reader(Protocol):
    """A consistent view of committed data."""

    def rows(self, sql: str, params: Params = NO_PARAMS) -> list[Row]: ...

    def row(self, sql: str, params: Params = NO_PARAMS) -> Row | None: ...


def the_row(reader: Reader, sql: str, params: Params = NO_PARAMS) -> Row:
    """The row of a query that always has one: counts, sums, the first and the last of something."""
    row = reader.row(sql, params)
    assert row is not None
    return row


def the_value(reader: Reader, sql: str, params: Params = NO_PARAMS) -> int | None:
    """The only value of such a row; None for the first or last of nothing."""
    value: int | None
    (value,) = dict(the_row(reader, sql, params)).values()
    return value


# Looks up in committed data which site's line an action queues in.
SiteOf = Callable[[Reader], str]
Where = str | SiteOf | None


class Connection(Reader, Protocol):
    def write(self, sql: str, params: Params = NO_PARAMS) -> int: ...


class Engine(Protocol):
    """What SQLite and PostgreSQL each provide. `is_far` says that each question is a trip."""

    is_failing: bool
    is_closed: bool
    is_far: bool

    @property
    def unwiped_seconds(self) -> float: ...

    def transaction(self, committed: Committed, site: Where) -> AbstractContextManager[Any]: ...

    def snapshot(self) -> AbstractContextManager[Reader]: ...

    def at_once(self, asked: Sequence[Asked]) -> list[list[Row]]: ...

    def migrate(self) -> list[str]: ...

    def tidy(self) -> None: ...

    def wipe(self, *, patience_seconds: float = 0) -> bool: ...

    def forget_pages(self) -> None: ...

    def backup(self, path: str) -> None: ...

    def forget_copies(self, before: datetime) -> int: ...

    def refuse_newer(self) -> None: ...

    def steps(self) -> tuple[list[str], list[str]]: ...

    def damage(self, *, thorough: bool = False) -> str: ...

    def close(self, *, for_good: bool = False) -> None: ...


class SingleReads:
    """A reader whose every question sees a snapshot of its own: for whoever has only one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def rows(self, sql: str, params: Params = NO_PARAMS) -> list[Row]:
        (found,) = self._engine.at_once([(sql, params)])
        return found

    def row(self, sql: str, params: Params = NO_PARAMS) -> Row | None:
        return next(iter(self.rows(sql, params)), None)


class FailingWriter:
    """What the writers of both engines know of their trouble.

    `is_failing` says that the last attempt to write met nothing that takes it.
    """

    is_failing = False
    is_closed = False

    @contextmanager
    def _failure_noted(self) -> Iterator[None]:
        try:
            yield
        except StorageFailed as trouble:
            if not (self.is_failing or self.is_closed):
                log.error("nothing can be written: %s", trouble.facts.get("reason"))
            self.is_failing = True
            raise

    def _said_to_go_on(self) -> None:
        if self.is_failing:
            self.is_failing = False
            log.warning("writing goes on")


class UnfinishedWipe:
    """What both engines know of a `wipe` that did not succeed and is to be tried again."""

    _to_wipe_since: float | None = None

    @property
    def unwiped_seconds(self) -> float:
        """For how long a `wipe` has been due that did not succeed; 0 when none is."""
        since = self._to_wipe_since
        return 0.0 if since is None else time.monotonic() - since

    def _wipe_noted(self, *, is_done: bool) -> None:
        since = time.monotonic() if self._to_wipe_since is None else self._to_wipe_since
        self._to_wipe_since = None if is_done else since


def optional_milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else milliseconds(moment)


def optional_moment(value: int | None) -> datetime | None:
    return None if value is None else moment(value)


def by_name(row: Row) -> dict[str, Any]:
    """The values of a row with many columns; SQLite's own rows search a name from the first on."""
    return row if isinstance(row, dict) else dict(zip(row.keys(), row, strict=True))


@lru_cache(maxsize=256)
def names_in(text: str) -> tuple[str, ...]:
    """A JSON list of names; most rows hold one of a few."""
    return tuple(json.loads(text))
