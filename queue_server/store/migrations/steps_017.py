"""Step 17: whoever stands aside for a while is found without looking at everybody who waits."""

from __future__ import annotations

from sqlite_utils import Database

from queue_server.store.migrations.registry import migrations, run


@migrations(name="017_held_people_by_index")
def held_people_by_index(database: Database) -> None:
    """An index of the few people in their lock-out after a no-show, or who asked for more time."""
    run(
        database,
        """
        CREATE INDEX tickets_held ON tickets (site, held_until)
            WHERE state = 'waiting' AND held_until IS NOT NULL
        """,
    )
