"""What a store on PostgreSQL keeps and shows, and what happens when the server goes away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from queue_server.domain.errors import StorageFailed
from queue_server.store.engines import engine_of
from tests.postgres.marks import CUT_OFF, OURS, found, kept, put
from tests.store.shared_batch import PATIENCE_SECONDS, until

# Whoever asks for both waits, however long, until the lock is given back.
FOR_EVER = "SELECT set_config('lock_timeout', '0', TRUE)"
HELD_UP = "SELECT pg_advisory_xact_lock(1)"
BUSY = """SELECT COUNT(*) AS found FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event = 'advisory'"""


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
