"""008: the calling rule can be changed while the office runs, and tickets can be stopped."""

from __future__ import annotations

from sqlite_utils import Database

from queue_server.store.migrations.registry import migrations, run


@migrations(name="008_rules_in_force")
def rules_in_force(database: Database) -> None:
    """What the office decided at run time; a site without a row is as config.toml says."""
    run(
        database,
        """
        CREATE TABLE rules (
            site TEXT PRIMARY KEY,
            rule TEXT NOT NULL CHECK (rule IN ('due_first', 'strict', 'arrival', 'accumulating')),
            busy_from_minutes INTEGER NOT NULL,
            guard_after_minutes INTEGER NOT NULL,
            guard_every INTEGER NOT NULL,
            ratio REAL NOT NULL
        ) STRICT;
        CREATE TABLE ticket_stops (
            site TEXT NOT NULL,
            service TEXT NOT NULL,
            decided_by TEXT NOT NULL CHECK (decided_by IN ('forecast', 'clerk')),
            day TEXT NOT NULL,
            is_stopped INTEGER NOT NULL CHECK (is_stopped IN (0, 1)),
            reason TEXT NOT NULL,
            since INTEGER NOT NULL,
            work_ends_at INTEGER,
            PRIMARY KEY (site, service, decided_by)
        ) STRICT
        """,
    )
