"""`aufruf migrate`, `check`, `backup`, `restore`, `forget`, `export`, `--help`, `--version`."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from queue_server.actions import appointments, arrivals
from queue_server.app import open_store
from queue_server.commands.all import VERBS
from queue_server.commands.lock import running_lock
from queue_server.domain.hours import at_wall_clock, local_day
from queue_server.settings import VERSION, Settings, load_settings
from queue_server.store import tickets
from queue_server.store.database import Store
from queue_server.web.hall import utc_now
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

    for verb in VERBS:
        (line,) = [line for line in said.splitlines() if line.split()[:1] == [verb]]
        assert len(line.split()) > 2


def test_the_version_is_told(aufruf: Aufruf) -> None:
    assert printed(aufruf("--version")) == f"aufruf, version {VERSION}"
