"""Who waits for whom on PostgreSQL, and what happens when it goes away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from threading import Thread

import psycopg
import pytest

from queue_server.domain.errors import StorageFailed
from queue_server.store.engines import engine_of
from queue_server.store.postgres.connecting import connect
from queue_server.store.postgres.engine import MOST_READERS, PostgresEngine
from queue_server.store.postgres.writing import MOST_WRITERS
from queue_server.store.transaction import Store
from tests.postgres_cluster import folder
from tests.store.shared_batch import PATIENCE_SECONDS, until

WAITING = """SELECT COUNT(*) AS found FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'"""
RUSH = 40
OURS = """SELECT COUNT(*) AS found FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'aufruf'
    AND pid <> pg_backend_pid()"""
# Whoever asks for both waits, however long, until the lock is given back.
FOR_EVER = "SELECT set_config('lock_timeout', '0', TRUE)"
HELD_UP = "SELECT pg_advisory_xact_lock(1)"
BUSY = """SELECT COUNT(*) AS found FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event = 'advisory'"""
CUT_OFF = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@pytest.fixture
def store(engine):
    return Store(engine)


@pytest.fixture
def elsewhere(url):
    """The same database, as a server on another machine has it."""
    engine = PostgresEngine(url, durability="normal")
    yield Store(engine)
    engine.close()


@pytest.fixture
def outside(url):
    with closing(connect(url)) as raw:
        yield raw


def put(tx, name, value="x"):
    tx.write(
        "INSERT INTO marks (name, value) VALUES (:name, :value)", {"name": name, "value": value}
    )


def kept(store):
    with store.snapshot() as snapshot:
        rows = snapshot.rows("SELECT name FROM marks WHERE name LIKE 'm%' ORDER BY name")
    return [row["name"] for row in rows]


def found(outside, sql):
    return outside.execute(sql).fetchall()[0]["found"]


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


# -- who waits for whom ----------------------------------------------------------------------


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


def test_connections_are_used_again(store, outside):
    for n in range(50):
        with store.transaction("rathaus") as tx:
            put(tx, f"m{n}")
        with pytest.raises(ZeroDivisionError), store.transaction("rathaus"):
            1 / 0  # noqa: B018
        with pytest.raises(ZeroDivisionError), store.snapshot() as snapshot:
            assert snapshot.rows("SELECT name FROM marks WHERE name LIKE 'm%'")
            1 / 0  # noqa: B018

    assert found(outside, OURS) <= 2


def test_what_is_asked_at_once_is_one_view_whatever_is_committed_meanwhile(store, outside):
    count = ("SELECT COUNT(*) AS found FROM marks WHERE name LIKE 'm%'", {})
    questions = [count, (FOR_EVER, {}), (HELD_UP, {}), count]
    outside.execute("SELECT pg_advisory_lock(1)")
    with ThreadPoolExecutor(1) as looking:
        asked = looking.submit(store.at_once, questions)
        try:
            until(lambda: found(outside, BUSY) == 1)
            with store.transaction("rathaus") as tx:
                put(tx, "m1")
        finally:
            outside.execute("SELECT pg_advisory_unlock(1)")
        first, *_, last = asked.result(PATIENCE_SECONDS)

    assert [row["found"] for row in (*first, *last)] == [0, 0]
    assert kept(store) == ["m1"]


def test_a_snapshot_that_has_ended_answers_nothing_more(store, outside):
    """Its connection is another's by then, who would get the answer."""
    with store.snapshot() as asked, store.snapshot() as not_asked:
        asked.rows("SELECT 1 AS one")

    for late in (asked, not_asked):
        with pytest.raises(RuntimeError, match="ended"):
            late.rows("SELECT 1 AS one")
    assert found(outside, OURS) <= 2


def test_whoever_only_looks_can_not_write(store):
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), store.snapshot() as snapshot:
        snapshot.write("DELETE FROM marks")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        store.at_once([("DELETE FROM marks", {})])


