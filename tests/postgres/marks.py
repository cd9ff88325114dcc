"""Marks that tests leave through a store, and what PostgreSQL says of the store's connections."""

from __future__ import annotations

OURS = """SELECT COUNT(*) AS found FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'aufruf'
    AND pid <> pg_backend_pid()"""
IDLE = """SELECT COUNT(*) AS found FROM pg_stat_activity WHERE datname = current_database()
    AND application_name = 'aufruf' AND state LIKE 'idle in transaction%'"""
CUT_OFF = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


def put(tx, name, value="x"):
    tx.write(
        "INSERT INTO marks (name, value) VALUES (:name, :value)", {"name": name, "value": value}
    )


def kept(store):
    with store.snapshot() as snapshot:
        rows = snapshot.rows("SELECT name FROM marks WHERE name LIKE 'm%' ORDER BY name")
    return [row["name"] for row in rows]


def found(outside, sql):
    return outside.execute(sql).fetchall()[0]["found"]


def look_twice(store):
    with store.snapshot() as snapshot:
        snapshot.rows("SELECT 1 AS one")
        snapshot.rows("SELECT 2 AS two")


def look_at_once(store):
    store.at_once([("SELECT 1 AS one", {}), ("SELECT 2 AS two", {})])
