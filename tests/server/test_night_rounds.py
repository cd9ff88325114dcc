"""What a day needed is given back once a night, and never while somebody may be waiting."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from queue_server.night_rounds import Nights
from tests.office import HERE, Office, make_office


class Circle:
    """What only a search for garbage finds."""

    def __init__(self) -> None:
        self.itself = self


def office_open(folder: Path, hours: str) -> Office:
    return make_office(folder, (HERE / "office.toml").read_text("utf-8").replace("-24:00", hours))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """It opens at midnight, as others do at eight, and closes in the evening."""
    office = office_open(tmp_path, "-20:00")
    yield office
    office.store.close()


@pytest.fixture
def nights(office: Office) -> Nights:
    return Nights(office.app.extensions["aufruf"])


def test_what_a_day_needed_is_given_back_once_when_the_next_one_is_over(
    office: Office, nights: Nights
) -> None:
    office.clock.pass_time(hours=13)
    assert not nights.look(), "a day that has just ended is not over before midnight"
    office.clock.pass_time(hours=24)

    assert nights.look()
    assert not nights.look()
    office.clock.pass_time(hours=24)
    assert nights.look()


def test_while_a_site_is_open_nobody_waits_for_it(office: Office, nights: Nights) -> None:
    office.clock.pass_time(hours=24)

    assert not nights.look()


def test_a_site_that_never_closes_never_waits_for_it(tmp_path: Path) -> None:
    office = office_open(tmp_path, "-24:00")
    nights = Nights(office.app.extensions["aufruf"])

    for _ in range(24):
        office.clock.pass_time(hours=2)
        assert not nights.look()
    office.store.close()


def test_what_refers_to_itself_is_gone_after_the_night(office: Office, nights: Nights) -> None:
    thrown_away = weakref.ref(Circle())
    office.clock.pass_time(hours=37)
    gc.disable()
    try:
        nights.look()
    finally:
        gc.enable()

    assert thrown_away() is None
