"""The schema as text, so that every change of it is read by somebody.

After a migration, run `python -m tests.test_schema > tests/schema.sql` and read the difference.
"""

from __future__ import annotations

import sqlite3
import textwrap
from pathlib import Path

import sqlite_utils

from queue_server.store.migrations import migrations

REVIEWED = Path(__file__).with_name("schema.sql")


def schema_of(connection: sqlite3.Connection) -> str:
    """Every table, index and trigger of the schema, by name."""
    rows = connection.execute(
        """SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite~_%'
           ESCAPE '~' AND tbl_name != '_sqlite_migrations' ORDER BY tbl_name, type DESC, name"""
    )
    return "\n\n".join(f"{_tidy(sql)};" for (sql,) in rows)


def _tidy(sql: str) -> str:
    """The statement without the indentation of the migration that it stands in."""
    first, _, rest = sql.partition("\n")
    return f"{first}\n{textwrap.dedent(rest)}".rstrip()


def current_schema() -> str:
    database = sqlite_utils.Database(memory=True)
    migrations.apply(database)
    try:
        return schema_of(database.conn)
    finally:
        database.close()


def test_the_schema_is_the_one_that_was_reviewed():
    assert current_schema().splitlines() == REVIEWED.read_text().splitlines()


def test_every_table_is_strict():
    tables = [part for part in current_schema().split("\n\n") if part.startswith("CREATE TABLE")]

    assert [table for table in tables if not table.endswith("STRICT;")] == []


if __name__ == "__main__":
    print(current_schema())
