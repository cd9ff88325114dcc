"""Native threads next to the gevent hub, one pool for each kind of slow work."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import gevent
from gevent.threadpool import ThreadPool

from queue_server.web.pools import Pools

T = TypeVar("T")
NICENESS = 10


class ThreadPoolOffload:
    """Runs work in at most so many native threads while the hub goes on; more work waits in line.

    With `stands_back` the hub has the processor first. That is for work in C, which leaves the
    interpreter to others; a thread that holds it while it stands back would make the hub wait.

    An exception comes back as a value and is raised here. gevent's own way would print it from
    the hub first, and on a full disk that printing fails and whoever waits is never woken.
    """

    def __init__(self, threads: int, *, stands_back: bool = False) -> None:
        self._pool = ThreadPool(threads)
        self._run = _outcome_standing_back if stands_back else _outcome

    def __call__(self, work: Callable[[], T]) -> T:
        result, error = self._pool.apply(self._run, (work,))
        if error is not None:
            raise error
        return result  # type: ignore[no-any-return]


def native_pools() -> Pools:
    """The pools of a serving process, made in the thread of its hub.

    One thread writes to the disk. argon2 takes 64 MiB and a core for a tenth of a second, and a
    picture up to 150 MB, so two and one at a time are what a small machine can bear; what waits
    for others (printers) may wait side by side.
    """
    return Pools(
        commits=ThreadPoolOffload(1),
        passwords=ThreadPoolOffload(2, stands_back=True),
        pictures=ThreadPoolOffload(1, stands_back=True),
        qr_codes=ThreadPoolOffload(1),
        printers=ThreadPoolOffload(4),
        mail=ThreadPoolOffload(1),
        forecasts=ThreadPoolOffload(1),
        calendars=ThreadPoolOffload(1),
        reports=ThreadPoolOffload(1),
        # One, so that a call that two walls ask for is rendered by the first of them alone.
        voices=ThreadPoolOffload(1, stands_back=True),
        # Whole paragraphs, at any kiosk: no call waits for them.
        reading_aloud=ThreadPoolOffload(1, stands_back=True),
        # They wait for push services, each a few seconds at most.
        push=ThreadPoolOffload(8),
        # SQLite copies and reads the whole database; the office has the processor first.
        backups=ThreadPoolOffload(1, stands_back=True),
        later=gevent.spawn,
    )


def _outcome(work: Callable[[], T]) -> tuple[T | None, BaseException | None]:
    try:
        return work(), None
    except BaseException as error:
        return None, error


def _outcome_standing_back(work: Callable[[], T]) -> tuple[T | None, BaseException | None]:
    # On Linux each thread has its own priority; argon2's helpers inherit it.
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
    return _outcome(work)
