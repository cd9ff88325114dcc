"""Writing to SQLite: one connection, a turn for each action, one commit for all in line."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from queue_server.domain.errors import StorageFailed
from queue_server.store.connecting import (
    BUSY_SECONDS,
    ActionConnection,
    SqliteConnection,
    for_writing,
    patiently,
    trouble_told,
)
from queue_server.store.database import Committed, FailingWriter, Offload, Recorded, Where

MOST_ACTIONS_PER_COMMIT = 64
ORPHAN_SECONDS = 0.25
WITH_A_NEIGHBOUR = "rolled back with a neighbour"


class SqliteWriter(FailingWriter):
    """The writing connection of one file.

    Raises `StorageFailed` for a file or folder that can't be used.
    """

    def __init__(self, path: Path, durability: str, offload: Offload) -> None:
        # SQLite keeps its other files beside the real one, wherever a link to it stands.
        self.path = path.resolve()
        self._offload = offload
        try:
            with trouble_told(self.path):
                self._raw = for_writing(self.path, durability)
        except OSError as error:
            raise StorageFailed(path=str(path), reason=str(error)) from error
        SqliteConnection(self._raw)
        self._turn = threading.Lock()
        self._counting = threading.Lock()
        self._in_line = 0
        self._holder: int | None = None
        self._batch: Batch | None = None

    @contextmanager
    def transaction(self, committed: Committed, site: Where) -> Iterator[ActionConnection]:
        if self._holder == threading.get_ident():
            raise RuntimeError(
                "an action inside an action: two that must happen together are a third"
            )
        batch: Batch | None = None
        give_up = time.monotonic() + BUSY_SECONDS
        with self._failure_noted(), trouble_told(self.path):
            try:
                with self._in_turn():
                    batch = self._batch or self._begin(give_up)
                    try:
                        yield from self._action(batch)
                    finally:
                        self._commit_if_last(batch)
            finally:
                if batch is not None:
                    self._announce(batch, committed)
                    self._await(batch, committed)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        self._count(+1)
        try:
            self._turn.acquire()
        finally:
            self._count(-1)
        self._holder = threading.get_ident()
        try:
            yield
        finally:
            self._holder = None
            self._turn.release()

    def _count(self, change: int) -> None:
        with self._counting:
            self._in_line += change

    def _begin(self, give_up: float) -> Batch:
        """BEGIN IMMEDIATE, waiting politely while another process (the command line) writes."""
        patiently(lambda: self._raw.execute("BEGIN IMMEDIATE"), give_up)
        self._batch = Batch(self._raw.total_changes)
        return self._batch

    def _action(self, batch: Batch) -> Iterator[ActionConnection]:
        action = ActionConnection(self._raw)
        # The first of a batch has the transaction to itself until it is through.
        has_neighbours = batch.actions > 0
        if has_neighbours:
            self._raw.execute("SAVEPOINT action")
        try:
            yield action
            if has_neighbours:
                self._raw.execute("RELEASE action")
        except BaseException as error:
            self._undo(batch, error)
            raise
        batch.recorded.extend(action.recorded)

    def _undo(self, batch: Batch, error: BaseException) -> None:
        if batch.actions > 0:
            with suppress(sqlite3.Error):
                if self._raw.in_transaction:
                    self._raw.execute("ROLLBACK TO action")
                    self._raw.execute("RELEASE action")
                    return
            # A full disk ends the whole transaction, also what neighbours wrote: all must hear.
            lost = StorageFailed(path=str(self.path), reason=WITH_A_NEIGHBOUR)
            batch.error = error if isinstance(error, sqlite3.Error) else lost
        with suppress(sqlite3.Error):
            self._raw.execute("ROLLBACK")
        # The next in line begins a new transaction.
        self._batch = None
        batch.done.set()

    def _commit_if_last(self, batch: Batch) -> None:
        if batch.done.is_set():
            return
        batch.actions += 1
        if self._in_line == 0 or batch.actions >= MOST_ACTIONS_PER_COMMIT:
            self._commit(batch)

    def _commit(self, batch: Batch) -> None:
        """Also when whoever commits for all is killed meanwhile: its outcome is everybody's."""
        self._batch = None
        batch.committer = threading.get_ident()
        commit = Commit(self._raw)
        hit = commit.wait(self._offload)
        batch.error = commit.error
        # A commit of nothing asks nothing of the disk, so it knows nothing of it.
        if batch.error is None and self._raw.total_changes > batch.changes:
            self._said_to_go_on()
        # A thread that could not be had was done without; a kill is obeyed.
        if hit is not None and not isinstance(hit, Exception):
            raise hit

    def _announce(self, batch: Batch, committed: Committed) -> None:
        """Whoever committed tells the listeners, and then all who wait for their answer.

        The next actions write meanwhile: the turn is over.
        """
        if batch.committer != threading.get_ident() or batch.done.is_set():
            return
        try:
            if batch.error is None:
                committed(batch.recorded)
        finally:
            batch.done.set()

    def _await(self, batch: Batch, committed: Committed) -> None:
        # Whoever counted as "in line" may have been killed before its turn; then commit here.
        while not batch.done.wait(ORPHAN_SECONDS):
            with self._in_turn():
                if self._batch is batch:
                    self._commit(batch)
            self._announce(batch, committed)
        if batch.error is not None:
            raise batch.error


LOOK_SECONDS = 0.001


class Batch:
    """Actions that share a commit; `changes` had been made on their connection before them."""

    def __init__(self, changes: int) -> None:
        self.changes = changes
        self.recorded: list[Recorded] = []
        self.actions = 0
        self.committer: int | None = None
        self.done = threading.Event()
        self.error: Exception | None = None


class Commit:
    """One COMMIT in another thread. Whoever waits for it may be killed; it is not.

    Nobody is told "not committed" of what is on the disk, nor the reverse.
    """

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        self._unclaimed = [True]
        self._is_over = False
        self.error: sqlite3.Error | None = None

    def wait(self, offload: Offload) -> BaseException | None:
        """Run it where the hub does not wait; returns what meanwhile hit the waiting greenlet.

        After that the outcome stands in `error`, whatever is returned.
        """
        hit = _tried(lambda: offload(self._run))
        # Where no thread has taken it up, nobody ever will.
        self._run()
        while not self._is_over:
            hit = _tried(lambda: time.sleep(LOOK_SECONDS)) or hit
        return hit

    def _run(self) -> None:
        try:
            # Taking from a list is one step for the interpreter: one thread gets it.
            self._unclaimed.pop()
        except IndexError:
            return
        try:
            self._raw.execute("COMMIT")
        except sqlite3.Error as error:
            self.error = error
            with suppress(sqlite3.Error):
                self._raw.execute("ROLLBACK")
        finally:
            self._is_over = True


def _tried(work: Callable[[], object]) -> BaseException | None:
    try:
        work()
    except BaseException as error:
        return error
    return None
