"""A new config.toml takes the place of the old one, whole or not at all."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from queue_server.settings.editing.file import (
    MOST_BACKUPS,
    NotWritten,
    backups_of,
    fingerprint,
    write,
)
from tests.faults.disks import no_room_for_files

NOW = datetime(2026, 6, 8, 6, 0, tzinfo=UTC)
OLD, NEW = "alt = 1\n", "neu = 2 # größer\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(OLD)
    path.chmod(0o640)
    return path


def refusal(path: Path, text: str = NEW, expected: str = fingerprint(OLD)) -> str:
    with pytest.raises(NotWritten) as refused:
        write(path, text, expected=expected, now=NOW)
    return refused.value.why


def names_beside(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def test_the_new_text_is_there_with_the_same_rights_and_the_old_one_beside_it(config: Path) -> None:
    write(config, NEW, expected=fingerprint(OLD), now=NOW)

    (backup,) = backups_of(config)
    assert (config.read_text(), backup.read_text()) == (NEW, OLD)
    assert backup.name == "config.toml.2026-06-08T060000.000000.bak"
    assert [each.stat().st_mode & 0o777 for each in (config, backup)] == [0o640, 0o640]
    assert names_beside(config) == [config.name, backup.name]


def test_owner_and_group_stay(config: Path) -> None:
    if os.geteuid() == 0:
        os.chown(config, 12345, 23456)
    before = config.stat()

    write(config, NEW, expected=fingerprint(OLD), now=NOW)

    assert (config.stat().st_uid, config.stat().st_gid) == (before.st_uid, before.st_gid)


def test_a_link_stays_a_link(config: Path) -> None:
    link = config.with_name("link.toml")
    link.symlink_to(config)

    write(link, NEW, expected=fingerprint(OLD), now=NOW)

    assert link.is_symlink() and config.read_text() == NEW


def test_somebody_else_was_quicker(config: Path) -> None:
    assert refusal(config, expected=fingerprint("anders\n")) == "changed"
    assert config.read_text() == OLD and names_beside(config) == ["config.toml"]


def test_a_file_that_may_not_be_written_stays_even_for_an_administrator(config: Path) -> None:
    config.chmod(0o440)

    assert refusal(config) == "read_only"
    assert config.read_text() == OLD and names_beside(config) == ["config.toml"]


def test_a_full_disk_leaves_the_old_file(config: Path) -> None:
    with no_room_for_files():
        found = refusal(config)

    assert found == "full"
    assert config.read_text() == OLD and names_beside(config) == ["config.toml"]


def test_a_file_that_is_gone_is_not_made_anew(config: Path) -> None:
    config.unlink()

    assert refusal(config) == "failed"
    assert names_beside(config) == []


def test_backups_are_bounded_and_the_newest_stay(config: Path) -> None:
    text = OLD
    for number in range(MOST_BACKUPS + 3):
        newer = f"neu = {number}\n"
        write(config, newer, expected=fingerprint(text), now=NOW + timedelta(seconds=number))
        text = newer

    kept = [each.read_text() for each in backups_of(config)]
    assert len(kept) == MOST_BACKUPS
    assert kept[-1] == f"neu = {MOST_BACKUPS + 1}\n" and kept[0] == "neu = 2\n"


class HandAtWork(datetime):
    """A moment that is written into the name of the backup while a hand saves the file."""

    path: Path

    def strftime(self, format: str) -> str:
        self.path.write_text("von Hand\n")
        return super().strftime(format)


def test_a_hand_that_saves_while_the_backup_is_made_is_not_written_over(config: Path) -> None:
    HandAtWork.path = config
    moment = HandAtWork(2026, 6, 8, 6, tzinfo=UTC)

    with pytest.raises(NotWritten) as refused:
        write(config, NEW, expected=fingerprint(OLD), now=moment)

    assert refused.value.why == "changed"
    assert config.read_text() == "von Hand\n"
    assert [name for name in names_beside(config) if not name.endswith(".bak")] == [config.name]


def test_of_several_who_write_at_once_one_is_first_and_the_others_are_told(config: Path) -> None:
    ready, told = threading.Barrier(5), []

    def save(number: int) -> None:
        ready.wait()
        try:
            write(config, f"neu = {number}\n", expected=fingerprint(OLD), now=NOW)
            told.append("saved")
        except NotWritten as refusal:
            told.append(refusal.why)

    writers = [threading.Thread(target=save, args=(number,)) for number in range(5)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()

    assert sorted(told) == [*["changed"] * 4, "saved"]
    assert [each.read_text() for each in backups_of(config)] == [OLD]
