"""Steps 13 to 17: what holders say, other systems, signs of life, requests and removed clerks."""

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
