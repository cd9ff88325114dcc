"""Actions that wait for their turn share one commit, and each hears its own outcome."""

from __future__ import annotations

from contextlib import closing, nullcontext
from threading import Thread

import pytest

from queue_server.domain.errors import NotFound, StorageFailed
from queue_server.store.sqlite import SqliteEngine
from queue_server.store.transaction import Store
from tests.faults.disks import no_room_for_files
from tests.store.shared_batch import in_one_batch, something, written


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
def test_without_a_thread_to_be_had_a_verb_is_written_all_the_same(town):
    def no_thread(work):
        raise RuntimeError("can't start new thread")

    engine = SqliteEngine(town.store._engine.path, offload=no_thread)
    with closing(engine), Store(engine).transaction() as tx:
        tx.record(something(town, "s-1"))

    assert written(town.store) == ["s-1"]


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
    assert store.is_failing
    disk.is_full = False

    with store.transaction() as tx:
        tx.record(something(town, "kept"))

    assert not store.is_failing
    assert written(store) == ["kept"] and heard == [["kept"]]


@pytest.mark.sqlite
def test_a_verb_is_answered_even_if_the_next_in_line_has_died(town, store, engine):
    engine._count(+1)

    with store.transaction() as tx:
        tx.record(something(town))

    assert written(store) == ["schalter-1"]


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
