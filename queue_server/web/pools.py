"""Where slow work runs: each kind in its own native threads, so that no kind waits for another.

A ticket is answered after its COMMIT. While passwords, pictures and printers shared one pool with
it, a hundred wrong passwords at once held up every ticket for a minute. Where many share a pool,
`Turns` lets each have one piece of work under way, so that nobody fills the line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from queue_server.domain.errors import TooManyTries
from queue_server.store.database import Offload, run_here


@dataclass(frozen=True, slots=True)
class Pools:
    """One `Offload` for each kind of work; without a socket hub (tests, commands) all run here.

    `later` starts work that nobody waits for and that catches what goes wrong with it.
    """

    commits: Offload = run_here
    passwords: Offload = run_here
    pictures: Offload = run_here
    qr_codes: Offload = run_here
    printers: Offload = run_here
    mail: Offload = run_here
    forecasts: Offload = run_here
    calendars: Offload = run_here
    reports: Offload = run_here
    voices: Offload = run_here
    reading_aloud: Offload = run_here
    push: Offload = run_here
    backups: Offload = run_here
    later: Callable[[Callable[[], None]], object] = run_here


class Turns:
    """Who has work under way, in memory and only as long as it lasts."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[Lock, int]] = {}
        self._newest: dict[str, object] = {}
        self._turn = Lock()

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Raises `TooManyTries` at once while the same name has something under way."""
        with self._turn:
            if name in self._locks:
                raise TooManyTries(seconds=1)
            self._locks[name] = Lock(), 1
        with self._held(name, self._locks[name][0]):
            yield

    @contextmanager
    def after_own(self, name: str) -> Iterator[None]:
        """Waits until the same name has nothing else under way."""
        with self.newest(name):
            yield

    @contextmanager
    def newest(self, name: str) -> Iterator[bool]:
        """Waits as well; False for whoever another of the same name came after meanwhile."""
        mine = object()
        with self._turn:
            lock, users = self._locks.get(name, (Lock(), 0))
            self._locks[name], self._newest[name] = (lock, users + 1), mine
        with self._held(name, lock):
            yield self._newest[name] is mine

    @contextmanager
    def _held(self, name: str, lock: Lock) -> Iterator[None]:
        try:
            with lock:
                yield
        finally:
            with self._turn:
                _, users = self._locks.pop(name)
                if users > 1:
                    self._locks[name] = lock, users - 1
                else:
                    self._newest.pop(name, None)
