"""The gunicorn worker that serves the office: gevent, with limits on connections and bodies.

A body that is announced and never comes held its place for ever, and six thousand of them were
all places there are.
"""

from __future__ import annotations

import gc
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import gevent
from gevent.lock import BoundedSemaphore
from gevent.server import StreamServer
from gunicorn import util
from gunicorn.http import wsgi
from gunicorn.workers.ggevent import GeventWorker
from werkzeug.exceptions import RequestTimeout

from queue_server import garbage, supervisor
from queue_server.web import limits, one_write, request_ids, unread

T = TypeVar("T")
READ_BYTES = 64 * 1024
ACCEPTED_AT_ONCE = 8
"""Whoever opens thousands of connections at once lets others go on after so many."""

CROWD = 16
ROUND_SECONDS = 0.001
"""While more than a crowd of one address wait for their turn, each rests so long: a timer, however
short, rings only when everybody else has gone on."""

MOST_UNREAD_BYTES = 16 * 1024 * 1024
"""So much of a body that nobody wanted is thrown away, so that the refusal can be read; whoever
sends more is cut off."""


class OfficeWorker(GeventWorker):  # type: ignore[misc]
    """One process that serves all pages, sockets and programs."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        server = self.app.settings.server
        # All connections of a proxy come from its one address; the proxy counts its clients.
        most = 0 if server.behind_proxy else server.connections_per_address
        self._connections = Connections(most)
        self._body_seconds = float(server.body_seconds)

    def load_wsgi(self) -> None:
        """Make the application; what it is made of stays for good."""
        super().load_wsgi()
        StreamServer.max_accept = ACCEPTED_AT_ONCE
        util.write_error = unread.answer
        wsgi.Response, util.http_date = one_write.Answer, _http_date
        garbage.settle()
        gc.callbacks.append(garbage.searches.note)

    def notify(self) -> None:
        """Every second, as long as the hub goes round."""
        super().notify()
        supervisor.handover.beat()

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        """One connection, from its first byte to its end."""
        with self._connections.one(addr) as is_admitted:
            if is_admitted:
                self._connections.wait_for_turn(addr)
                super().handle(listener, client, addr)
            else:
                util.close(client)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """What could not be read: its line in the log and its answer bear the same name."""
        with request_ids.named():
            super().handle_error(req, client, addr, exc)

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> Any:
        """One request of a connection."""
        req.body = TimedBody(req.body, self._body_seconds)
        self._connections.wait_for_turn(addr)
        try:
            return super().handle_request(listener_name, req, sock, addr)
        finally:
            req.body.is_answered = True


class Connections:
    """Those of each address: how many are open, and whose turn it is; `most` 0 is no limit."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[str] = Counter()
        self._turns: defaultdict[str, BoundedSemaphore] = defaultdict(BoundedSemaphore)

    @contextmanager
    def one(self, address: Any) -> Iterator[bool]:
        """Counted while it lasts; False when it is one too many."""
        client = _client(address)
        self._open[client] += 1
        try:
            yield not client or not self._most or self._open[client] <= self._most
        finally:
            self._open[client] -= 1
            if not self._open[client]:
                del self._open[client]
                self._turns.pop(client, None)

    def wait_for_turn(self, address: Any) -> None:
        """Requests of one address begin one by one, and everybody else has a turn between them.

        Who sends thousands without waiting never makes us wait for the network, and only waiting
        lets others go on. A proxy speaks for many, so there no address waits for itself.
        """
        client = _client(address)
        if not client or not self._most:
            gevent.sleep(0)
            return
        turn = self._turns[client]
        with turn:
            gevent.sleep(ROUND_SECONDS if turn.linkcount() > CROWD else 0)


def _http_date() -> str:
    return one_write.date_of(int(time.time()))


def _client(address: Any) -> str:
    """Who is counted as one; "" on a socket of this machine, which tells no address."""
    return limits.at(address[0]).name if isinstance(address, tuple) else ""


class TimedBody:
    """A request's body that must arrive within so many seconds in total.

    What nobody has read is thrown away when the request is answered.
    """

    def __init__(self, body: Any, seconds: float) -> None:
        self._body = body
        self._seconds_left = seconds
        self.is_answered = False

    @property
    def failed(self) -> bool:
        """gunicorn asks: where the next request begins is unknown after a failure."""
        return bool(self._body.failed) or self._seconds_left <= 0

    def read(self, size: int | None = None) -> bytes:
        """Raises `RequestTimeout` (408) once the body has kept us waiting for too long."""
        if self.is_answered:
            return self._thrown_away()
        return self._within_time(lambda: bytes(self._body.read(size)))

    def readline(self, size: int | None = None) -> bytes:
        return self._within_time(lambda: bytes(self._body.readline(size)))

    def readlines(self, size: int | None = None) -> list[bytes]:
        return self._within_time(lambda: list(self._body.readlines(size)))

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def _within_time(self, read: Callable[[], T]) -> T:
        if self._is_here():
            return read()
        began = time.monotonic()
        try:
            with gevent.Timeout(max(self._seconds_left, 0), RequestTimeout()):
                return read()
        finally:
            self._seconds_left -= time.monotonic() - began

    def _is_here(self) -> bool:
        """All that is left of it has come together with its head, as most bodies do, or none is
        left: nobody waits, and a clock would cost more than the reading."""
        reader = self._body.reader
        left = getattr(reader, "length", None)
        return left is not None and left <= reader.unreader.buf.getbuffer().nbytes

    def _thrown_away(self) -> bytes:
        """Nothing, once the rest is gone. Raises `TimeoutError`, which closes the connection."""
        left = MOST_UNREAD_BYTES
        try:
            while data := self._within_time(lambda: self._body.read(READ_BYTES)):
                left -= len(data)
                if left < 0:
                    raise TimeoutError("too long")
                # A fast sender always has more ready; everybody else shall have a turn.
                gevent.sleep(0)
        except RequestTimeout:
            raise TimeoutError("too slow") from None
        return b""
