"""`aufruf migrate`, `check`, `backup`, `restore`, `forget`, `export`, `--help`, `--version`."""

from __future__ import annotations

import csv
import json
import shutil
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlite_utils

from queue_server.actions import appointments, arrivals
from queue_server.app import open_store
from queue_server.commands.all import COMMANDS
from queue_server.commands.common import running_lock
from queue_server.domain.hours import at_wall_clock, local_day
from queue_server.settings import VERSION, Settings, load_settings
from queue_server.store import backups, tickets
from queue_server.store.migrations import migrations
from queue_server.store.transaction import Store
from queue_server.web.app_context import utc_now
from tests.commands.conftest import Aufruf, printed, refused


@pytest.fixture
def settings(aufruf: Aufruf, tmp_path: Path) -> Settings:
    return load_settings(tmp_path / "config.toml", {})


def draw(settings: Settings) -> None:
    store = open_store(settings)
    arrivals.draw_ticket(store, settings.site("rathaus"), ("kfz",), now=utc_now())
    store.close()


def numbers(store: Store) -> list[str]:
    with store.snapshot() as snapshot:
        return [ticket.number for ticket in tickets.alive(snapshot, "rathaus")]


def waiting(settings: Settings) -> list[str]:
    store = open_store(settings)
    found = numbers(store)
    store.close()
    return found


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


def test_a_check_says_when_others_can_read_the_database(aufruf: Aufruf, settings: Settings) -> None:
    draw(settings)
    settings.database_path.chmod(0o644)
    assert "Others on this machine" not in aufruf("check").stderr, "the folder is closed"

    settings.database_path.parent.chmod(0o755)
    result = aufruf("check")

    assert "nothing is wrong" in printed(result) and "chmod 700" in result.stderr


def nightly(settings: Settings, days_ago: int = 0) -> Path:
    """A backup as the server makes it."""
    store = open_store(settings)
    made = backups.make(store.backup, settings.backup_folder, utc_now() - timedelta(days=days_ago))
    store.close()
    return made.path


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


def test_migrating_an_older_database_says_where_it_is_kept(
    aufruf: Aufruf, settings: Settings
) -> None:
    settings.database_path.parent.mkdir(parents=True)
    with closing(sqlite_utils.Database(settings.database_path)) as database:
        migrations.apply(database, stop_before=migrations.pending(database)[-1].name)

    said = printed(aufruf("migrate"))

    (kept,) = settings.database_path.parent.glob("*.before-*")
    assert f"is kept as {kept}" in said


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


def test_forgetting_counts_the_people_whose_date_has_come(
    aufruf: Aufruf, settings: Settings
) -> None:
    long_ago = utc_now() - timedelta(days=30)
    site, store = settings.site("rathaus"), open_store(settings)
    start = at_wall_clock(local_day(long_ago, site.zone), 23 * 60, site.zone)
    appointments.book_by_clerk(
        store, site, ("kfz",), start, name="Erika Mustermann", clerk=1, people_days=0, now=long_ago
    )
    store.close()

    assert printed(aufruf("forget")) == "1 people forgotten."
    assert printed(aufruf("forget")) == "0 people forgotten."


def test_one_person_is_exported_and_forgotten_by_their_code(
    aufruf: Aufruf, settings: Settings
) -> None:
    site, store = settings.site("rathaus"), open_store(settings)
    day = local_day(utc_now() + timedelta(days=3), site.zone)
    start = at_wall_clock(day, 10 * 60, site.zone)
    one, other = (
        appointments.book_by_clerk(
            store, site, ("kfz",), start, name=name, clerk=1, people_days=0, now=utc_now()
        )
        for name in ("Erika Mustermann", "Zacharias Quellenhofer")
    )
    store.close()

    told = json.loads(printed(aufruf("export", "person", "--code", one.code)))
    assert told["person"]["name"] == "Erika Mustermann"
    assert printed(aufruf("forget", "--code", one.code)) == "1 people forgotten."
    assert printed(aufruf("forget", "--code", one.code)) == "0 people forgotten."

    names = [
        json.loads(printed(aufruf("export", "person", "--code", each.code)))["person"]["name"]
        for each in (one, other)
    ]
    assert names == ["", "Zacharias Quellenhofer"]
    assert "PersonForgotten" in printed(aufruf("export", "--site", "rathaus"))
    assert b"Mustermann" not in settings.database_path.read_bytes()


@pytest.mark.parametrize("words", [["forget"], ["export", "person"]], ids="-".join)
def test_a_code_that_nobody_holds_is_refused(aufruf: Aufruf, words: list[str]) -> None:
    assert "unknown code" in refused(aufruf(*words, "--code", "K7Q-M4T-XA9"))


@pytest.mark.parametrize(("what", "option"), [("journal", "--site"), ("person", "--code")])
def test_an_export_says_what_it_needs(aufruf: Aufruf, what: str, option: str) -> None:
    result = aufruf("export", what)

    assert result.exit_code == 2 and f"Missing option '{option}'" in result.stderr


def test_the_journal_is_exported_as_a_table(aufruf: Aufruf, settings: Settings) -> None:
    draw(settings)

    head, row = csv.reader(printed(aufruf("export", "--site", "rathaus")).splitlines())

    assert head == ["at", "site", "name", "ticket", "appointment", "counter", "clerk", "data"]
    assert row[1:4] == ["rathaus", "TicketIssued", "1"]
    assert json.loads(row[-1])["number"] == "K 001"


def test_the_journal_is_exported_as_lines_of_json(aufruf: Aufruf, settings: Settings) -> None:
    draw(settings)

    lines = printed(aufruf("export", "journal", "--site", "rathaus", "--format", "jsonl"))

    (event,) = [json.loads(line) for line in lines.splitlines()]
    assert (event["name"], event["ticket"], event["data"]["kind"]) == ("TicketIssued", 1, "walk_in")


def test_each_site_exports_its_own_journal(aufruf: Aufruf, settings: Settings) -> None:
    draw(settings)

    assert printed(aufruf("export", "--site", "nordend")).count("\n") == 0
    assert "not found" in refused(aufruf("export", "--site", "atlantis"))


def test_help_lists_every_verb_with_a_sentence(aufruf: Aufruf) -> None:
    said = printed(aufruf("--help"))

    for verb in COMMANDS:
        (line,) = [line for line in said.splitlines() if line.split()[:1] == [verb]]
        assert len(line.split()) > 2


def test_the_version_is_told(aufruf: Aufruf) -> None:
    assert printed(aufruf("--version")) == f"aufruf, version {VERSION}"
