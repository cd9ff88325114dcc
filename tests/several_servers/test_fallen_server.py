"""kill -9 of one of two servers: nothing answered is lost, and the other goes on for both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import cast

import pytest
from playwright.sync_api import Browser

from queue_server.app import open_store
from queue_server.settings import load_settings
from tests.browser.conftest import Screens
from tests.faults.busy_hour import BusyHour
from tests.faults.walls import ListeningWall
from tests.office import Server
from tests.several_servers.conftest import Pair
from tests.several_servers.proxy import Proxy

ANSWERS = 30


class SharedAddress:
    """The address of the proxy before both servers."""

    def __init__(self, pair: Pair) -> None:
        self._proxy = Proxy([pair.one.port, pair.two.port])
        self.url, self.pairing_code = self._proxy.url, pair.one.pairing_code
        self.close = self._proxy.close


@pytest.fixture
def screens(browser: Browser, pair: Pair) -> Iterator[Screens]:
    """Windows before the proxy, which lead to the first server while it is there."""
    address = SharedAddress(pair)
    screens = Screens(browser, cast(Server, address))
    screens.may_lose_line = True
    yield screens
    screens.close()
    address.close()
    assert screens.errors == []


def test_what_was_answered_is_there_once_and_the_wall_goes_on_at_the_other_server(
    pair: Pair, screens: Screens
) -> None:
    wall = ListeningWall(screens.wall())
    with closing(open_store(load_settings(pair.two.config, {}))) as store:
        hour = BusyHour(pair.one, store)
        with hour.at_work(ANSWERS):
            pair.one.kill()
        hour.compare(store)
        wall.seconds_until_right(store)
        wall.rang_each_call_once_while_it_was_fresh()

        after = BusyHour(pair.two, store)
        after.promised = hour.promised
        with after.at_work(ANSWERS):
            pair.two.kill()
        after.compare(store)

    assert hour.refused == after.refused == []
