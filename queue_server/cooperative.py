"""Sockets, locks and threads of Python become gevent's, before anything else is imported."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from math import inf
from time import monotonic
from typing import Any

# Whoever waits for a lock looks again after so long, and then after twice as long each time.
LOOK_AGAIN_SECONDS, LOOK_SELDOM_SECONDS = 0.05, 1.0


def patch() -> None:
    """For a process that serves; the standard library is another one afterwards."""
    from gevent import monkey

    with _packages_read_once():
        monkey.patch_all()
    _look_again_for_locks()


def _look_again_for_locks() -> None:
    """Whoever waits for a lock of `threading` also looks by themselves whether it is free.

    gevent loses the word that a lock is free when a native thread has taken it twice while the
    server was waiting: with no hub of its own the thread tells nobody the second time. Pages and
    letters share such locks, of Babel's data, of the log and of each module that is being
    imported, and a page that waited for one was never answered.
    """
    from gevent.lock import BoundedSemaphore
    from gevent.thread import LockType

    usual, take = LockType.acquire, BoundedSemaphore.acquire

    def acquire(self: Any, blocking: bool = True, timeout: float | None = -1) -> Any:
        seconds = inf if timeout is None or timeout == -1 else timeout
        if seconds == inf and take(self, False):
            return True
        if not blocking or seconds <= 0:
            return usual(self, blocking, timeout)
        return any(usual(self, True, pause) for pause in _pauses(seconds))

    LockType.acquire = acquire


def _pauses(seconds: float) -> Iterator[float]:
    """How long to wait until looking again, for so many seconds in all."""
    pause, give_up = LOOK_AGAIN_SECONDS, monotonic() + seconds
    while (left := give_up - monotonic()) > 0:
        yield min(pause, left)
        pause = min(2 * pause, LOOK_SELDOM_SECONDS)


@contextmanager
def _packages_read_once() -> Iterator[None]:
    """gevent asks 25 times which packages want to hear of its patches; each reads all of them."""
    usual, known = metadata.entry_points, metadata.entry_points()

    def entry_points(**wanted: Any) -> Any:
        return known.select(**wanted)

    metadata.entry_points = entry_points
    try:
        yield
    finally:
        metadata.entry_points = usual
