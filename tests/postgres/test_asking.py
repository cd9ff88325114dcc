"""Several questions in one trip to PostgreSQL: refused, interrupted, too much, too many."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from queue_server.store.postgres.asking import STATEMENTS_PREPARED
from queue_server.store.postgres.engine import MOST_READERS
from tests.postgres.marks import CUT_OFF, OURS, found, kept, look_twice, put
from tests.store.shared_batch import PATIENCE_SECONDS, until

ONE = ("SELECT 1 AS one", ())
TWO = ("SELECT 2 AS two", ())
BY_ZERO = ("SELECT 1 / 0 AS never", ())
UNKNOWN = ("SELECT nothing_of_this_name", ())
PLANNED = ("SELECT statement FROM pg_prepared_statements", ())


def answers(raw, *questions):
    return [tuple(row) for each in raw.asker.ask(questions) for row in raw.asker.rows(each)]


def planned(raw):
    """What the server has a plan for, without this question itself."""
    return sorted(text for (text,) in answers(raw, PLANNED) if text != PLANNED[0])


# -- refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize("refused", [BY_ZERO, UNKNOWN])
def test_of_a_trip_that_is_refused_the_rest_is_not_done_and_can_be_asked_again(raw, refused):
    raw.execute("CREATE TEMPORARY TABLE written (n BIGINT)")
    insert = ("INSERT INTO written VALUES ($1)", (1,))

    for _ in range(3):
        with pytest.raises(psycopg.Error):
            raw.asker.ask([insert, refused, ONE, TWO])

    assert raw.pgconn.transaction_status == TransactionStatus.IDLE
    assert answers(raw, ONE, ("SELECT n FROM written", ()), TWO) == [(1,), (2,)]


def test_a_refusal_inside_an_action_fails_the_action_and_not_the_connection(raw):
    raw.asker.ask([("BEGIN", ())])
    with pytest.raises(psycopg.errors.DivisionByZero):
        raw.asker.ask([ONE, BY_ZERO, TWO])
    assert raw.pgconn.transaction_status == TransactionStatus.INERROR

    raw.execute("ROLLBACK")

    assert answers(raw, TWO, ONE) == [(2,), (1,)]


def test_what_is_refused_again_and_again_is_planned_once(raw):
    for _ in range(5):
        with pytest.raises(psycopg.errors.DivisionByZero):
            raw.asker.ask([BY_ZERO])

    assert planned(raw) == [BY_ZERO[0]]


def test_what_is_refused_at_the_very_end_of_a_trip_is_refused(raw):
    raw.execute("CREATE TEMPORARY TABLE people (id BIGINT PRIMARY KEY)")
    raw.execute(
        """CREATE TEMPORARY TABLE visits
           (person BIGINT REFERENCES people DEFERRABLE INITIALLY DEFERRED)"""
    )
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        raw.asker.ask([("INSERT INTO visits VALUES ($1)", (1,))])

    assert answers(raw, ("SELECT person FROM visits", ()), ONE) == [(1,)]


def test_whoever_comes_after_an_end_that_was_refused_is_not_told_so(store, engine):
    look_twice(store)
    (raw,) = engine._idle._connections
    raw.asker.ask([("BEGIN", ())])
    raw.asker.send(BY_ZERO)

    look_twice(store)

    assert raw.closed and kept(store) == []


def test_whoever_is_cut_off_is_told_why_by_the_server(raw, outside):
    assert answers(raw, ONE) == [(1,)]
    outside.execute(CUT_OFF)
    until(lambda: found(outside, OURS) == 0)

    with pytest.raises(psycopg.errors.AdminShutdown):
        raw.asker.ask([ONE, TWO])
    assert raw.closed


# -- plans -------------------------------------------------------------------------------------


def test_in_the_middle_of_an_action_the_oldest_plans_end_and_it_goes_on(raw):
    raw.asker.ask([("BEGIN", ())])
    for n in range(2 * STATEMENTS_PREPARED):
        assert answers(raw, (f"SELECT {n} AS n{n}", ())) == [(n,)]
        assert raw.pgconn.transaction_status == TransactionStatus.INTRANS

    assert answers(raw, ("SELECT 0 AS n0", ())) == [(0,)]
    assert len(planned(raw)) <= STATEMENTS_PREPARED


def test_values_of_other_kinds_each_time_have_a_plan_for_each_kind(raw):
    asked = "SELECT CAST($1 AS TEXT) AS found"
    for value, text in [(None, None), (1, "1"), (True, "1"), ("x", "x"), ("", "")] * 3:
        assert answers(raw, (asked, (value,))) == [(text,)]

    assert 1 <= len(planned(raw)) <= 3


def test_a_nul_is_nobodys_name(store):
    with store.transaction("rathaus") as tx:
        put(tx, "m1", "a\0b")
    (found,) = store.at_once([("SELECT value FROM marks WHERE value = :v", {"v": "a\0b"})])

    assert [row["value"] for row in found] == ["a\ufffdb"]


# -- much --------------------------------------------------------------------------------------


def test_much_goes_and_comes_in_one_trip(store):
    long = "ä" * 5_000_000
    many = "SELECT n, repeat('x', 100) AS text FROM generate_series(1, 200000) AS n"
    asked = [("SELECT CAST(:long AS TEXT) AS long", {"long": long}), (many, {})] * 2

    (first, rows, again, _) = store.at_once(asked)

    assert first[0]["long"] == again[0]["long"] == long
    assert [rows[0]["n"], rows[-1]["n"], len(rows)] == [1, 200_000, 200_000]


def test_many_readers_at_once_wait_for_each_other_and_nobody_is_refused(store):
    slow = ("SELECT :n AS n, pg_sleep(0.02)", "SELECT :n + 1 AS n")

    def look(n):
        if n % 2:
            answers = store.at_once([(sql, {"n": n}) for sql in slow])
        else:
            with store.snapshot() as snapshot:
                answers = [snapshot.rows(sql, {"n": n}) for sql in slow]
        return [row["n"] for rows in answers for row in rows]

    with ThreadPoolExecutor(5 * MOST_READERS) as many:
        looking = [many.submit(look, n) for n in range(200)]
        for _ in range(20):
            store.tidy()
        found = [each.result(PATIENCE_SECONDS) for each in looking]

    assert found == [[n, n + 1] for n in range(200)]


def test_an_answer_that_was_read_stays_nowhere(raw):
    assert len(answers(raw, ("SELECT * FROM generate_series(1, 50000)", ()))) == 50_000

    assert raw.asker._values.pgresult is None
    assert answers(raw, ONE, TWO) == [(1,), (2,)]
