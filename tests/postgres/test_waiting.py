"""Who waits for whom on PostgreSQL: actions at one site, and many who come at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from threading import Thread

import psycopg
import pytest

from queue_server.domain.errors import StorageFailed
from queue_server.store.postgres.engine import MOST_READERS, PostgresEngine
from queue_server.store.postgres.writing import MOST_WRITERS
from queue_server.store.transaction import Store
from tests.postgres.marks import found, kept, put
from tests.postgres_cluster import folder
from tests.store.shared_batch import PATIENCE_SECONDS, until

WAITING = """SELECT COUNT(*) AS found FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'"""
RUSH = 40


class Waiting:
    """An action in a thread of its own, which may have to wait."""

    def __init__(self, store, site, name):
        self.thread = Thread(target=self._run, args=(store, site, name), daemon=True)
        self.error = None
        self.thread.start()

    def _run(self, store, site, name):
        try:
            with store.transaction(site) as tx:
                put(tx, name)
        except StorageFailed as error:
            self.error = error

    def done(self):
        self.thread.join(PATIENCE_SECONDS)
        assert not self.thread.is_alive() and self.error is None


def test_two_servers_stand_in_one_line_at_a_site(store, elsewhere, outside):
    with store.transaction("rathaus") as tx:
        put(tx, "m1")
        other = Waiting(elsewhere, "rathaus", "m2")
        until(lambda: found(outside, WAITING) == 1)
        assert kept(store) == []
    other.done()

    assert kept(store) == ["m1", "m2"]


def test_different_sites_do_not_wait_for_each_other(store, elsewhere):
    with store.transaction("rathaus") as tx:
        put(tx, "m1")
        for where, name in ((store, "m2"), (elsewhere, "m3")):
            Waiting(where, "nordend", name).done()

        assert kept(store) == ["m2", "m3"]


@pytest.mark.parametrize(("first", "second"), [("rathaus", None), (None, "rathaus")])
def test_an_action_of_the_whole_house_is_alone(store, elsewhere, outside, first, second):
    with store.transaction("rathaus") as tx:
        put(tx, "m0")
    with store.transaction(first) as tx:
        put(tx, "m1")
        other = Waiting(elsewhere, second, "m2")
        until(lambda: found(outside, WAITING) == 1)
    other.done()

    assert kept(store) == ["m0", "m1", "m2"]


def test_whoever_waits_for_too_long_is_refused_and_the_office_goes_on(store, outside):
    with store.transaction("rathaus") as tx:
        put(tx, "m0")
    outside.execute("BEGIN; SELECT 1 FROM site_locks WHERE site = 'rathaus' FOR UPDATE")

    with pytest.raises(StorageFailed), store.transaction("rathaus") as tx:
        put(tx, "m1")
    outside.execute("ROLLBACK")
    with store.transaction("rathaus") as tx:
        put(tx, "m2")

    assert kept(store) == ["m0", "m2"] and not store.is_failing


def test_however_many_look_whoever_calls_finds_a_connection(store, outside):
    with ExitStack() as looking:
        for _ in range(MOST_READERS):
            looking.enter_context(store.snapshot())
        with store.transaction("rathaus") as tx:
            put(tx, "m1")

    assert kept(store) == ["m1"]


def test_a_rush_at_one_site_leaves_connections_to_the_others(store, outside):
    with store.transaction("rathaus") as tx:
        put(tx, "m1")
        rush = [Waiting(store, "rathaus", f"m9{n:02}") for n in range(3 * MOST_WRITERS)]
        Waiting(store, "nordend", "m2").done()
        assert kept(store) == ["m2"]
    for one in rush:
        one.done()

    assert len(kept(store)) == 2 + len(rush)


def test_a_rush_tries_to_connect_once_for_all_who_wait(url):
    """Else the server has no connections left for anybody, just when many come."""
    said = f"user=aufruf database={psycopg.conninfo.conninfo_to_dict(url)['dbname']} "

    def closed():
        return (folder() / "log").read_text().count(said)

    noted = f"{url}&options=-clog_disconnections%3Don"
    with closing(Store(PostgresEngine(noted, durability="normal"))) as store:
        with ExitStack() as looking, ThreadPoolExecutor(RUSH) as rush:
            for _ in range(MOST_READERS):
                looking.enter_context(store.snapshot())
            before = closed()
            waiting = [rush.submit(kept, store) for _ in range(RUSH)]
            # Somebody has waited for so long that the server is asked.
            until(lambda: closed() > before)
            looking.close()
            assert [one.result(PATIENCE_SECONDS) for one in waiting] == [[]] * RUSH

        assert closed() < before + RUSH / 2
