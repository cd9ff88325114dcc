"""Every row of one database into another, and then a look at each of them on both sides.

Both ends may be of either engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from importlib import import_module
from itertools import zip_longest
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from queue_server.domain.database_address import SQLITE, is_postgres, place_of
from queue_server.domain.errors import StorageFailed
from queue_server.store.engines import MISSING
from queue_server.store.moving.sqlite_end import source_file, target_file
from queue_server.store.moving.tables import StoredTable, Values, all_tables

ROWS_TOLD_AT_ONCE = 500
DIFFERS = "{table} is not the same on both sides ({key}); nothing was moved"
OnRows = Callable[[int], object]


class End(Protocol):
    """A database that is moved, or that something is moved into."""

    place: str

    def has_rows(self, table: StoredTable) -> bool: ...

    def count(self, table: StoredTable) -> int: ...

    def rows(self, table: StoredTable) -> Iterator[Values]: ...

    def highest_number(self, table: StoredTable) -> int: ...

    def write(self, table: StoredTable, rows: Iterable[Values]) -> None: ...

    def count_on_from(self, table: StoredTable, number: int) -> None: ...


def counts(source: End) -> dict[str, int]:
    """How many rows each table has."""
    return {table.name: source.count(table) for table in all_tables()}


def copy_all(source: End, target: End, on_rows: OnRows) -> None:
    """Every table; rows keep their numbers, and counting goes on above those ever given."""
    for table in all_tables():
        target.write(table, _told(source.rows(table), on_rows))
        if table.counts:
            target.count_on_from(table, source.highest_number(table))


def compare_all(source: End, target: End, on_rows: OnRows) -> None:
    """Row by row, in the order of the keys. Raises `StorageFailed` at the first difference."""
    for table in all_tables():
        for ours, theirs in zip_longest(_told(source.rows(table), on_rows), target.rows(table)):
            if ours is None or theirs is None or not _is_same(ours, theirs):
                _refuse(target, table, table.key_of(ours or theirs))
        if table.counts and source.highest_number(table) != target.highest_number(table):
            _refuse(target, table, "its counter")


def _is_same(ours: Values, theirs: Values) -> bool:
    """Also of the same kind: 1 is neither 1.0 nor '1'."""
    return ours == theirs and all(
        mine.__class__ is other.__class__ for mine, other in zip(ours, theirs, strict=True)
    )


def _refuse(target: End, table: StoredTable, key: str) -> None:
    raise StorageFailed(path=target.place, reason=DIFFERS.format(table=table.name, key=key))


def _told(rows: Iterable[Values], on_rows: OnRows) -> Iterator[Values]:
    number = 0
    for number, row in enumerate(rows, 1):
        if number % ROWS_TOLD_AT_ONCE == 0:
            on_rows(ROWS_TOLD_AT_ONCE)
        yield row
    on_rows(number % ROWS_TOLD_AT_ONCE)


def source_of(url: str) -> AbstractContextManager[End]:
    """What is to be moved, at one moment. Raises `StorageFailed`."""
    if is_postgres(url):
        source: AbstractContextManager[End] = _postgres(url).source_database(url)
        return source
    return source_file(file_of(url))


def target_of(url: str, now: datetime) -> AbstractContextManager[End]:
    """Where it goes: there when the block has ended without a fault, or not at all.

    Raises `StorageFailed`, OSError.
    """
    if is_postgres(url):
        target: AbstractContextManager[End] = _postgres(url).target_database(url)
        return target
    return target_file(file_of(url), now)


def file_of(url: str) -> Path:
    """The file that a sqlite:/// address names."""
    return Path(url.removeprefix(SQLITE)).resolve()


def is_same(one: str, other: str) -> bool:
    """Whether both addresses name one database, as far as can be seen from here."""
    if is_postgres(one) and is_postgres(other):
        return _place_on_server(one) == _place_on_server(other)
    return not (is_postgres(one) or is_postgres(other)) and file_of(one) == file_of(other)


def _place_on_server(url: str) -> tuple[str, str]:
    """With the options, which may name the server, too."""
    return place_of(url), urlsplit(url).query


def _postgres(url: str) -> Any:
    try:
        return import_module("queue_server.store.postgres.move_end")
    except ImportError as error:
        raise StorageFailed(path=place_of(url), reason=MISSING) from error
