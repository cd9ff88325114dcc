"""A backup counts once it was read; it is of one moment, and gone after its days."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from queue_server.domain.errors import StorageFailed
from queue_server.store import backups
from queue_server.store.restoring import put_in_place
from queue_server.store.sqlite import SqliteEngine
from tests.damaged import INDEX, write_past_an_index
from tests.journal_and_tables import the_journal_is_the_tables
from tests.town import Town, open_store

pytestmark = pytest.mark.sqlite

NOW = datetime(2026, 6, 8, 1, 30, tzinfo=UTC)


def names_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_under_load_it_is_of_one_moment_in_which_journal_and_tables_agree(
    town: Town, tmp_path: Path
) -> None:
    is_over, drawn = Event(), []

    def draw() -> None:
        while not is_over.is_set():
            drawn.append(town.draw("Kfz").id)

    writers = [Thread(target=draw) for _ in range(3)]
    for one in writers:
        one.start()
    try:
        while len(drawn) < 20:
            assert any(one.is_alive() for one in writers)
        before = len(drawn)
        made = backups.make(town.store.backup, tmp_path / "safe", NOW)
    finally:
        is_over.set()
        for one in writers:
            one.join()
    town.store.close()

    put_in_place(tmp_path / "restored.db", made.path, NOW)

    town.store = open_store(tmp_path / "restored.db")
    the_journal_is_the_tables(town)
    assert before <= len(town.journal()) < len(drawn)


def test_it_lies_in_a_folder_of_its_own_named_by_its_moment(town: Town, tmp_path: Path) -> None:
    made = backups.make(town.store.backup, tmp_path / "safe", NOW)

    assert names_in(tmp_path / "safe") == ["aufruf-2026-06-08T013000Z.db"]
    assert backups.kept(tmp_path / "safe") == [made]
    assert made.bytes == made.path.stat().st_size > 0
    assert made.path.stat().st_mode & 0o077 == 0 == made.path.parent.stat().st_mode & 0o077


def test_what_can_not_be_read_back_never_counts(town: Town, tmp_path: Path) -> None:
    def badly(target: str) -> None:
        town.store.backup(target)
        with open(target, "r+b") as file:
            file.seek(5000)
            file.write(os.urandom(20000))

    with pytest.raises(StorageFailed):
        backups.make(badly, tmp_path / "safe", NOW)

    assert names_in(tmp_path / "safe") == []


def test_neither_another_program_nor_another_version_passes(town: Town, tmp_path: Path) -> None:
    made = backups.make(town.store.backup, tmp_path / "safe", NOW)
    with closing(sqlite3.connect(made.path)) as raw, raw:
        raw.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '016%'")
    with closing(sqlite3.connect(tmp_path / "other.db")) as raw, raw:
        raw.execute("CREATE TABLE letters (text)")

    for path in (made.path, tmp_path / "other.db"):
        with pytest.raises(StorageFailed):
            backups.must_be_sound(path)
    assert "other.db-journal" not in names_in(tmp_path)


def test_a_row_that_an_index_does_not_know_is_damage(town: Town, tmp_path: Path) -> None:
    path = backups.make(town.store.backup, tmp_path / "safe", NOW).path
    write_past_an_index(path)

    with pytest.raises(StorageFailed) as refusal:
        backups.must_be_sound(path)
    assert INDEX in refusal.value.facts["reason"]


def test_a_look_at_the_file_reads_its_indexes_only_when_it_is_thorough(town: Town) -> None:
    path = town.store._engine.path
    town.store.close()
    write_past_an_index(path)

    with closing(SqliteEngine(path)) as engine:
        assert engine.damage() == "" and INDEX in engine.damage(thorough=True)


def test_older_ones_go_and_only_ours(town: Town, tmp_path: Path) -> None:
    folder = tmp_path / "safe"
    for days in (9, 7, 1):
        backups.make(town.store.backup, folder, NOW - timedelta(days=days))
    (folder / "aufruf-by-hand.db").write_text("somebody's own")
    half = folder / "aufruf-2026-06-01T000000Z.db.part"
    half.write_text("cut short")
    os.utime(half, (0, 0))

    assert backups.forget(folder, NOW - timedelta(days=7)) == 2

    assert [one.made_at for one in backups.kept(folder)] == [
        NOW - timedelta(days=1),
        NOW - timedelta(days=7),
    ]
    assert "aufruf-by-hand.db" in names_in(folder) and not half.exists()


def test_one_that_was_cut_short_is_removed_by_the_next(town: Town, tmp_path: Path) -> None:
    folder = tmp_path / "safe"
    folder.mkdir()
    (folder / "aufruf-2026-06-07T013000Z.db.part").write_text("half a name")

    backups.make(town.store.backup, folder, NOW)

    assert names_in(folder) == ["aufruf-2026-06-08T013000Z.db"]


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert backups.kept(tmp_path / "nowhere") == []
    assert backups.forget(tmp_path / "nowhere", NOW) == 0


def test_the_note_outlives_a_restart(town: Town) -> None:
    with town.store.transaction() as tx:
        assert backups.note(tx) is None
        backups.put_note(tx, backups.BackupNote(NOW))
        assert backups.note(tx) == backups.BackupNote(NOW)
        backups.put_note(tx, backups.BackupNote(NOW, "full", NOW, 3))
    with town.store.snapshot() as snapshot:
        assert backups.note(snapshot) == backups.BackupNote(NOW, "full", NOW, 3)
