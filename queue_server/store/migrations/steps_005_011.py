"""005 to 011: bookings, letters, deciding at run time, and people kept after the visit."""

from __future__ import annotations

from sqlite_utils import Database

from queue_server.store.migrations.registry import migrations, run


@migrations(name="005_citizens_book")
def citizens_book(database: Database) -> None:
    """Bookings that end by themselves, days with other hours, letters, proofs of work."""
    run(
        database,
        """
        ALTER TABLE appointments ADD COLUMN expires_at INTEGER;
        ALTER TABLE appointments ADD COLUMN confirmation_key TEXT;
        ALTER TABLE appointments ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX appointments_by_expiry ON appointments (site, expires_at)
            WHERE expires_at IS NOT NULL;
        CREATE INDEX people_by_address ON people (lower(email));
        CREATE INDEX journal_by_appointment ON journal (appointment, seq)
            WHERE appointment IS NOT NULL;
        ALTER TABLE tickets ADD COLUMN missing TEXT NOT NULL DEFAULT '[]';
        CREATE TABLE special_days (
            site TEXT NOT NULL,
            day TEXT NOT NULL,
            spans TEXT NOT NULL,
            notice TEXT NOT NULL,
            PRIMARY KEY (site, day)
        ) STRICT;
        CREATE TABLE letters (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            site TEXT NOT NULL,
            appointment INTEGER NOT NULL REFERENCES appointments (id),
            kind TEXT NOT NULL CHECK (kind IN ('confirmation', 'booked', 'moved', 'cancelled',
                'cancelled_by_office', 'reminder')),
            cause INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'refused', 'dropped')),
            made_at INTEGER NOT NULL,
            next_try_at INTEGER NOT NULL,
            tries INTEGER NOT NULL DEFAULT 0,
            trouble TEXT NOT NULL DEFAULT '',
            ended_at INTEGER,
            UNIQUE (appointment, kind, cause)
        ) STRICT;
        CREATE INDEX letters_waiting ON letters (next_try_at, id) WHERE state = 'waiting';
        CREATE TABLE marks (
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT;
        CREATE TABLE proofs (
            challenge TEXT PRIMARY KEY,
            expires_at INTEGER NOT NULL
        ) STRICT
        """,
    )
    # Whoever was booked before letters existed is not written to about it today.
    database.conn.execute(
        """INSERT INTO marks (name, value)
           SELECT 'letters_made_up_to', CAST(COALESCE(MAX(seq), 0) AS TEXT) FROM journal"""
    )


@migrations(name="006_cells_of_a_counter")
def cells_of_a_counter(database: Database) -> None:
    """A visit holds five-minute cells instead of steps, and a freed cell rests for a while.

    Steps can be changed in config.toml; cells cannot, so that the constraint that refuses double
    bookings holds whatever the configuration said when somebody booked.
    """
    run(
        database,
        """
        CREATE TABLE cells (
            counter TEXT NOT NULL,
            start_at INTEGER NOT NULL CHECK (start_at % 300000 = 0),
            site TEXT NOT NULL,
            appointment INTEGER REFERENCES appointments (id),
            free_at INTEGER,
            PRIMARY KEY (counter, start_at),
            CHECK ((appointment IS NULL) = (free_at IS NOT NULL))
        ) STRICT;
        CREATE INDEX cells_by_site ON cells (site, start_at, counter);
        CREATE INDEX cells_by_appointment ON cells (appointment) WHERE appointment IS NOT NULL;
        CREATE INDEX cells_resting ON cells (free_at) WHERE free_at IS NOT NULL
        """,
    )
    held = database.conn.execute(
        """SELECT h.counter, h.site, h.appointment, MIN(h.start_at), a.end_at FROM slot_holds h
           JOIN appointments a ON a.id = h.appointment GROUP BY h.counter, h.appointment"""
    ).fetchall()
    for counter, site, appointment, start_at, end_at in held:
        for cell in range(start_at - start_at % 300_000, end_at, 300_000):
            database.conn.execute(
                """INSERT INTO cells (counter, start_at, site, appointment)
                   VALUES (?, ?, ?, ?) ON CONFLICT (counter, start_at) DO NOTHING""",
                (counter, cell, site, appointment),
            )
    database.conn.execute("DROP TABLE slot_holds")


@migrations(name="007_free_times_are_read_from_an_index")
def free_times_are_read_from_an_index(database: Database) -> None:
    """The calendar reads thousands of cells at once; now it need not look up each row as well."""
    run(
        database,
        """
        DROP INDEX cells_by_site;
        CREATE INDEX cells_by_site ON cells (site, start_at, counter, appointment, free_at)
        """,
    )


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


@migrations(name="009_letters_to_an_address")
def letters_to_an_address(database: Database) -> None:
    """`address` is a keyed hash, kept for a day; it outlives the booking and its person."""
    run(
        database,
        """
        CREATE TABLE unasked_letters (
            letter INTEGER PRIMARY KEY,
            address TEXT NOT NULL,
            sent_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX unasked_letters_by_address ON unasked_letters (address, sent_at)
        """,
    )


@migrations(name="011_people_are_kept_after_the_visit")
def people_are_kept_after_the_visit(database: Database) -> None:
    """A number of days in place of a date; who is known by now keeps what was promised."""
    run(
        database,
        """
        ALTER TABLE people ADD COLUMN keep_days INTEGER NOT NULL DEFAULT 0 CHECK (keep_days >= 0);
        UPDATE people SET keep_days = COALESCE((
            SELECT CASE WHEN delete_after > a.end_at THEN (delete_after - a.end_at) / 86400000
                   ELSE 0 END
            FROM appointments a WHERE a.id = people.appointment
                AND a.state NOT IN ('reserved', 'preconfirmed')), 0);
        DROP INDEX people_by_date;
        ALTER TABLE people DROP COLUMN delete_after
        """,
    )
