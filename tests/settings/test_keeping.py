"""When the next backup is missing: by the clock on the wall, also in the nights that change it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from queue_server.settings.keeping import Backup
from tests.cast import BERLIN


def at(day: int, clock: str, month: int = 6) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("newest", "now", "missing"),
    [
        (at(8, "03:31"), at(8, "23:00"), None),
        (at(8, "03:31"), at(9, "03:29"), None),
        (at(8, "03:31"), at(9, "03:30"), at(9, "03:30")),
        (at(8, "12:00"), at(9, "01:00"), None),
        (at(7, "12:00"), at(9, "01:00"), at(8, "03:30")),
        (at(1, "03:30"), at(9, "12:00"), at(9, "03:30")),
    ],
)
def test_one_is_missing_from_its_hour_on(
    newest: datetime, now: datetime, missing: datetime | None
) -> None:
    assert Backup().missing_since(newest, BERLIN, now) == missing


def test_the_hour_that_the_spring_night_skips_comes_after_the_gap() -> None:
    found = Backup(at="02:30").missing_since(at(28, "12:00", 3), BERLIN, at(29, "03:30", 3))

    assert found == at(29, "03:00", 3)


def test_without_an_hour_none_is_ever_missing() -> None:
    now = at(9, "12:00")

    assert Backup(at="").missing_since(now - timedelta(days=90), BERLIN, now) is None


@pytest.mark.parametrize(
    ("folder", "path"), [("", "/srv/var/backups"), ("safe", "/etc/aufruf/safe"), ("/nas", "/nas")]
)
def test_the_folder_is_relative_to_the_file_or_lies_in_the_data_directory(
    folder: str, path: str
) -> None:
    found = Backup(folder=folder).path(Path("/etc/aufruf/config.toml"), Path("/srv/var"))

    assert found == Path(path)
