"""Step 13: what holders say from their phones."""

from __future__ import annotations

from sqlite_utils import Database

from queue_server.store.migrations.registry import migrations, run


@migrations(name="013_holders_answer_their_calls")
def holders_answer_their_calls(database: Database) -> None:
    """Whether somebody has asked for a few minutes more, and to which call they said they come."""
    run(
        database,
        """
        ALTER TABLE tickets ADD COLUMN is_postponed INTEGER NOT NULL DEFAULT 0
            CHECK (is_postponed IN (0, 1));
        ALTER TABLE tickets ADD COLUMN coming_to INTEGER
        """,
    )
