"""Step 15: phones that are told of a call with the page closed."""

from __future__ import annotations

from sqlite_utils import Database

from queue_server.store.migrations.registry import migrations, run


@migrations(name="015_phones_are_told")
def phones_are_told(database: Database) -> None:
    """Where the phone of a ticket is told, and what it was told last. Gone with the visit."""
    run(
        database,
        """
        CREATE TABLE push_subscriptions (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            ticket INTEGER NOT NULL REFERENCES tickets (id),
            endpoint TEXT NOT NULL,
            p256dh TEXT NOT NULL,
            auth TEXT NOT NULL,
            language TEXT NOT NULL,
            told_call INTEGER NOT NULL DEFAULT 0,
            told_times INTEGER NOT NULL DEFAULT 0,
            told_soon INTEGER NOT NULL DEFAULT 0 CHECK (told_soon IN (0, 1)),
            tries INTEGER NOT NULL DEFAULT 0,
            next_try_at INTEGER NOT NULL DEFAULT 0,
            UNIQUE (ticket, endpoint)
        ) STRICT
        """,
    )
