"""`aufruf backup` and `aufruf restore`, and how long what they leave is kept."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from queue_server.commands.common import running_lock
from queue_server.settings import Settings
from queue_server.web.app_context import utc_now
from tests.commands.conftest import Aufruf, printed, refused
from tests.commands.kept_office import draw, nightly, waiting


def test_a_backup_brings_everything_back_and_keeps_the_old_database(
    aufruf: Aufruf, settings: Settings, tmp_path: Path
) -> None:
    draw(settings)
    printed(aufruf("backup", "safe.db"))
    draw(settings)
    assert waiting(settings) == ["K 001", "K 002"]

    said = printed(aufruf("restore", "safe.db"))

    assert waiting(settings) == ["K 001"]
    (kept,) = settings.database_path.parent.glob("*.before-restore-*")
    assert kept.name in said
    shutil.copy(kept, settings.database_path)
    assert waiting(settings) == ["K 001", "K 002"]


def test_a_damaged_database_is_refused_with_the_way_out_which_works(
    aufruf: Aufruf, settings: Settings
) -> None:
    draw(settings)
    printed(aufruf("backup", "safe.db"))
    settings.database_path.write_bytes(b"what a dying disk leaves" * 1000)

    assert "aufruf restore FILE" in refused(aufruf("export", "--site", "rathaus"))
    assert "aufruf restore FILE" in refused(aufruf("check"))
    printed(aufruf("restore", "safe.db"))

    assert waiting(settings) == ["K 001"]


def test_what_restore_kept_is_deleted_after_the_days_for_backups(
    aufruf: Aufruf, settings: Settings
) -> None:
    draw(settings)
    printed(aufruf("backup", "safe.db"))
    printed(aufruf("restore", "safe.db"))
    (kept,) = settings.database_path.parent.glob("*.before-restore-*")
    printed(aufruf("forget"))
    assert kept.exists()

    long_ago = utc_now() - timedelta(days=8)
    kept.rename(kept.with_name(f"aufruf.db.before-restore-{long_ago:%Y%m%d-%H%M%S-%f}"))
    printed(aufruf("forget"))

    assert list(settings.database_path.parent.glob("*.before-restore-*")) == []


def test_old_nightly_backups_are_deleted_by_forgetting_and_newer_ones_restore(
    aufruf: Aufruf, settings: Settings
) -> None:
    draw(settings)
    older, newer = nightly(settings, days_ago=8), nightly(settings, days_ago=6)
    draw(settings)

    printed(aufruf("forget"))
    printed(aufruf("restore", str(newer)))

    assert (older.exists(), newer.exists()) == (False, True)
    assert waiting(settings) == ["K 001"]


def test_a_backup_is_restored_where_there_was_nothing(aufruf: Aufruf, settings: Settings) -> None:
    draw(settings)
    printed(aufruf("backup", "safe.db"))
    shutil.rmtree(settings.database_path.parent)

    printed(aufruf("restore", "safe.db"))

    assert waiting(settings) == ["K 001"]


def test_a_backup_never_writes_over_a_file(aufruf: Aufruf, tmp_path: Path) -> None:
    (tmp_path / "safe.db").write_text("precious")

    assert "exists already" in refused(aufruf("backup", "safe.db"))
    assert (tmp_path / "safe.db").read_text() == "precious"


def test_a_backup_into_a_folder_that_is_not_there_is_refused(aufruf: Aufruf) -> None:
    assert "could not write" in refused(aufruf("backup", "nowhere/safe.db"))


def test_only_a_backup_can_be_restored(aufruf: Aufruf, settings: Settings, tmp_path: Path) -> None:
    draw(settings)
    (tmp_path / "letter.txt").write_text("Sehr geehrte Damen und Herren")

    assert "no backup of Aufruf" in refused(aufruf("restore", "letter.txt"))
    assert waiting(settings) == ["K 001"]


def test_nothing_is_restored_under_a_running_server(aufruf: Aufruf, settings: Settings) -> None:
    draw(settings)
    printed(aufruf("backup", "safe.db"))
    draw(settings)

    with running_lock(settings.database_path):
        assert "another Aufruf server is running" in refused(aufruf("restore", "safe.db"))

    assert waiting(settings) == ["K 001", "K 002"]
