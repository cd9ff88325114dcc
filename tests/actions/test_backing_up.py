"""Every night a backup, made up for after a night that was slept through; a failure is said."""

from __future__ import annotations

import errno
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from queue_server.actions import backing_up
from queue_server.actions.backing_up import BackupState
from queue_server.settings import Settings
from queue_server.settings.keeping import Backup
from queue_server.store import backups, people
from queue_server.store.sqlite import SqliteEngine
from queue_server.store.transaction import Store
from tests.mail.conftest import Mailroom
from tests.town import Town

pytestmark = pytest.mark.sqlite

NIGHT = "03:40"


@pytest.fixture
def settings(town: Town, tmp_path: Path) -> Settings:
    return Mailroom(town, tmp_path).settings


def state(town: Town, settings: Settings) -> BackupState:
    with town.store.snapshot() as snapshot:
        return backing_up.state(snapshot, settings, town.now)


def back_up(town: Town, settings: Settings) -> bool | None:
    return backing_up.back_up(town.store, settings, now=town.now)


def no_room(path: str) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def night(town: Town) -> None:
    town.pass_time(days=1)
    town.set_clock(NIGHT)


def test_a_new_office_waits_for_its_first_night_and_then_has_one_a_night(
    town: Town, settings: Settings
) -> None:
    assert back_up(town, settings) is None
    assert not state(town, settings).is_late and state(town, settings).count == 0

    for _ in range(2):
        night(town)
        assert back_up(town, settings) is True
        assert back_up(town, settings) is None
    found = state(town, settings)

    assert (found.newest_at, found.count) == (town.now, 2)
    assert (found.is_on, found.trouble, found.is_late) == (True, "", False)


def test_a_night_that_was_slept_through_is_made_up_for(town: Town, settings: Settings) -> None:
    back_up(town, settings)
    town.pass_time(days=3)
    assert state(town, settings).is_late

    assert back_up(town, settings) is True
    assert not state(town, settings).is_late


def test_a_backup_of_tomorrow_does_not_stand_for_todays(town: Town, settings: Settings) -> None:
    back_up(town, settings)
    town.pass_time(days=9)
    back_up(town, settings)
    town.pass_time(days=-8)

    assert back_up(town, settings) is True


def test_whoever_is_due_to_be_forgotten_is_not_in_it(town: Town, settings: Settings) -> None:
    booked = town.booked("Kfz", at="09:00", name="Zacharias Quellenhofer")
    back_up(town, settings)
    town.now = booked.end_at + people.NEVER_ENDED
    town.pass_time(days=9)
    back_up(town, settings)

    (made,) = backups.kept(settings.backup_folder)

    assert b"Quellenhofer" not in made.path.read_bytes()
    store = Store(SqliteEngine(made.path))
    with store.snapshot() as snapshot:
        assert people.of(snapshot, booked.id) == people.Person()
    store.close()


def test_a_failure_is_said_and_the_office_goes_on(
    town: Town, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    back_up(town, settings)
    night(town)
    settings.backup_folder.write_text("somebody put a file here")

    with caplog.at_level(logging.ERROR):
        assert back_up(town, settings) is False

    assert str(settings.backup_folder) in caplog.text
    assert (state(town, settings).trouble, state(town, settings).count) == ("folder", 0)
    town.set_clock("09:00")
    assert town.draw("Kfz").number == "K 001"

    settings.backup_folder.unlink()
    assert back_up(town, settings) is True
    assert state(town, settings).trouble == ""


def test_a_full_disk_is_told_from_a_wrong_folder(town: Town, settings: Settings) -> None:
    back_up(town, settings)
    night(town)

    backup = town.store.backup
    town.store.backup = no_room
    assert back_up(town, settings) is False
    town.store.backup = backup
    assert state(town, settings).trouble == "full"
    town.pass_time(hours=4)
    assert state(town, settings).is_late


def test_old_ones_go_even_where_no_new_ones_are_made(town: Town, settings: Settings) -> None:
    back_up(town, settings)
    night(town)
    back_up(town, settings)
    town.pass_time(days=8)

    assert back_up(town, replace(settings, backup=Backup(at=""))) is None

    assert backups.kept(settings.backup_folder) == [] and state(town, settings).count == 0


def test_where_the_office_says_so_and_in_a_demonstration_there_are_none(
    town: Town, settings: Settings
) -> None:
    off = replace(settings, backup=Backup(at=""))
    demonstration = replace(settings, is_throw_away=True)
    for none in (off, demonstration):
        for _ in range(2):
            assert back_up(town, none) is None
            night(town)
        assert not state(town, none).is_on and not state(town, none).is_late
