"""Turns: one piece of work of a name at a time, and who was overtaken while waiting knows it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from queue_server.domain.errors import TooManyTries
from queue_server.web.pools import Turns

PATIENCE_SECONDS = 60


def wait_for_users(turns: Turns, many: int) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while turns._locks.get("kiosk", (None, 0))[1] < many:
        assert time.monotonic() < give_up
        time.sleep(0.001)


def test_of_those_who_wait_only_the_last_is_still_the_newest() -> None:
    turns, may_end = Turns(), Event()

    def take() -> bool:
        with turns.newest("kiosk") as is_newest:
            assert may_end.wait(PATIENCE_SECONDS)
            return is_newest

    with ThreadPoolExecutor(4) as threads:
        taken = []
        for many in range(1, 5):
            taken.append(threads.submit(take))
            wait_for_users(turns, many)
        may_end.set()
        found = [each.result() for each in taken]

    assert found[1:] == [False, False, True]


def test_a_name_that_is_done_leaves_nothing_behind() -> None:
    turns = Turns()

    with turns.newest("kiosk") as is_newest:
        assert is_newest
        with pytest.raises(TooManyTries), turns.alone("kiosk"):
            pass
        with turns.alone("printer"), turns.after_own("config"):
            pass

    assert (turns._locks, turns._newest) == ({}, {})
