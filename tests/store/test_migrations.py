"""The schema only grows, once, whoever starts first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlite_utils

from queue_server.store.migrations import migrations
from queue_server.store.sqlite import SqliteEngine
from tests.test_schema import schema_of

pytestmark = pytest.mark.sqlite

NAMES = [migration.name for migration in migrations.pending(sqlite_utils.Database(memory=True))]


def test_a_fresh_database_equals_one_that_was_migrated_step_by_step(tmp_path):
    fresh, grown = (sqlite_utils.Database(tmp_path / name) for name in ("fresh.db", "grown.db"))
    migrations.apply(fresh)
    for name in NAMES[1:]:
        migrations.apply(grown, stop_before=name)
    migrations.apply(grown)

    assert schema_of(grown.conn) == schema_of(fresh.conn)
    fresh.close(), grown.close()


def test_a_second_start_applies_nothing(tmp_path):
    engine = SqliteEngine(tmp_path / "aufruf.db")

    assert engine.migrate() == NAMES
    assert engine.migrate() == []
    engine.close()


def test_servers_that_start_at_once_migrate_once(tmp_path):
    engines = [SqliteEngine(tmp_path / "aufruf.db") for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        applied = list(pool.map(SqliteEngine.migrate, engines))

    assert sorted(applied) == [[], [], [], NAMES]
    for engine in engines:
        engine.close()


def test_migrations_are_numbered_in_the_order_in_which_they_run():
    numbers = [int(name[:3]) for name in NAMES]

    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("change", ["UPDATE journal SET site = 'x'", "DELETE FROM journal"])
def test_the_journal_is_append_only(town, change):
    who = town.draw()

    with pytest.raises(Exception, match="append-only"), town.store.transaction() as tx:
        tx.write(change)

    assert [event.ticket for event in town.journal()] == [who.id]
