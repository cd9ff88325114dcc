"""kill -9 at any moment, again and again: what was answered is there, once, and nothing twice."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from queue_server.app import open_store
from queue_server.settings import load_settings
from queue_server.store.transaction import Store
from tests.browser.conftest import Screens
from tests.faults.busy_hour import BusyHour, without_limits
from tests.faults.reporting import LONG, Report
from tests.faults.walls import ListeningWall
from tests.office import Server

ROUNDS = 100 if LONG else 3
PROMISED_SECONDS = 5.0
# It ends in the middle of whatever comes after so many answers.
ANSWERS = (20, 80) if LONG else (20, 40)


@pytest.fixture
def beside(server: Server) -> Iterator[Store]:
    """A running office, and its database from outside."""
    without_limits(server.config)
    server.forks = not LONG
    server.start()
    with closing(open_store(load_settings(server.config, {}))) as store:
        yield store


@pytest.mark.timeout(60 * ROUNDS + 60)
def test_all_that_was_answered_survives_every_kill_and_the_wall_is_right_again(
    server: Server, beside: Store, screens: Screens, report: Report
) -> None:
    chance, hour, late = random.Random(8), BusyHour(server, beside), list[float]()
    screens.may_lose_line = True
    wall = ListeningWall(screens.wall())

    for _ in range(ROUNDS):
        with hour.at_work(chance.randint(*ANSWERS)):
            time.sleep(chance.uniform(0, 0.02))
            server.kill()
        server.start()
        hour.compare(beside)
        late.append(wall.seconds_until_right(beside))

    rings = wall.rang_each_call_once_while_it_was_fresh()
    assert hour.refused == []
    assert not LONG or max(late) <= PROMISED_SECONDS
    report.saw(
        ROUNDS,
        f"{hour.promised}: all there after every kill, none twice. The wall was right "
        f"{max(late):.1f} s after the start at the latest; {rings} gongs, none false.",
    )
