"""The list that every step joins, in the order in which the files are imported."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("aufruf")


def run(database: Database, script: str) -> None:
    """Execute statements that are parted by semicolons."""
    for statement in script.split(";"):
        if statement.strip():
            database.conn.execute(statement)
