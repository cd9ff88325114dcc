"""Step 16: clerks call each other for help."""

from __future__ import annotations

from sqlite_utils import Database

from queue_server.store.migrations.registry import migrations, run


@migrations(name="016_clerks_call_for_help")
def clerks_call_for_help(database: Database) -> None:
    """Who calls for help now, from which counter, and who said first that they come."""
    run(
        database,
        """
        CREATE TABLE help_calls (
            clerk INTEGER PRIMARY KEY REFERENCES clerks (id),
            site TEXT NOT NULL,
            counter TEXT NOT NULL,
            called_at INTEGER NOT NULL,
            helper INTEGER REFERENCES clerks (id)
        ) STRICT;
        CREATE INDEX help_calls_by_site ON help_calls (site)
        """,
    )