# -- trouble -----------------------------------------------------------------------------------


def test_a_server_that_restarted_is_not_noticed_by_the_next(store, outside):
    with store.transaction("rathaus") as tx:
        put(tx, "m1")
    assert kept(store) == ["m1"]
    outside.execute(CUT_OFF)

    with store.transaction("rathaus") as tx:
        put(tx, "m2")

    assert kept(store) == ["m1", "m2"]


def test_an_action_that_is_cut_off_is_refused_and_left_out(store, outside):
    heard = []
    store.listen(heard.append)

    with pytest.raises(StorageFailed) as refusal, store.transaction("rathaus") as tx:
        put(tx, "m1")
        outside.execute(CUT_OFF)
        put(tx, "m2")

    assert store.is_failing and heard == [] and refusal.value.facts["reason"]
    with store.transaction("rathaus") as tx:
        put(tx, "m3")
    assert kept(store) == ["m3"] and not store.is_failing


@pytest.mark.parametrize("then", [lambda tx: None, lambda tx: put(tx, "m2")])
def test_an_action_that_does_nothing_for_too_long_is_refused_and_left_out(store, outside, then):
    with pytest.raises(StorageFailed) as refusal, store.transaction("rathaus") as tx:
        tx.write("SET LOCAL idle_in_transaction_session_timeout = '10ms'")
        put(tx, "m1")
        until(lambda: found(outside, OURS) == 0)
        then(tx)

    assert store.is_failing and "idle-in-transaction" in refusal.value.facts["reason"]
    assert kept(store) == []


def test_plans_that_the_server_has_forgotten_cost_one_refusal(store):
    with store.transaction("rathaus") as tx:
        tx.write("DEALLOCATE ALL")
    with pytest.raises(StorageFailed), store.transaction("rathaus"):
        pass

    with store.transaction("rathaus") as tx:
        put(tx, "m1")
    assert kept(store) == ["m1"] and not store.is_failing


def test_what_is_said_of_a_server_that_is_away_holds_no_secret(tmp_path):
    url = f"postgresql://aufruf:geheim@/office?host={tmp_path}"

    with pytest.raises(StorageFailed) as refusal:
        engine_of(url)

    facts = refusal.value.facts
    assert facts["path"] == "postgresql:///office" and "geheim" not in facts["reason"]
    assert facts["reason"]


def test_a_database_that_refuses_everybody_is_said_at_once_and_comes_back(store, outside, url):
    """As while it restarts: what is open is cut off, and nobody finds it under its name."""
    name = outside.info.dbname
    with psycopg.connect(url.replace(f"/{name}?", "/postgres?"), autocommit=True) as raw:
        raw.execute(CUT_OFF.replace("current_database()", f"'{name}'"))
        raw.execute(f"ALTER DATABASE {name} RENAME TO {name}_away")
        try:
            for _ in range(3):
                with pytest.raises(StorageFailed) as refusal, store.transaction("rathaus"):
                    pass
                assert name in refusal.value.facts["reason"]
            assert store.is_failing
            with pytest.raises(StorageFailed):
                kept(store)
        finally:
            raw.execute(f"ALTER DATABASE {name}_away RENAME TO {name}")

    with store.transaction("rathaus") as tx:
        put(tx, "m1")
    assert kept(store) == ["m1"] and not store.is_failing


# -- deleted data ------------------------------------------------------------------------------


def test_a_wipe_waits_for_nobody_and_is_tried_again(engine, store, elsewhere):
    with elsewhere.snapshot() as snapshot:
        snapshot.rows("SELECT 1 AS found FROM people")
        assert engine.wipe() is False and engine.unwiped_seconds > 0
    engine.tidy()

    assert engine.unwiped_seconds == 0


def test_a_backup_is_for_postgresqls_own_tools(store, tmp_path):
    with pytest.raises(StorageFailed) as refusal:
        store.backup(str(tmp_path / "copy.db"))

    assert "pg_dump" in refusal.value.facts["reason"]
