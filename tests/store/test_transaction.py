"""One action is all or nothing, and nobody hears of it before it is safe."""

from __future__ import annotations

import subprocess
import sys
from threading import Thread

import pytest

from queue_server.domain.errors import NotFound
from queue_server.store.database import NO_PARAMS
from tests.spared import READ_ONLY, REFUSED_BY_KEY
from tests.store.shared_batch import something, written
from tests.town import open_store

HOLD_THE_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("COMMIT")
"""


# -- all or nothing --------------------------------------------------------------------------


def test_whatever_a_verb_raises_undoes_all_it_wrote_and_comes_out_unchanged(town):
    refusal = NotFound(ticket=1)

    with pytest.raises(NotFound) as raised, town.store.transaction() as tx:
        tx.record(something(town))
        raise refusal

    assert raised.value is refusal
    assert written(town.store) == [] and town.heard == []


def test_a_constraint_that_says_no_undoes_the_whole_verb(town):
    with pytest.raises(REFUSED_BY_KEY), town.store.transaction() as tx:
        tx.record(something(town))
        tx.write("INSERT INTO idempotency (site, key, ticket, at) VALUES ('rathaus', 'k', 99, 0)")

    assert written(town.store) == [] and town.heard == []


def test_after_an_error_the_next_verb_works(town):
    with pytest.raises(ZeroDivisionError), town.store.transaction():
        1 / 0  # noqa: B018

    with town.store.transaction() as tx:
        tx.record(something(town))

    assert written(town.store) == ["schalter-1"]


def test_a_verb_inside_a_verb_is_refused(town):
    with pytest.raises(RuntimeError, match="a third"), town.store.transaction() as tx:
        tx.record(something(town))
        with town.store.transaction():
            pass

    assert written(town.store) == []


def test_nobody_else_sees_a_verb_before_its_commit(town):
    with town.store.transaction() as tx:
        tx.record(something(town))

        assert written(town.store) == []

    assert written(town.store) == ["schalter-1"]


def test_a_snapshot_sees_one_moment_whatever_happens_meanwhile(town):
    count = "SELECT COUNT(*) AS found FROM journal"
    with town.store.snapshot() as snapshot:
        before = snapshot.row(count)["found"]
        town.draw()

        assert snapshot.row(count)["found"] == before

    assert len(written(town.store)) > before


def test_a_snapshot_can_not_write(town):
    with town.store.snapshot() as snapshot, pytest.raises(READ_ONLY):
        snapshot.rows("DELETE FROM clerks", NO_PARAMS)


# -- other processes -------------------------------------------------------------------------


@pytest.mark.sqlite
def test_another_process_that_writes_is_waited_for(town):
    path = str(town.store._engine.path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "held\n"
        drawing = Thread(target=town.draw)
        drawing.start()
        drawing.join(0.05)
        assert drawing.is_alive()
        other.communicate("go\n")
        drawing.join()

    assert town.happened() == ["TicketIssued"]


def test_two_stores_on_one_file_see_each_others_commits(town, tmp_path):
    other = open_store(tmp_path / "town.db")

    with other.transaction() as tx:
        tx.record(something(town))
    other.close()

    assert town.happened() == ["CounterClosed"]


def test_what_another_server_committed_is_heard_unless_a_listener_wants_its_own_alone(town):
    of_all, own = [], []
    town.store.listen(of_all.extend)
    town.store.listen(own.extend, own_only=True)
    elsewhere, here = something(town, "schalter-2"), something(town)

    town.store.hear([elsewhere])
    with town.store.transaction() as tx:
        tx.record(here)

    assert (of_all, own) == ([elsewhere, here], [here])
