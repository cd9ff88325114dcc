"""001 to 004: people of the office, appointments, tickets, the journal."""

from __future__ import annotations

from sqlite_utils import Database

from queue_server.store.migrations.registry import migrations, run


@migrations(name="001_people_of_the_house")
def people_of_the_house(database: Database) -> None:
    run(
        database,
        """
        CREATE TABLE clerks (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            site TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('clerk', 'lead', 'admin')),
            password_hash TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            removed_at INTEGER
        ) STRICT;
        CREATE TABLE sessions (
            token_hash TEXT PRIMARY KEY,
            clerk INTEGER NOT NULL REFERENCES clerks (id),
            created_at INTEGER NOT NULL,
            seen_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX sessions_by_clerk ON sessions (clerk);
        CREATE TABLE devices (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            role TEXT NOT NULL CHECK (role IN ('kiosk', 'display')),
            site TEXT NOT NULL,
            place TEXT NOT NULL,
            code_hash TEXT UNIQUE,
            token_hash TEXT UNIQUE,
            created_at INTEGER NOT NULL,
            paired_at INTEGER,
            revoked_at INTEGER,
            seen_at INTEGER,
            sound TEXT CHECK (sound IN ('running', 'blocked', 'off'))
        ) STRICT;
        CREATE INDEX devices_by_place ON devices (site, role, place);
        CREATE TABLE counter_sessions (
            counter TEXT PRIMARY KEY,
            site TEXT NOT NULL,
            clerk INTEGER NOT NULL UNIQUE REFERENCES clerks (id),
            services TEXT NOT NULL,
            opened_at INTEGER NOT NULL,
            seen_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX counter_sessions_by_site ON counter_sessions (site)
        """,
    )


@migrations(name="002_appointments")
def appointments(database: Database) -> None:
    run(
        database,
        """
        CREATE TABLE appointments (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            site TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('reserved', 'preconfirmed', 'confirmed',
                'checked_in', 'cancelled', 'expired', 'missed')),
            services TEXT NOT NULL,
            persons INTEGER NOT NULL CHECK (persons >= 1),
            start_at INTEGER NOT NULL,
            end_at INTEGER NOT NULL,
            code TEXT NOT NULL UNIQUE,
            token TEXT NOT NULL UNIQUE,
            language TEXT NOT NULL,
            booked_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX appointments_by_start ON appointments (site, start_at);
        CREATE TABLE slot_holds (
            counter TEXT NOT NULL,
            start_at INTEGER NOT NULL,
            site TEXT NOT NULL,
            appointment INTEGER NOT NULL REFERENCES appointments (id),
            PRIMARY KEY (counter, start_at)
        ) STRICT;
        CREATE INDEX slot_holds_by_site ON slot_holds (site, start_at, counter);
        CREATE INDEX slot_holds_by_appointment ON slot_holds (appointment);
        CREATE TABLE people (
            appointment INTEGER PRIMARY KEY REFERENCES appointments (id),
            name TEXT NOT NULL,
            email TEXT NOT NULL,
            phone TEXT NOT NULL,
            delete_after INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX people_by_date ON people (delete_after)
        """,
    )


@migrations(name="003_tickets")
def tickets(database: Database) -> None:
    run(
        database,
        """
        CREATE TABLE tickets (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            site TEXT NOT NULL,
            day TEXT NOT NULL,
            letter TEXT NOT NULL,
            count INTEGER NOT NULL,
            number TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('walk_in', 'appointment')),
            state TEXT NOT NULL CHECK (state IN ('waiting', 'called', 'serving', 'served',
                'parked', 'no_show', 'cancelled')),
            services TEXT NOT NULL,
            service TEXT NOT NULL,
            persons INTEGER NOT NULL CHECK (persons >= 1),
            minutes INTEGER NOT NULL,
            language TEXT NOT NULL,
            token TEXT NOT NULL UNIQUE,
            appointment INTEGER UNIQUE REFERENCES appointments (id),
            issued_at INTEGER NOT NULL,
            due_at INTEGER,
            is_late INTEGER NOT NULL DEFAULT 0 CHECK (is_late IN (0, 1)),
            rank_class INTEGER NOT NULL CHECK (rank_class IN (0, 1, 2)),
            came_at INTEGER NOT NULL,
            waits_since INTEGER NOT NULL,
            counter TEXT,
            call INTEGER,
            calls INTEGER NOT NULL DEFAULT 0,
            called_at INTEGER,
            serving_at INTEGER,
            bound_to TEXT,
            precedence TEXT,
            held_until INTEGER,
            changed_at INTEGER NOT NULL,
            CHECK ((state IN ('called', 'serving')) = (counter IS NOT NULL)),
            UNIQUE (site, day, letter, count)
        ) STRICT;
        CREATE UNIQUE INDEX tickets_alive_number ON tickets (site, number)
            WHERE state IN ('waiting', 'called', 'serving', 'parked', 'no_show');
        CREATE UNIQUE INDEX tickets_at_counter ON tickets (counter)
            WHERE state IN ('called', 'serving');
        CREATE INDEX tickets_waiting ON tickets (site, rank_class, came_at, issued_at, id)
            WHERE state = 'waiting';
        CREATE INDEX tickets_waiting_since ON tickets (site, rank_class, waits_since, issued_at, id)
            WHERE state = 'waiting';
        CREATE INDEX tickets_by_state ON tickets (site, state);
        CREATE TABLE calls (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            site TEXT NOT NULL,
            ticket INTEGER NOT NULL REFERENCES tickets (id),
            counter TEXT NOT NULL,
            clerk INTEGER NOT NULL,
            at INTEGER NOT NULL,
            last_at INTEGER NOT NULL,
            times INTEGER NOT NULL DEFAULT 1,
            reason TEXT NOT NULL,
            pool TEXT NOT NULL,
            contested INTEGER NOT NULL CHECK (contested IN (0, 1)),
            guard INTEGER NOT NULL CHECK (guard IN (0, 1))
        ) STRICT;
        CREATE INDEX calls_contested ON calls (site, pool, id) WHERE contested = 1;
        CREATE INDEX calls_by_ticket ON calls (ticket);
        CREATE TABLE idempotency (
            site TEXT NOT NULL,
            key TEXT NOT NULL,
            ticket INTEGER NOT NULL REFERENCES tickets (id),
            at INTEGER NOT NULL,
            PRIMARY KEY (site, key)
        ) STRICT
        """,
    )


@migrations(name="004_journal")
def journal(database: Database) -> None:
    run(
        database,
        """
        CREATE TABLE journal (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            site TEXT NOT NULL,
            name TEXT NOT NULL,
            ticket INTEGER,
            appointment INTEGER,
            counter TEXT,
            clerk INTEGER,
            data TEXT NOT NULL
        ) STRICT;
        CREATE INDEX journal_by_site ON journal (site, seq);
        CREATE INDEX journal_by_name ON journal (site, name, at);
        CREATE INDEX journal_by_ticket ON journal (ticket, seq) WHERE ticket IS NOT NULL
        """,
    )
    for change in ("UPDATE", "DELETE"):
        database.conn.execute(
            f"""CREATE TRIGGER journal_refuses_{change.lower()} BEFORE {change} ON journal
                BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"""
        )
