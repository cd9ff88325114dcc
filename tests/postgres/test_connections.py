"""Connections of a store: whoever is killed costs none, and what nobody needs is given back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from select import select
from threading import get_ident
from types import SimpleNamespace

import psycopg
import pytest
from psycopg.waiting import Wait

from queue_server.serving_app import tidy
from queue_server.store.postgres.connecting import Patient
from queue_server.store.postgres.engine import MOST_READERS
from queue_server.store.postgres.writing import MOST_WRITERS
from tests.postgres.marks import CUT_OFF, IDLE, OURS, found, kept, look_at_once, look_twice, put
from tests.store.shared_batch import until

# -- interrupted -------------------------------------------------------------------------------


class Killed(BaseException):
    """As gevent ends a greenlet that waits."""


@pytest.fixture
def killed():
    """Whoever waits for an answer is killed, as long as this is so; not the pool's own thread."""
    me = get_ident()

    def kill(socket, wanted):
        if get_ident() == me:
            raise Killed
        select([socket], [socket] if wanted & Wait.W else [], [])

    def is_so(so):
        Patient.until_ready = staticmethod(kill) if so else None

    yield is_so
    Patient.until_ready = None


@pytest.mark.parametrize("look", [look_twice, look_at_once, lambda store: store.tidy()])
def test_whoever_is_killed_while_looking_costs_nobody_a_connection(store, killed, look):
    for _ in range(2 * MOST_READERS):
        look_twice(store)
        killed(True)
        with suppress(Killed):
            look(store)
        killed(False)

    assert kept(store) == []


def test_whoever_is_killed_at_the_second_question_costs_nobody_a_connection(store, killed):
    for _ in range(2 * MOST_READERS):
        with pytest.raises(Killed), store.snapshot() as snapshot:
            snapshot.rows("SELECT 1 AS one")
            killed(True)
            snapshot.rows("SELECT 2 AS two")
        killed(False)

    assert kept(store) == []


def test_whoever_is_killed_while_writing_has_written_nothing(store, killed, outside):
    for n in range(10):
        with pytest.raises(Killed), store.transaction("rathaus") as tx:
            put(tx, f"m{n}")
            killed(True)
            put(tx, f"n{n}")
        killed(False)

    with store.transaction("rathaus") as tx:
        put(tx, "m10")
    assert kept(store) == ["m10"]
    until(lambda: found(outside, IDLE) == 0)


def test_whoever_is_killed_while_an_action_is_undone_costs_nobody_a_connection(store, killed):
    for _ in range(2 * MOST_WRITERS):
        with pytest.raises(Killed), store.transaction("rathaus") as tx:
            put(tx, "m1")
            killed(True)
            1 / 0  # noqa: B018
        killed(False)

    with store.transaction("rathaus") as tx:
        put(tx, "m2")
    assert kept(store) == ["m2"]


# -- idle --------------------------------------------------------------------------------------


def test_a_connection_that_is_idle_holds_no_transaction_open(store, outside):
    for _ in range(5):
        look_twice(store)
        with pytest.raises(ZeroDivisionError), store.snapshot() as snapshot:
            snapshot.rows("SELECT 1 AS one")
            1 / 0  # noqa: B018
        with pytest.raises(psycopg.errors.DivisionByZero), store.snapshot() as snapshot:
            snapshot.rows("SELECT 1 / 0 AS never")

    until(lambda: found(outside, IDLE) == 0)
    assert store.wipe()


def test_all_idle_connections_may_be_cut_off_and_nobody_is_refused(store, outside):
    with ThreadPoolExecutor(MOST_READERS) as many:
        list(many.map(lambda _: look_twice(store), range(50)))
    outside.execute(CUT_OFF)

    look_at_once(store)
    look_twice(store)

    assert kept(store) == []


def test_a_server_without_duties_gives_the_pool_what_nobody_needs(store, engine, outside):
    with ThreadPoolExecutor(MOST_READERS) as many:
        list(many.map(lambda _: look_twice(store), range(50)))
    office = SimpleNamespace(sites=["rathaus"])

    tidy(SimpleNamespace(is_on_duty=lambda: False, settings=office, store=store))

    def all_there():
        pool = engine._readers.get_stats()
        return pool["pool_available"] == pool["pool_size"] == found(outside, OURS)

    until(all_there)


def test_after_its_end_a_store_has_no_connections_left(store, outside):
    with store.snapshot() as snapshot:
        snapshot.rows("SELECT 1 AS one")
        store.close()

    until(lambda: found(outside, OURS) == 0)
