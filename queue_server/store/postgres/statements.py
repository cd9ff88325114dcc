"""The shared dialect as PostgreSQL and psycopg want it: statements, parameters, rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

import psycopg
from psycopg.adapt import Loader
from psycopg.pq.abc import PGresult
from psycopg.types.numeric import Int8Dumper

from queue_server.store.database import NO_PARAMS, Params, Row
from queue_server.store.postgres.asking import Asker, Question

# What is in quotes is text, whatever it looks like.
NAMED = re.compile(r"('(?:[^']|'')*')|(?<![:\w]):([a-z_][a-z0-9_]*)")
STATEMENTS_KEPT = 512


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


class PostgresReader:
    """Rows by name on one connection."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    def together(self, questions: Sequence[tuple[str, Params]]) -> list[list[Row]]:
        """The rows of each of these statements, all fetched in one trip."""
        return [self._asker.rows(each) for each in self._asked([of(*each) for each in questions])]

    def rows(self, sql: str, params: Params = NO_PARAMS) -> list[Row]:
        (found,) = self._asked([of(sql, params)])
        return self._asker.rows(found)

    def row(self, sql: str, params: Params = NO_PARAMS) -> Row | None:
        rows = self.rows(sql, params)
        return rows[0] if rows else None

    def write(self, sql: str, params: Params = NO_PARAMS) -> int:
        """Run a change and return how many rows it met; look at that number."""
        (done,) = self._asked([of(sql, params)])
        return done.command_tuples or 0

    def _asked(self, questions: list[Question]) -> list[PGresult]:
        return self._asker.ask(questions)


def of(sql: str, params: Params) -> Question:
    """A statement of the shared dialect as PostgreSQL is asked it."""
    text, values = numbered(sql)
    return text, values(params)


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
