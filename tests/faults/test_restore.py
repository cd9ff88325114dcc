"""Restoring over anything, also after a crash in the middle; and who may read the files."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from queue_server.actions import housekeeping
from queue_server.domain.errors import StorageFailed
from queue_server.store import marks
from queue_server.store.files import make_file
from queue_server.store.restoring import put_in_place
from queue_server.store.sqlite import SqliteEngine
from queue_server.store.transaction import Store
from tests.damaged import write_past_an_index
from tests.server_process import COMMAND_SECONDS

ROOT = Path(__file__).parents[2]
# Restores in fresh copies of a folder; each process dies one change of a name later than the last.
DIE_ONE_STEP_LATER_EACH_TIME = """
import os, shutil, sys
from datetime import UTC, datetime
from pathlib import Path
from queue_server.store.restoring import put_in_place

source, backup, target = map(Path, sys.argv[1:])
left = [1_000_000]

def watch(event, facts):
    changes = event in ("open", "os.rename", "os.remove", "os.link")
    left[0] -= changes and str(facts[0]).startswith(str(target))
    if left[0] < 0:
        os._exit(9)

sys.addaudithook(watch)
for step in range(100):
    folder = target / f"step-{step:02}"
    shutil.copytree(source, folder)
    pid = os.fork()
    if pid == 0:
        left[0] = step
        put_in_place(folder / "aufruf.db", backup, datetime.now(UTC))
        os._exit(0)
    if os.waitpid(pid, 0)[1] == 0:
        break
"""
NOW = datetime(2026, 6, 8, 12, 0, tzinfo=UTC)


def database(path: Path, word: str) -> Path:
    """A database that says this word."""
    with store_at(path) as store, store.transaction() as tx:
        marks.put(tx, "word", word)
    return path


@contextmanager
def store_at(path: Path) -> Iterator[Store]:
    with closing(Store(SqliteEngine(path))) as store:
        store.migrate()
        yield store


def word_of(path: Path) -> str | None:
    with store_at(path) as store, store.snapshot() as snapshot:
        return marks.get(snapshot, "word")


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    with store_at(database(tmp_path / "source.db", "new")) as store:
        store.backup(str(tmp_path / "backup.db"))
    return tmp_path / "backup.db"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return database(tmp_path / "data" / "aufruf.db", "old")


def damage(path: Path) -> bytes:
    """Overwrite the middle of the file, as a dying disk does; returns what is left."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(100)
        file.write(os.urandom(size - 100))
    return path.read_bytes()


def test_a_damaged_database_is_replaced_and_kept_as_it_is(path: Path, backup: Path) -> None:
    left = damage(path)

    kept = put_in_place(path, backup, NOW)

    assert word_of(path) == "new"
    assert kept is not None and kept.read_bytes() == left


def test_where_no_database_was_nothing_is_kept(tmp_path: Path, backup: Path) -> None:
    new, empty = tmp_path / "new.db", tmp_path / "empty.db"
    empty.touch()

    assert put_in_place(new, backup, NOW) is put_in_place(empty, backup, NOW) is None
    assert word_of(new) == word_of(empty) == "new"


def test_a_folder_is_not_taken_for_a_file(tmp_path: Path) -> None:
    make_file(tmp_path / "new.db")
    make_file(tmp_path / "new.db")

    with pytest.raises(FileExistsError):
        make_file(tmp_path / "new.db", anew=True)
    with pytest.raises(IsADirectoryError):
        make_file(tmp_path)


def test_what_a_killed_attempt_has_left_is_no_hindrance(path: Path, backup: Path) -> None:
    left = path.with_name(f"{path.name}.restoring-{os.getpid()}")
    left.write_text("half a database")

    put_in_place(path, backup, NOW)

    assert word_of(path) == "new" and not left.exists()


def killed_copy(path: Path) -> Path:
    """What a killed server leaves: the last word is in the log beside the file alone."""
    with closing(SqliteEngine(path)) as engine:
        with engine.transaction(lambda events: None, None) as action:
            action.write("UPDATE marks SET value = 'newest' WHERE name = 'word'")
        killed = path.with_name("killed.db")
        for suffix in ("", "-wal"):
            (killed.with_name(killed.name + suffix)).write_bytes(
                path.with_name(path.name + suffix).read_bytes()
            )
    return killed


