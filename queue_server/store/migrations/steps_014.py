"""Step 14: other systems that are told what happens, and programs that ask."""

from __future__ import annotations

from sqlite_utils import Database

from queue_server.store.migrations.registry import migrations, run


@migrations(name="014_webhooks_and_tokens")
def webhooks_and_tokens(database: Database) -> None:
    """`hook` is a hash of an address. Of a token only its hash is kept.

    A token that acts like a clerk has a row among the clerks, which nobody can sign in to.
    """
    run(
        database,
        """
        CREATE TABLE webhooks (
            hook TEXT PRIMARY KEY,
            failures INTEGER NOT NULL DEFAULT 0,
            rests_until INTEGER NOT NULL DEFAULT 0,
            claimed_until INTEGER NOT NULL DEFAULT 0,
            delivered_at INTEGER,
            trouble TEXT NOT NULL DEFAULT ''
        ) STRICT;
        CREATE TABLE webhook_progress (
            hook TEXT NOT NULL,
            site TEXT NOT NULL,
            collected_to INTEGER NOT NULL,
            PRIMARY KEY (hook, site)
        ) STRICT;
        CREATE TABLE deliveries (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            hook TEXT NOT NULL,
            site TEXT NOT NULL,
            seq INTEGER NOT NULL,
            event TEXT NOT NULL,
            body TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'given_up')),
            made_at INTEGER NOT NULL,
            next_try_at INTEGER NOT NULL,
            tries INTEGER NOT NULL DEFAULT 0,
            trouble TEXT NOT NULL DEFAULT '',
            ended_at INTEGER,
            UNIQUE (hook, seq)
        ) STRICT;
        CREATE INDEX deliveries_waiting ON deliveries (hook, id) WHERE state = 'waiting';
        CREATE INDEX deliveries_by_site ON deliveries (site, id);
        CREATE INDEX deliveries_ended ON deliveries (ended_at) WHERE ended_at IS NOT NULL;
        ALTER TABLE clerks ADD COLUMN is_program INTEGER NOT NULL DEFAULT 0
            CHECK (is_program IN (0, 1));
        CREATE TABLE api_tokens (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            site TEXT NOT NULL,
            scope TEXT NOT NULL CHECK (scope IN ('read', 'kiosk', 'clerk', 'lead')),
            token_hash TEXT NOT NULL UNIQUE,
            clerk INTEGER REFERENCES clerks (id),
            created_at INTEGER NOT NULL,
            seen_at INTEGER,
            revoked_at INTEGER
        ) STRICT;
        CREATE UNIQUE INDEX api_tokens_by_name ON api_tokens (name) WHERE revoked_at IS NULL
        """,
    )
