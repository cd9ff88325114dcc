"""Asking every client for a sign of life, while one task waits for all of them.

Engine.IO starts a task for each that sleeps for twenty seconds. A greenlet that sleeps is four
kilobytes and keeps its socket, also for whoever left long ago.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Any

from engineio.packet import PING, Packet

log = logging.getLogger(__name__)
USUAL = "_send_ping"
"""What Engine.IO's sockets start for it."""


class Pings:
    """Everybody is asked after the same interval, so whoever was put in line first is due first.

    `clock` is the one by which Engine.IO sees how long a client has been silent.
    """

    def __init__(self, engine: Any, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock
        self._due: deque[tuple[float, str]] = deque()
        self._is_waiting = False
        self._turn = Lock()

    def expect(self, session: str) -> None:
        """Ask this client one interval from now."""
        with self._turn:
            self._due.append((time.monotonic() + self._engine.ping_interval, session))
            must_begin, self._is_waiting = not self._is_waiting, True
        if must_begin:
            self._engine.start_background_task(self._wait)

    def _wait(self) -> None:
        """Until nobody is in line any more."""
        while (first := self._first()) is not None:
            at, session = first
            if (seconds := at - time.monotonic()) <= 0:
                self._due.popleft()
                self._ask(session)
            # Also when the next one is due: thousands who came at once are not asked at one go.
            self._engine.sleep(max(seconds, 0))

    def _first(self) -> tuple[float, str] | None:
        with self._turn:
            self._is_waiting = bool(self._due)
            return self._due[0] if self._due else None

    def _ask(self, session: str) -> None:
        """Whoever has left meanwhile is not asked; and whatever happens, the others still are."""
        try:
            socket = self._engine.sockets.get(session)
            if socket is not None and not (socket.closing or socket.closed):
                socket.last_ping = self._clock()
                socket.send(Packet(PING))
        except Exception:
            log.exception("a client was not asked for a sign of life")