def test_a_log_that_nobody_wrote_into_the_file_never_meets_the_new_one(
    path: Path, backup: Path
) -> None:
    killed = killed_copy(path)

    kept = put_in_place(killed, backup, NOW)

    assert kept is not None
    assert (word_of(killed), word_of(kept)) == ("new", "newest")


def test_files_that_somebody_copied_are_restored_with_what_their_log_holds(path: Path) -> None:
    copied = killed_copy(path)

    put_in_place(path, copied, NOW)

    assert word_of(path) == "newest"


def test_a_crash_at_any_step_leaves_the_old_database_or_the_new_one(
    path: Path, backup: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", DIE_ONE_STEP_LATER_EACH_TIME, path.parent, backup, tmp_path]
    subprocess.run(command, check=True, timeout=COMMAND_SECONDS, cwd=ROOT)

    found = [word_of(folder / "aufruf.db") for folder in sorted(tmp_path.glob("step-*"))]

    assert found == sorted(found, reverse=True) and set(found) == {"old", "new"}
    for folder in tmp_path.glob("step-*"):
        kept = [word_of(file) for file in folder.glob("*.before-restore-*[0-9]")]
        assert word_of(folder / "aufruf.db") == "old" or kept == ["old"]
        put_in_place(folder / "aufruf.db", backup, NOW + timedelta(seconds=1))
        assert word_of(folder / "aufruf.db") == "new"


@pytest.mark.parametrize(
    "content", [b"", b"Sehr geehrte Damen und Herren" * 300], ids=["empty", "a letter"]
)
def test_what_is_no_backup_changes_nothing(path: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)

    with pytest.raises(StorageFailed):
        put_in_place(path, tmp_path / "other", NOW)

    assert word_of(path) == "old"
    assert sorted(file.name for file in path.parent.iterdir()) == [
        "aufruf.db",
        "aufruf.db.migrating",
    ]


@pytest.mark.parametrize("harm", [damage, write_past_an_index])
def test_a_damaged_backup_changes_nothing(
    path: Path, backup: Path, harm: Callable[[Path], object]
) -> None:
    harm(backup)

    with pytest.raises(StorageFailed):
        put_in_place(path, backup, NOW)

    assert word_of(path) == "old"


def test_a_backup_of_a_newer_aufruf_is_refused_by_name(path: Path, backup: Path) -> None:
    with closing(sqlite3.connect(backup)) as raw, raw:
        raw.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('aufruf', '900_from_tomorrow', '')"
        )

    with pytest.raises(StorageFailed) as refused:
        put_in_place(path, backup, NOW)

    assert "900_from_tomorrow" in str(refused.value.facts["reason"])
    assert word_of(path) == "old"


def test_what_restoring_kept_is_deleted_after_the_days_for_backups(
    path: Path, backup: Path
) -> None:
    old = put_in_place(path, backup, NOW - timedelta(days=7, minutes=1))
    new = put_in_place(path, backup, NOW - timedelta(days=6))
    half = path.with_name(path.name + ".restoring-1")
    half.write_bytes(b"names")
    os.utime(half, (0, 0))
    still = half.with_name(path.name + ".restoring-2")
    still.write_bytes(b"names")
    os.utime(still, times=((NOW - timedelta(days=7)).timestamp(),) * 2)

    with store_at(path) as store:
        assert housekeeping.forget_copies(store, backup_days=7, now=NOW) == 2

    assert old is not None and new is not None
    assert [old.exists(), new.exists(), half.exists()] == [False, True, False]
    assert still.exists()
    assert word_of(path) == "new"


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277])
def test_all_files_are_for_the_server_alone_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        path = tmp_path / "data" / "aufruf.db"
        with store_at(path) as store:
            with store.transaction() as tx:
                marks.put(tx, "word", "secret")
            store.backup(str(tmp_path / "backup.db"))
            modes = {file.name: mode_of(file) for file in path.parent.iterdir()}
        put_in_place(path, tmp_path / "backup.db", NOW)
    finally:
        os.umask(before)

    assert {"aufruf.db", "aufruf.db-wal", "aufruf.db-shm", "aufruf.db.migrating"} == set(modes)
    modes |= {file.name: mode_of(file) for file in (*path.parent.iterdir(), tmp_path / "backup.db")}
    assert set(modes.values()) == {0o600} and mode_of(path.parent) == 0o700


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
