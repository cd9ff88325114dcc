"""One verb is all or nothing, and nobody hears of it before it is safe."""

from __future__ import annotations

import subprocess
import sys
from contextlib import nullcontext
from threading import Thread

import pytest

from queue_server.domain.errors import NotFound, StorageFailed
from queue_server.domain.events import CounterClosed
from queue_server.store.database import NO_PARAMS
from queue_server.store.sqlite import SqliteEngine
from queue_server.store.transaction import Store
from tests.faults.disks import no_room_for_files
from tests.spared import READ_ONLY, REFUSED_BY_KEY
from tests.store.shared_batch import in_one_batch
from tests.town import open_store

HOLD_THE_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("COMMIT")
"""


def something(town, counter="schalter-1"):
    return CounterClosed(at=town.now, site="rathaus", counter=counter, by="clerk")


def written(store: Store) -> list[str]:
    """The counters whose events are in the journal, as another connection sees it."""
    with store.snapshot() as snapshot:
        return [row["counter"] for row in snapshot.rows("SELECT counter FROM journal ORDER BY seq")]


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


# -- the group commit ------------------------------------------------------------------------


class Disk:
    """The offload of an engine that counts its commits, or lets the system fail them."""

    def __init__(self) -> None:
        self.commits = 0
        self.is_full = False

    def __call__(self, work):
        self.commits += 1
        with no_room_for_files() if self.is_full else nullcontext():
            return work()


@pytest.fixture
def disk():
    return Disk()


@pytest.fixture
def engine(town, disk):
    engine = SqliteEngine(town.store._engine.path, offload=disk)
    yield engine
    engine.close()


@pytest.fixture
def heard():
    return []


@pytest.fixture
def store(engine, heard):
    store = Store(engine)
    store.listen(lambda events: heard.append([event.counter for event in events]))
    return store


@pytest.mark.sqlite
def test_verbs_that_wait_for_their_turn_share_one_commit(town, store, engine, disk, heard):
    bodies = [lambda tx, n=n: tx.record(something(town, f"s-{n}")) for n in range(6)]

    seqs = [future.result() for future in in_one_batch(store, engine, bodies)]

    assert disk.commits == 1
    assert sorted(seqs) == list(range(1, 7))
    assert heard == [written(store)]


@pytest.mark.sqlite
def test_an_answer_leaves_only_after_its_commit(town, store):
    def verb(n):
        with store.transaction() as tx:
            tx.record(something(town, f"s-{n}"))
        return f"s-{n}" in written(store)

    assert all(at_once(verb, range(8)))


@pytest.mark.sqlite
def test_a_refusal_in_a_shared_commit_leaves_the_neighbours_writes(town, store, engine, heard):
    futures = in_one_batch(store, engine, refused_every_second(town, 1))

    assert [type(f.exception()) for f in futures] == [type(None), NotFound] * 3
    assert sorted(written(store)) == ["s-0", "s-2", "s-4"]
    assert heard == [written(store)]


@pytest.mark.sqlite
def test_a_refusal_of_the_first_in_line_costs_no_commit_and_leaves_nothing(
    town, store, engine, disk, heard
):
    futures = in_one_batch(store, engine, refused_every_second(town, 0))

    assert [type(f.exception()) for f in futures] == [NotFound, type(None)] * 3
    assert sorted(written(store)) == ["s-1", "s-3", "s-5"]
    assert [sorted(each) for each in heard] == [["s-1", "s-3", "s-5"]] and disk.commits == 1


def refused_every_second(town, first: int):
    """Six that write; every second one, beginning with this one, is refused after that."""

    def verb(n):
        def body(tx):
            tx.record(something(town, f"s-{n}"))
            if n % 2 == first:
                raise NotFound(ticket=n)

        return body

    return [verb(n) for n in range(6)]


@pytest.mark.sqlite
def test_when_the_disk_is_full_every_verb_of_the_commit_fails_and_none_is_announced(
    town, store, engine, disk, heard
):
    disk.is_full = True
    bodies = [lambda tx, n=n: tx.record(something(town, f"s-{n}")) for n in range(3)]

    futures = in_one_batch(store, engine, bodies)

    assert {type(future.exception()) for future in futures} == {StorageFailed}
    assert written(store) == [] and heard == []


@pytest.mark.sqlite
def test_a_verb_that_fills_the_disk_takes_its_batch_along_and_nobody_after_it(
    town, store, engine, heard
):
    pages = engine._raw.execute("PRAGMA page_count").fetchone()[0]
    engine._raw.execute(f"PRAGMA max_page_count = {pages + 2}")

    def too_much(tx):
        tx.record(something(town, "x" * 100_000))

    small = [lambda tx, n=n: tx.record(something(town, f"s-{n}")) for n in range(3)]
    futures = in_one_batch(store, engine, [too_much, *small])

    answered = [future.exception() is None for future in futures]
    assert answered == [False, True, True, True]
    assert sorted(written(store)) == ["s-0", "s-1", "s-2"]
    assert sorted(counter for batch in heard for counter in batch) == ["s-0", "s-1", "s-2"]


@pytest.mark.sqlite
def test_whoever_shared_the_batch_of_a_full_disk_is_told_so(town, store, engine, heard):
    pages = engine._raw.execute("PRAGMA page_count").fetchone()[0]
    engine._raw.execute(f"PRAGMA max_page_count = {pages + 2}")

    def body(n):
        text = "x" * 100_000 if n == 1 else f"s-{n}"
        return lambda tx: tx.record(something(town, text))

    futures = in_one_batch(store, engine, [body(n) for n in range(4)])

    # Who was answered is written and announced, who was refused is neither.
    answered = sorted(f"s-{n}" for n, f in enumerate(futures) if f.exception() is None)
    assert sorted(written(store)) == answered
    assert sorted(counter for batch in heard for counter in batch) == answered


@pytest.mark.sqlite
def test_after_a_full_disk_the_next_verb_works(town, store, disk, heard):
    disk.is_full = True
    with pytest.raises(StorageFailed), store.transaction() as tx:
        tx.record(something(town, "lost"))
    disk.is_full = False

    with store.transaction() as tx:
        tx.record(something(town, "kept"))

    assert written(store) == ["kept"] and heard == [["kept"]]


@pytest.mark.sqlite
def test_a_verb_is_answered_even_if_the_next_in_line_has_died(town, store, engine):
    engine._count(+1)

    with store.transaction() as tx:
        tx.record(something(town))

    assert written(store) == ["schalter-1"]


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


def at_once(verb, arguments):
    results = {}
    threads = [
        Thread(target=lambda n=n: results.__setitem__(n, verb(n)), name=str(n)) for n in arguments
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[n] for n in arguments]
