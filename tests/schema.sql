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

CREATE UNIQUE INDEX api_tokens_by_name ON api_tokens (name) WHERE revoked_at IS NULL;

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
, expires_at INTEGER, confirmation_key TEXT, sequence INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX appointments_by_expiry ON appointments (site, expires_at)
WHERE expires_at IS NOT NULL;

CREATE INDEX appointments_by_start ON appointments (site, start_at);

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

CREATE INDEX calls_by_ticket ON calls (ticket);

CREATE INDEX calls_contested ON calls (site, pool, id) WHERE contested = 1;

CREATE TABLE cells (
    counter TEXT NOT NULL,
    start_at INTEGER NOT NULL CHECK (start_at % 300000 = 0),
    site TEXT NOT NULL,
    appointment INTEGER REFERENCES appointments (id),
    free_at INTEGER,
    PRIMARY KEY (counter, start_at),
    CHECK ((appointment IS NULL) = (free_at IS NOT NULL))
) STRICT;

CREATE INDEX cells_by_appointment ON cells (appointment) WHERE appointment IS NOT NULL;

CREATE INDEX cells_by_site ON cells (site, start_at, counter, appointment, free_at);

CREATE INDEX cells_resting ON cells (free_at) WHERE free_at IS NOT NULL;

CREATE TABLE clerks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    site TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('clerk', 'lead', 'admin')),
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    removed_at INTEGER
, is_program INTEGER NOT NULL DEFAULT 0
    CHECK (is_program IN (0, 1))) STRICT;

CREATE TABLE counter_sessions (
    counter TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    clerk INTEGER NOT NULL UNIQUE REFERENCES clerks (id),
    services TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;

CREATE INDEX counter_sessions_by_site ON counter_sessions (site);

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

CREATE INDEX deliveries_by_site ON deliveries (site, id);

CREATE INDEX deliveries_ended ON deliveries (ended_at) WHERE ended_at IS NOT NULL;

CREATE INDEX deliveries_waiting ON deliveries (hook, id) WHERE state = 'waiting';

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

CREATE TABLE help_calls (
    clerk INTEGER PRIMARY KEY REFERENCES clerks (id),
    site TEXT NOT NULL,
    counter TEXT NOT NULL,
    called_at INTEGER NOT NULL,
    helper INTEGER REFERENCES clerks (id)
) STRICT;

CREATE INDEX help_calls_by_site ON help_calls (site);

CREATE TABLE idempotency (
    site TEXT NOT NULL,
    key TEXT NOT NULL,
    ticket INTEGER NOT NULL REFERENCES tickets (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (site, key)
) STRICT;

CREATE TRIGGER journal_refuses_delete BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_refuses_update BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

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

CREATE INDEX journal_by_appointment ON journal (appointment, seq)
WHERE appointment IS NOT NULL;

CREATE INDEX journal_by_name ON journal (site, name, at);

CREATE INDEX journal_by_site ON journal (site, seq);

CREATE INDEX journal_by_ticket ON journal (ticket, seq) WHERE ticket IS NOT NULL;

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

CREATE TABLE people (
appointment INTEGER PRIMARY KEY REFERENCES appointments (id),
name TEXT NOT NULL,
email TEXT NOT NULL,
phone TEXT NOT NULL,
keep_days INTEGER NOT NULL DEFAULT 0 CHECK (keep_days >= 0)) STRICT;

CREATE INDEX people_by_address ON people (lower(email));

CREATE TABLE proofs (
    challenge TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT;

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
) STRICT;

CREATE TABLE rules (
    site TEXT PRIMARY KEY,
    rule TEXT NOT NULL CHECK (rule IN ('due_first', 'strict', 'arrival', 'accumulating')),
    busy_from_minutes INTEGER NOT NULL,
    guard_after_minutes INTEGER NOT NULL,
    guard_every INTEGER NOT NULL,
    ratio REAL NOT NULL
) STRICT;

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    clerk INTEGER NOT NULL REFERENCES clerks (id),
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_by_clerk ON sessions (clerk);

CREATE TABLE special_days (
    site TEXT NOT NULL,
    day TEXT NOT NULL,
    spans TEXT NOT NULL,
    notice TEXT NOT NULL,
    PRIMARY KEY (site, day)
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
) STRICT;

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
    changed_at INTEGER NOT NULL, missing TEXT NOT NULL DEFAULT '[]', is_postponed INTEGER NOT NULL DEFAULT 0
    CHECK (is_postponed IN (0, 1)), coming_to INTEGER,
    CHECK ((state IN ('called', 'serving')) = (counter IS NOT NULL)),
    UNIQUE (site, day, letter, count)
) STRICT;

CREATE UNIQUE INDEX tickets_alive_number ON tickets (site, number)
WHERE state IN ('waiting', 'called', 'serving', 'parked', 'no_show');

CREATE UNIQUE INDEX tickets_at_counter ON tickets (counter)
WHERE state IN ('called', 'serving');

CREATE INDEX tickets_by_state ON tickets (site, state);

CREATE INDEX tickets_held ON tickets (site, held_until)
WHERE state = 'waiting' AND held_until IS NOT NULL;

CREATE INDEX tickets_waiting ON tickets (site, rank_class, came_at, issued_at, id)
WHERE state = 'waiting';

CREATE INDEX tickets_waiting_since ON tickets (site, rank_class, waits_since, issued_at, id)
WHERE state = 'waiting';

CREATE TABLE unasked_letters (
    letter INTEGER PRIMARY KEY,
    address TEXT NOT NULL,
    sent_at INTEGER NOT NULL
) STRICT;

CREATE INDEX unasked_letters_by_address ON unasked_letters (address, sent_at);

CREATE TABLE webhook_progress (
    hook TEXT NOT NULL,
    site TEXT NOT NULL,
    collected_to INTEGER NOT NULL,
    PRIMARY KEY (hook, site)
) STRICT;

CREATE TABLE webhooks (
    hook TEXT PRIMARY KEY,
    failures INTEGER NOT NULL DEFAULT 0,
    rests_until INTEGER NOT NULL DEFAULT 0,
    claimed_until INTEGER NOT NULL DEFAULT 0,
    delivered_at INTEGER,
    trouble TEXT NOT NULL DEFAULT ''
) STRICT;
