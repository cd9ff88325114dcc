"""An upgrade keeps the database as it was, for as many days as a backup."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Timer

import pytest
import sqlite_utils

from queue_server.domain.errors import StorageFailed
from queue_server.store.copies import copy_of, forget_copies, kept_beside
from queue_server.store.migrations import migrations
from queue_server.store.restoring import put_in_place
from queue_server.store.sqlite import SqliteEngine

pytestmark = pytest.mark.sqlite

NAMES = [step.name for step in migrations.pending(sqlite_utils.Database(memory=True))]
NOW = datetime(2026, 6, 8, 12, 0, tzinfo=UTC)


def steps_of(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as raw:
        return [step.name for step in migrations.applied(sqlite_utils.Database(raw))]


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A database that lacks the last step."""
    path = tmp_path / "aufruf.db"
    with closing(sqlite_utils.Database(path)) as database:
        migrations.apply(database, stop_before=NAMES[-1])
    return path


def upgrade(path: Path) -> list[str]:
    with closing(SqliteEngine(path)) as engine:
        return engine.migrate()


def test_what_was_there_before_an_upgrade_is_kept_once_and_can_be_restored(older: Path) -> None:
    assert upgrade(older) == NAMES[-1:] and upgrade(older) == []

    (kept,) = kept_beside(older)
    assert kept.name == f"aufruf.db.before-{NAMES[-1]}"
    assert (steps_of(kept), steps_of(older)) == (NAMES[:-1], NAMES)
    put_in_place(older, kept, NOW)
    assert steps_of(older) == NAMES[:-1]


def test_an_upgrade_waits_for_whoever_still_writes(older: Path) -> None:
    with closing(sqlite3.connect(older, isolation_level=None, check_same_thread=False)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        Timer(0.3, writer.rollback).start()

        assert upgrade(older) == NAMES[-1:]


def test_a_copy_that_fails_leaves_no_half_of_it(tmp_path: Path) -> None:
    letter, copy = tmp_path / "letter.db", tmp_path / "copy.db"
    letter.write_text("Sehr geehrte Damen und Herren" * 300)

    with pytest.raises(sqlite3.DatabaseError):
        copy_of(letter, copy)

    assert not copy.exists()


def test_a_new_database_leaves_nothing_to_keep(tmp_path: Path) -> None:
    assert upgrade(tmp_path / "aufruf.db") == NAMES

    assert kept_beside(tmp_path / "aufruf.db") == []


def test_without_room_for_the_copy_nothing_is_changed(older: Path) -> None:
    (older.parent / f"{older.name}.before-upgrade.part").mkdir()

    with pytest.raises((OSError, StorageFailed)):
        upgrade(older)

    assert steps_of(older) == NAMES[:-1]


def test_what_an_upgrade_kept_is_deleted_after_the_days_for_backups(older: Path) -> None:
    upgrade(older)
    (kept,) = kept_beside(older)
    before = NOW - timedelta(days=7)
    os.utime(kept, times=(before.timestamp(),) * 2)
    assert forget_copies(older, before) == 0

    assert forget_copies(older, before + timedelta(seconds=1)) == 1
    assert kept_beside(older) == [] and older.exists()
