"""One end of a move is a database on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager

import psycopg
from psycopg.rows import tuple_row

from queue_server.domain.database_address import place_of
from queue_server.domain.errors import StorageFailed
from queue_server.store.moving.tables import (
    FILLED_BY_SCHEMA,
    StoredTable,
    Values,
    all_tables,
    refuse_taken,
    refuse_unready,
)
from queue_server.store.postgres import schema
from queue_server.store.postgres.connecting import Raw, connect, in_one_line, trouble_told
from queue_server.store.postgres.line import SERVING

SERVED = "an Aufruf server is running on it; stop it first"
NUL = "{table} ({key}) holds a NUL character in {column}, which PostgreSQL can't keep"
SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
# Between two rows a whole disk may be written.
PATIENT = "SET idle_in_transaction_session_timeout = 0"
ROWS_AT_ONCE = 2_000


class PostgresEnd:
    """Reads and writes all rows through one connection, inside one transaction."""

    def __init__(self, raw: Raw, place: str) -> None:
        self._raw = raw
        self.place = place

    def has_rows(self, table: StoredTable) -> bool:
        return bool(self._values(f"SELECT 1 FROM {table.name} LIMIT 1"))

    def count(self, table: StoredTable) -> int:
        return int(self._values(f"SELECT count(*) FROM {table.name}")[0][0])

    def rows(self, table: StoredTable) -> Iterator[Values]:
        """Streamed, so that the longest journal fits into the smallest memory."""
        with self._raw.cursor(f"all_{table.name}", row_factory=tuple_row) as cursor:
            cursor.itersize = ROWS_AT_ONCE
            cursor.execute(table.all_rows)
            yield from cursor

    def highest_number(self, table: StoredTable) -> int:
        """The last number that a counting table has ever given; 0 for none."""
        found = self._values(f"SELECT last_value, is_called FROM {self._sequence(table)}")
        number, is_used = found[0]
        return int(number) if is_used else 0

    def write(self, table: StoredTable, rows: Iterable[Values]) -> None:
        into = f"COPY {table.name} ({', '.join(table.columns)}) FROM STDIN"
        with self._raw.cursor() as cursor, cursor.copy(into) as copy:
            for row in rows:
                self._refuse_nul(table, row)
                copy.write_row(row)

    def count_on_from(self, table: StoredTable, number: int) -> None:
        """The next row gets a number above this one, also when rows were deleted."""
        where = self._sequence(table)
        self._values(f"SELECT setval('{where}', {max(number, 1)}, {number > 0})")

    def _refuse_nul(self, table: StoredTable, row: Values) -> None:
        for column, value in zip(table.columns, row, strict=True):
            if isinstance(value, str) and "\0" in value:
                key = table.key_of(row).replace("\0", "?")
                reason = NUL.format(table=table.name, key=key, column=column)
                raise StorageFailed(path=self.place, reason=reason)

    def _sequence(self, table: StoredTable) -> str:
        sql = f"SELECT pg_get_serial_sequence('{table.name}', '{table.key[0]}')"
        return str(self._values(sql)[0][0])

    def _values(self, sql: str) -> list[Values]:
        with self._raw.cursor(row_factory=tuple_row) as cursor:
            return cursor.execute(sql).fetchall()


@contextmanager
def source_database(url: str) -> Iterator[PostgresEnd]:
    """All that the database holds, at one moment. Raises `StorageFailed`."""
    with _alone(url) as raw:
        schema.refuse_newer(raw, place_of(url))
        refuse_unready(*schema.steps(raw), place_of(url))
        raw.execute(SNAPSHOT)
        yield PostgresEnd(raw, place_of(url))
        raw.execute("ROLLBACK")


@contextmanager
def target_database(url: str) -> Iterator[PostgresEnd]:
    """An empty database; what the block writes is kept when it has ended without a fault.

    Raises `StorageFailed`.
    """
    with _alone(url) as raw:
        end = PostgresEnd(raw, place_of(url))
        schema.upgrade(raw, end.place)
        raw.execute("BEGIN")
        refuse_taken(end.has_rows, all_tables(), end.place)
        raw.execute(f"DELETE FROM {FILLED_BY_SCHEMA}")
        yield end
        raw.execute("COMMIT")


@contextmanager
def _alone(url: str) -> Iterator[Raw]:
    """A connection while no server is at work. Raises `StorageFailed`, also for wrong rights."""
    place = place_of(url)
    try:
        with trouble_told(place), closing(connect(url)) as raw:
            raw.execute(PATIENT)
            found = raw.execute(f"SELECT pg_try_advisory_lock({SERVING}) AS alone").fetchall()
            if not found[0]["alone"]:
                raise StorageFailed(path=place, reason=SERVED)
            yield raw
    except psycopg.Error as error:
        raise StorageFailed(path=place, reason=in_one_line(error)) from error
