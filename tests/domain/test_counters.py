"""Open counters: which of them are interchangeable."""

from __future__ import annotations

from queue_server.domain.counters import OpenCounter
from tests.cast import moment
from tests.town import MONDAY


def counter(*services: str) -> OpenCounter:
    return OpenCounter("schalter-1", services, 1, moment(MONDAY, "08:00"))


def test_counters_that_serve_the_same_are_one_pool_in_whatever_order():
    assert counter("kfz", "ausweise").pool == counter("ausweise", "kfz").pool
    assert counter("kfz").pool != counter("kfz", "ausweise").pool


def test_what_a_counter_serves_is_known_as_a_set():
    assert counter("kfz", "ausweise").served == {"kfz", "ausweise"}
