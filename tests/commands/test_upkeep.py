"""`aufruf migrate` and `check`, `--help` and `--version`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
import sqlite_utils

from queue_server.commands.all import COMMANDS
from queue_server.settings import VERSION, Settings
from queue_server.store.migrations import migrations
from tests.commands.conftest import Aufruf, printed, refused
from tests.commands.kept_office import draw, nightly


def test_migrating_names_what_was_done_and_then_has_nothing_to_do(aufruf: Aufruf) -> None:
    assert printed(aufruf("migrate")).splitlines()[0] == "001_people_of_the_house"
    assert printed(aufruf("migrate")) == "The database is up to date."


def test_a_healthy_office_has_nothing_wrong(aufruf: Aufruf, settings: Settings) -> None:
    assert "nothing is wrong" in printed(aufruf("check"))
    draw(settings)
    assert "nothing is wrong" in printed(aufruf("check"))


def test_checking_names_the_broken_printer_and_its_kiosk(aufruf: Aufruf, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    broken = 'printer = "file:///nowhere/printer"'
    config.write_text(config.read_text().replace('printer = ""', broken))

    said = refused(aufruf("check"))

    assert "file:///nowhere/printer" in said and "eingang" in said


@pytest.mark.parametrize("verb", ["check", "migrate", "forget"])
def test_a_file_that_is_no_database_is_said_in_words(
    aufruf: Aufruf, settings: Settings, verb: str
) -> None:
    settings.database_path.parent.mkdir(parents=True, exist_ok=True)
    settings.database_path.write_bytes(b"this is no database at all" * 100)

    assert "not a database" in refused(aufruf(verb))


def test_a_check_says_when_others_can_read_the_database(aufruf: Aufruf, settings: Settings) -> None:
    draw(settings)
    settings.database_path.chmod(0o644)
    assert "Others on this machine" not in aufruf("check").stderr, "the folder is closed"

    settings.database_path.parent.chmod(0o755)
    result = aufruf("check")

    assert "nothing is wrong" in printed(result) and "chmod 700" in result.stderr


def test_a_check_reads_the_newest_backup_and_says_when_it_is_old(
    aufruf: Aufruf, settings: Settings
) -> None:
    older = nightly(settings, days_ago=2)
    assert "The newest backup is of" in aufruf("check").stderr

    newest = nightly(settings)
    assert "newest backup" not in aufruf("check").stderr
    newest.write_bytes(b"what a dying disk leaves" * 1000)

    assert str(newest) in refused(aufruf("check"))
    assert older.exists()


def test_a_check_says_when_backups_have_no_way(aufruf: Aufruf, settings: Settings) -> None:
    draw(settings)
    settings.backup_folder.write_text("somebody put a file here")

    assert f"nothing can be written to {settings.backup_folder}" in refused(aufruf("check"))


def test_migrating_an_older_database_says_where_it_is_kept(
    aufruf: Aufruf, settings: Settings
) -> None:
    settings.database_path.parent.mkdir(parents=True)
    with closing(sqlite_utils.Database(settings.database_path)) as database:
        migrations.apply(database, stop_before=migrations.pending(database)[-1].name)

    said = printed(aufruf("migrate"))

    (kept,) = settings.database_path.parent.glob("*.before-*")
    assert f"is kept as {kept}" in said


def test_help_lists_every_verb_with_a_sentence(aufruf: Aufruf) -> None:
    said = printed(aufruf("--help"))

    for verb in COMMANDS:
        (line,) = [line for line in said.splitlines() if line.split()[:1] == [verb]]
        assert len(line.split()) > 2


def test_the_version_is_told(aufruf: Aufruf) -> None:
    assert printed(aufruf("--version")) == f"aufruf, version {VERSION}"
