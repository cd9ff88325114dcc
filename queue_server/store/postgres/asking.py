"""Questions to PostgreSQL: as many in one trip as are known, each planned once on its connection.

psycopg's cursors take six times as much processor time for eight of them, going back and forth.
Its parts are used here: libpq's pipeline, and what turns values into text and back.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGresult
from psycopg.waiting import Ready, Wait

STATEMENTS_PREPARED = 300
UNREADABLE = "\ufffd"
# Planned for a schema that has changed since, or forgotten by the server.
STALE_PLANS: tuple[type[psycopg.Error], ...] = (
    errors.FeatureNotSupported, errors.InvalidSqlStatementName,
)  # fmt: skip
# A statement with `$1`, `$2`, … and their values.
Question = tuple[str, Sequence[Any]]
Plan = tuple[str, tuple[int, ...]]
# Stands for the end of a plan among those that are made.
ENDED: Plan = "", ()


class Asker:
    """Asks on one connection, which nobody else uses meanwhile."""

    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        self._raw, self._libpq = raw, raw.pgconn
        self._values = Transformer(raw)
        self._plans: dict[Plan, bytes] = {}
        self._planned = 0
        # Trips whose answers were not waited for.
        self._unread = 0

    def ask(self, questions: Sequence[Question]) -> list[PGresult]:
        """One trip. Raises psycopg.Error for the first that is refused; none after it is done."""
        plans = self._sent(questions)
        results: list[PGresult] = []
        try:
            self._raw.wait(self._answers(results))
        except psycopg.OperationalError as cut:
            # The server may have said why, before it hung up.
            raise (_refusal(results) or cut) from None
        self._libpq.exit_pipeline_mode()
        refused = _refusal(results)
        if refused is not None:
            self._forget(plans, results, refused)
            raise refused
        return [each for each, plan in zip(results, plans, strict=True) if plan is None]

    def send(self, statement: Question) -> None:
        """Wait for no answer, of which nothing is needed; whoever asks next reads it, too."""
        self._sent([statement])
        self._unread += 1
        self._libpq.flush()

    def settle(self) -> None:
        """Wait for the answers to what was sent."""
        if self._unread:
            self.ask([])

    def rows(self, result: PGresult) -> list[Any]:
        """By name and in order, as SQLite gives them."""
        self._values.set_pgresult(result)
        names = tuple(map(result.fname, range(result.nfields)))
        rows = self._values.load_rows(0, result.ntuples, row_class(names))
        # Else the last answer, which may be long, stays as long as the connection.
        self._values.set_pgresult(None)
        return rows

    # -- sending ---------------------------------------------------------------------------

    def _sent(self, questions: Sequence[Question]) -> list[Plan | None]:
        """What will be answered, in order: a plan that is made, or None for a question."""
        dumped = [(sql, *self._dumped(values)) for sql, values in questions]
        sent: list[Plan | None] = []
        self._libpq.enter_pipeline_mode()
        if len(self._plans) >= STATEMENTS_PREPARED:
            sent += self._end_plans()
        for sql, types, values in dumped:
            plan = sql, types
            if plan not in self._plans:
                self._libpq.send_prepare(self._new_name(plan), sql.encode(), types)
                sent.append(plan)
            self._libpq.send_query_prepared(self._plans[plan], values)
            sent.append(None)
        self._libpq.pipeline_sync()
        return sent

    def _end_plans(self) -> list[Plan]:
        """One by one, since a pooler between may know others under names of its own."""
        for name in self._plans.values():
            self._libpq.send_close_prepared(name)
        ended = [ENDED] * len(self._plans)
        self._plans.clear()
        return ended

    def _dumped(self, values: Sequence[Any]) -> tuple[tuple[int, ...], Sequence[Any]]:
        """Their types, and how they are written."""
        if not values:
            return (), ()
        formats = [PyFormat.TEXT] * len(values)
        try:
            texts = self._values.dump_sequence(values, formats)
        except psycopg.DataError:
            texts = self._values.dump_sequence([_storable(each) for each in values], formats)
        return tuple(self._values.types or ()), texts

    def _new_name(self, plan: Plan) -> bytes:
        self._planned += 1
        return self._plans.setdefault(plan, b"a%d" % self._planned)

    # -- answers ---------------------------------------------------------------------------

    def _answers(self, found: list[PGresult]) -> Generator[Wait, Ready | int, None]:
        """Finds those of this trip, after those that nobody has read."""
        libpq = self._libpq
        while libpq.flush():
            if (yield Wait.RW) & Ready.R:
                libpq.consume_input()
        while True:
            if libpq.is_busy():
                yield Wait.R
                libpq.consume_input()
            elif (result := libpq.get_result()) is None:
                self._must_be_there()
            elif result.status != ExecStatus.PIPELINE_SYNC:
                found.append(result)
            elif self._unread:
                self._pass_over(found)
            else:
                return

    def _must_be_there(self) -> None:
        """Nothing, which ends each answer, also comes for ever from a connection that is cut."""
        if self._libpq.status != ConnStatus.OK:
            raise psycopg.OperationalError("the connection is lost")

    def _pass_over(self, unread: list[PGresult]) -> None:
        """What was sent has to be done all the same, or the connection is of no more use."""
        refused = _refusal(unread)
        self._unread -= 1
        unread.clear()
        if refused is not None:
            raise psycopg.OperationalError(f"what nobody waited for was refused: {refused}")

    def _forget(
        self, plans: Sequence[Plan | None], results: Sequence[PGresult], refused: psycopg.Error
    ) -> None:
        """What should have been planned in a trip that failed is not, unless the server said so.

        One more answer than questions is a refusal at the end of all, as of what is checked there.
        """
        for plan, made in zip(plans, results, strict=False):
            if plan is not None and made.status != ExecStatus.COMMAND_OK:
                self._plans.pop(plan, None)
        if isinstance(refused, STALE_PLANS):
            self._plans.clear()


def _refusal(results: Iterable[PGresult]) -> psycopg.Error | None:
    """The server's own words for the first that it refused."""
    failed = (each for each in results if each.status == ExecStatus.FATAL_ERROR)
    found = next(failed, None)
    return None if found is None else errors.error_from_result(found)


def _storable(value: Any) -> Any:
    """PostgreSQL has no NUL in texts. Anybody can type one in, and it is nobody's name or token."""
    return value.replace("\0", UNREADABLE) if isinstance(value, str) else value


def rows_by_name(cursor: psycopg.Cursor[Any]) -> Callable[[Sequence[Any]], Any]:
    """psycopg's row factory, for what does not belong to snapshots and actions."""
    found = cursor.pgresult
    return row_class(tuple(map(found.fname, range(found.nfields)))) if found else tuple


@lru_cache(maxsize=512)
def row_class(names: tuple[bytes | None, ...]) -> Callable[[Sequence[Any]], Any]:
    """Rows as SQLite gives them, values by name and in order."""
    places = {(name or b"").decode(): place for place, name in enumerate(names)}
    value = tuple.__getitem__

    def getitem(row: tuple[Any, ...], key: Any) -> Any:
        return value(row, places[key] if key.__class__ is str else key)

    def keys(row: tuple[Any, ...]) -> Iterable[str]:
        return places.keys()

    return type("PostgresRow", (tuple,), {"__slots__": (), "__getitem__": getitem, "keys": keys})
