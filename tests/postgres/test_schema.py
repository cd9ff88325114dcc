"""Both engines keep the same: tables, columns, types, keys, checks, indexes, guards."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import psycopg
import pytest
import sqlite_utils

from queue_server.domain.errors import StorageFailed
from queue_server.store.migrations import migrations
from queue_server.store.postgres import schema
from queue_server.store.postgres.connecting import connect
from queue_server.store.postgres.engine import PostgresEngine
from tests.postgres_cluster import url_of

# What only PostgreSQL needs: locks for many writers, and its own list of steps.
OWN = {"site_locks", "migration_steps"}
TYPES = {"INTEGER": "bigint", "TEXT": "text", "REAL": "double precision"}
COLUMNS = """SELECT table_name, column_name, data_type, is_nullable = 'NO' AS required,
    column_default, is_identity = 'YES' AS counts, collation_name FROM information_schema.columns
    WHERE table_schema = 'public'"""
KEYS = """SELECT conrelid::regclass::text AS name, contype::text AS kind,
    pg_get_constraintdef(oid) AS words FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace"""
INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"


@pytest.fixture(scope="module")
def file():
    database = sqlite_utils.Database(memory=True)
    migrations.apply(database)
    yield database.conn
    database.close()


@pytest.fixture
def server(url):
    with closing(connect(url)) as raw:
        yield raw


def tables(file: sqlite3.Connection) -> list[str]:
    rows = file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return [name for (name,) in rows if "sqlite" not in name]


def words_of(file: sqlite3.Connection, name: str) -> str:
    row = file.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    return str(row[0])


def test_every_table_has_the_same_columns(file, server):
    ours = {
        (table, name, TYPES[kind], bool(required or key), default and default.strip("'"))
        for table in tables(file)
        for _, name, kind, required, default, key in file.execute(f"PRAGMA table_info({table})")
    }
    theirs = {
        (row["table_name"], row["column_name"], row["data_type"], bool(row["required"]),
         row["column_default"] and row["column_default"].removesuffix("::text").strip("'"))
        for row in server.execute(COLUMNS).fetchall()
        if row["table_name"] not in OWN
    }  # fmt: skip

    assert theirs == ours and len(ours) > 150


def test_the_same_keys_count_up(file, server):
    ours = {name for name in tables(file) if "AUTOINCREMENT" in words_of(file, name)}
    theirs = {row["table_name"] for row in server.execute(COLUMNS).fetchall() if row["counts"]}

    assert theirs == ours and "journal" in ours


def test_text_is_compared_byte_by_byte(server):
    found = [row for row in server.execute(COLUMNS).fetchall() if row["data_type"] == "text"]

    assert {row["collation_name"] for row in found} == {"C"}
    assert server.execute("SELECT 'b' < 'A' AS by_letter").fetchall()[0]["by_letter"] == 0


def test_unique_and_primary_keys_are_the_same(file, server):
    ours = set()
    for table in tables(file):
        for _, index, is_unique, origin, _ in file.execute(f"PRAGMA index_list({table})"):
            if is_unique and origin in "up":
                columns = [row[2] for row in file.execute(f"PRAGMA index_info({index})")]
                ours.add((table, origin, tuple(columns)))
        keys = [row[1] for row in file.execute(f"PRAGMA table_info({table})") if row[5]]
        ours.add((table, "p", tuple(keys)))
    theirs = {
        (row["name"], row["kind"], tuple(re.findall(r"\w+", row["words"].split("(")[1])))
        for row in server.execute(KEYS).fetchall()
        if row["kind"] in "up" and row["name"] not in OWN
    }

    assert theirs == ours and len(ours) > 30


def test_foreign_keys_are_the_same(file, server):
    ours = {
        (table, f"FOREIGN KEY ({key[3]}) REFERENCES {key[2]}({key[4]})")
        for table in tables(file)
        for key in file.execute(f"PRAGMA foreign_key_list({table})")
    }
    theirs = {
        (row["name"], row["words"]) for row in server.execute(KEYS).fetchall() if row["kind"] == "f"
    }

    assert theirs == ours and len(ours) >= 12


def test_checks_are_the_same(file, server):
    """PostgreSQL rewrites what it was told; so what SQLite was told is put to it as well."""
    ours = {
        (table, asked_back(server, table, check))
        for table in tables(file)
        for check in checks_in(words_of(file, table))
    }
    theirs = {
        (row["name"], row["words"]) for row in server.execute(KEYS).fetchall() if row["kind"] == "c"
    }

    assert theirs == ours and len(ours) > 20


def checks_in(words: str) -> list[str]:
    """The text inside of each `CHECK (…)`, parentheses inside of it included."""
    found = []
    for start in re.finditer(r"CHECK \(", words):
        depth, end = 1, start.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(words[end], 0)
            end += 1
        found.append(words[start.end() : end - 1])
    return found


def asked_back(server: psycopg.Connection, table: str, check: str) -> str:
    server.execute("BEGIN")
    server.execute(f"ALTER TABLE {table} ADD CONSTRAINT asked CHECK ({check})")
    row = server.execute(KEYS + " AND conname = 'asked'").fetchall()[0]
    server.execute("ROLLBACK")
    return str(row["words"])


def test_indexes_are_the_same(file, server):
    rows = file.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        " AND tbl_name NOT LIKE '%sqlite%'"
    )
    ours = dict(rows.fetchall())
    theirs = {row["indexname"]: row["indexdef"] for row in server.execute(INDEXES).fetchall()}
    made = {name: theirs.get(name, "") for name in ours}

    assert {name: told(server, sql) for name, sql in ours.items()} == made
    of_keys = {n for n in theirs if n not in ours}
    assert all(name.endswith(("_pkey", "_key")) for name in of_keys), of_keys


def told(server: psycopg.Connection, sql: str) -> str:
    """How PostgreSQL says this index, made anew under its own name."""
    name = re.search(r"INDEX (\w+)", sql)
    assert name
    server.execute("BEGIN")
    server.execute(f"DROP INDEX {name[1]}")
    server.execute(sql)
    found = server.execute(f"{INDEXES} AND indexname = $1", (name[1],)).fetchall()
    server.execute("ROLLBACK")
    return str(found[0]["indexdef"])


@pytest.mark.parametrize("change", ["UPDATE journal SET at = 0", "DELETE FROM journal"])
def test_the_journal_is_append_only(server, change):
    server.execute("INSERT INTO journal (at, site, name, data) VALUES (1, 'rathaus', 'X', '{}')")

    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        server.execute(change)


# -- steps ---------------------------------------------------------------------------------


@pytest.fixture
def later():
    """A step that comes after all others, as those who write it write it for SQLite."""

    @migrations(name="900_later")
    def add(database):
        for statement in (
            "CREATE TABLE later (id INTEGER PRIMARY KEY AUTOINCREMENT, said TEXT NOT NULL) STRICT",
            "ALTER TABLE clerks ADD COLUMN later INTEGER REFERENCES later (id)",
        ):
            database.conn.execute(statement)

    yield "900_later"
    migrations._migrations.pop()


@pytest.fixture
def nobodys(tmp_path):
    """An empty database, which only this test uses."""
    name = f"empty_{tmp_path.name}".lower()
    with psycopg.connect(url_of("postgres"), autocommit=True) as raw:
        raw.execute(f'CREATE DATABASE "{name}" STRATEGY file_copy')
    engine = PostgresEngine(url_of(name), durability="normal")
    yield engine
    engine.close()
    with psycopg.connect(url_of("postgres"), autocommit=True) as raw:
        raw.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_a_new_database_has_all_steps_behind_it(nobodys):
    assert nobodys.migrate() == [step.name for step in schema.all_steps()]
    assert nobodys.migrate() == [] and nobodys.steps()[1] == []


def test_a_later_step_is_written_once_and_applied_alone(nobodys, request):
    nobodys.migrate()
    later = request.getfixturevalue("later")

    assert nobodys.steps()[1] == [later]
    assert nobodys.migrate() == [later]
    with nobodys.snapshot() as snapshot:
        kept = snapshot.rows("SELECT name FROM clerks WHERE later IS NULL")
    assert kept == []


def test_a_database_of_a_newer_aufruf_is_refused(nobodys, request):
    request.getfixturevalue("later")
    nobodys.migrate()
    step = migrations._migrations.pop()
    try:
        with pytest.raises(StorageFailed) as refusal:
            nobodys.migrate()
        assert "900_later" in refusal.value.facts["reason"]
        with pytest.raises(StorageFailed):
            nobodys.refuse_newer()
    finally:
        migrations._migrations.append(step)


def test_a_step_that_fails_leaves_nothing_behind(nobodys):
    @migrations(name="900_wrong")
    def wrong(database):
        database.conn.execute("CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT")
        database.conn.execute("CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT")

    try:
        with pytest.raises(psycopg.errors.DuplicateTable):
            nobodys.migrate()
        assert nobodys.steps()[0] == []
    finally:
        migrations._migrations.pop()
