"""The shared dialect as PostgreSQL and psycopg want it: statements, parameters, rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

import psycopg
from psycopg.adapt import Loader
from psycopg.types.numeric import Int8Dumper

from queue_server.store.database import NO_PARAMS, Params, Row

# What is in quotes is text, whatever it looks like.
NAMED = re.compile(r"('(?:[^']|'')*')|(?<![:\w]):([a-z_][a-z0-9_]*)")
STATEMENTS_KEPT = 512
UNREADABLE = "\ufffd"


@lru_cache(maxsize=STATEMENTS_KEPT)
def numbered(sql: str) -> tuple[str, Callable[[Params], Sequence[Any]]]:
    """The statement with `$1`, `$2`, … for its `:name`s, and what takes their values in order."""
    names: list[str] = []

    def place(match: re.Match[str]) -> str:
        quoted, name = match.groups()
        if quoted:
            return str(quoted)
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return NAMED.sub(place, sql), _values_of(names)


def _values_of(names: Sequence[str]) -> Callable[[Params], Sequence[Any]]:
    if not names:
        return lambda params: ()
    take = itemgetter(*names)
    return (lambda params: (take(params),)) if len(names) == 1 else take


def _storable(value: Any) -> Any:
    """PostgreSQL has no NUL in texts. Anybody can type one in, and it is nobody's name or token."""
    return value.replace("\0", UNREADABLE) if isinstance(value, str) else value


class PostgresReader:
    """Rows by name on one psycopg connection.

    One cursor for all statements, since a new one costs as much as a third of a statement.
    """

    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        self._cursor = raw.cursor()

    def rows(self, sql: str, params: Params = NO_PARAMS) -> list[Row]:
        return self._executed(sql, params).fetchall()

    def row(self, sql: str, params: Params = NO_PARAMS) -> Row | None:
        rows = self.rows(sql, params)
        return rows[0] if rows else None

    def write(self, sql: str, params: Params = NO_PARAMS) -> int:
        """Run a change and return how many rows it met; look at that number."""
        return self._executed(sql, params).rowcount

    def _executed(self, sql: str, params: Params) -> psycopg.Cursor[Any]:
        text, values = numbered(sql)
        try:
            return self._cursor.execute(text, values(params))
        except psycopg.DataError as refused:
            # Whatever the server itself refuses has its code; a NUL never gets that far.
            if refused.sqlstate is not None:
                raise
            return self._cursor.execute(text, tuple(map(_storable, values(params))))


def rows_by_name(cursor: psycopg.Cursor[Any]) -> Callable[[Sequence[Any]], Any]:
    """psycopg's row factory: rows as SQLite gives them, values by name and in order.

    `cursor.description` would make an object of every column of every answer.
    """
    found = cursor.pgresult
    return _row_class(tuple(map(found.fname, range(found.nfields)))) if found else tuple


@lru_cache(maxsize=STATEMENTS_KEPT)
def _row_class(names: tuple[bytes | None, ...]) -> type:
    places = {(name or b"").decode(): place for place, name in enumerate(names)}
    value = tuple.__getitem__

    def getitem(row: tuple[Any, ...], key: Any) -> Any:
        return value(row, places[key] if key.__class__ is str else key)

    def keys(row: tuple[Any, ...]) -> Iterable[str]:
        return places.keys()

    return type("PostgresRow", (tuple,), {"__slots__": (), "__getitem__": getitem, "keys": keys})


class WholeNumberDumper(Int8Dumper):
    """Every whole number, True and False as well, is a BIGINT: one plan for each statement."""

    def dump(self, obj: Any) -> bytes:
        return b"%d" % obj


class SumLoader(Loader):
    """Sums of whole numbers are whole, averages are not; as SQLite gives them."""

    def load(self, data: Any) -> int | float:
        text = bytes(data)
        return float(text) if b"." in text or b"N" in text else int(text)


class TruthLoader(Loader):
    """What is true is 1 and what is not is 0, as SQLite gives it."""

    def load(self, data: Any) -> int:
        return int(bytes(data) == b"t")


def adapt(raw: psycopg.Connection[Any]) -> None:
    """Let values come and go as they do with SQLite."""
    for kind in (int, bool):
        raw.adapters.register_dumper(kind, WholeNumberDumper)
    raw.adapters.register_loader("numeric", SumLoader)
    raw.adapters.register_loader("bool", TruthLoader)
