"""Actions that surely share one commit: the first holds its turn until the others are in line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

from queue_server.domain.events import CounterClosed
from queue_server.store.sqlite import SqliteEngine
from queue_server.store.transaction import Store, Transaction

PATIENCE_SECONDS = 60
Body = Callable[[Transaction], object]


def in_one_batch(store: Store, engine: SqliteEngine, bodies: Sequence[Body]) -> list[Future]:
    """Run each body as a separate action; the futures hold their answers or errors."""
    first_is_in = Event()

    def first(body: Body) -> object:
        with store.transaction() as tx:
            first_is_in.set()
            until(lambda: engine._in_line == len(bodies) - 1)
            return body(tx)

    def later(body: Body) -> object:
        with store.transaction() as tx:
            return body(tx)

    with ThreadPoolExecutor(len(bodies)) as pool:
        futures = [pool.submit(first, bodies[0])]
        assert first_is_in.wait(PATIENCE_SECONDS)
        futures += [pool.submit(later, body) for body in bodies[1:]]
    return futures


def until(fact: Callable[[], bool]) -> None:
    """Wait for a fact, looking often."""
    pause = Event()
    for _ in range(PATIENCE_SECONDS * 1000):
        if fact():
            return
        pause.wait(0.001)
    raise AssertionError("it never came true")


def something(town, counter="schalter-1"):
    return CounterClosed(at=town.now, site="rathaus", counter=counter, by="clerk")


def written(store: Store) -> list[str]:
    """The counters whose events are in the journal, as another connection sees it."""
    with store.snapshot() as snapshot:
        return [row["counter"] for row in snapshot.rows("SELECT counter FROM journal ORDER BY seq")]
