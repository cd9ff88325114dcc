"""A WebSocket of the gevent server, read in the greenlet of its request.

The stock driver reads ahead in a greenlet of its own, into a list without an end and without ever
letting others go; twelve megabytes of the shortest messages stopped the whole office for a minute.
Here nobody reads before the last message is done, so that a flood waits in the client's own
network buffers. The protocol itself is wsproto's.
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from h11 import ProtocolError
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    CloseConnection,
    Event,
    Message,
    Ping,
    Request,
    TextMessage,
)
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from queue_server.realtime.admission import LONGEST_PACKET, SocketSession, is_acceptable
from queue_server.realtime.engine import GuardedEngine
from queue_server.web import mistakes

READ_BYTES = 4096
FAREWELL_SECONDS = 1.0
AT_ONCE = 0.0
FORGET_UNSENT = struct.pack("ii", 1, 0)
UNSENT_BYTES = 64 * 1024
"""Of each line, in the system's memory, which keeps twice as much; otherwise it would be megabytes
for everybody who never reads."""
Handler = Callable[["WebSocket"], Any]


class WebSocket:
    """What Engine.IO expects of a driver: called as WSGI, it runs `handler(self)`.

    Silence, and a client that takes nothing, end the line after ping interval and timeout.
    """

    def __init__(self, handler: Handler, engine: GuardedEngine) -> None:
        self._handler = handler
        self._patience = engine.ping_interval + engine.ping_timeout
        self._engine = engine
        self._sid: str = handler.__self__.sid  # type: ignore[attr-defined]
        self._session = engine.admission.session(self._sid)
        self._line = WSConnection(ConnectionType.SERVER)
        self._sending = threading.Lock()
        self._writers = 0
        self._is_open = False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = self._accepted(environ)
        if answer is None:
            start_response("400 BAD REQUEST", [("Content-Type", "text/plain")])
            return [b"no WebSocket handshake"]
        self._socket = environ["gunicorn.socket"]
        self._socket.settimeout(self._patience)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNSENT_BYTES)
        self._socket.sendall(answer)
        self._is_open = True
        self._engine.lines[self._sid] = self
        try:
            self._handler(self)
        finally:
            self._engine.lines.pop(self._sid, None)
            self.close()
        # gunicorn's word for: the connection was taken over, and is over.
        raise StopIteration

    def wait(self) -> str | None:
        """The next message; None when the line has ended, or was ended for what it sent."""
        # Whoever else has something to do goes first, however much has arrived here.
        time.sleep(0)
        reason = CloseReason.NORMAL_CLOSURE
        try:
            message = self._next_message(self._session) if self._session else None
            if message is not None and is_acceptable(message):
                return message
            if message is not None:
                mistakes.note("a socket message could not be read")
                reason = CloseReason.POLICY_VIOLATION
        except _TooMuch:
            reason = CloseReason.POLICY_VIOLATION
        except (OSError, LocalProtocolError, RemoteProtocolError):
            self._is_open = False
        self.close(reason)
        return None

    def send(self, message: str) -> None:
        """Raises `OSError` when the line has ended or takes nothing any more."""
        if not self._is_open:
            raise OSError("closed")
        self._send(TextMessage(data=str(message)))

    def send_now(self, frame: bytes) -> bool:
        """Write a whole frame without waiting; False when this line is busy, full or over.

        Then not a byte of it has left. When only a part of it fits, the rest has the next turn.
        """
        if self._writers or not self._is_open:
            return False
        try:
            written = self._socket.send(frame, 0, AT_ONCE)
        except OSError:
            return False
        if written < len(frame):
            self._writers += 1
            # Nobody else writes, so this turn is free, and it is taken before anybody can.
            self._sending.acquire()
            self._engine.start_background_task(self._send_rest, frame[written:])
        return True

    def close(self, reason: CloseReason = CloseReason.NORMAL_CLOSURE) -> None:
        """Say goodbye if that is possible at once; the reading end wakes up."""
        was_open, self._is_open = self._is_open, False
        with suppress(OSError, LocalProtocolError):
            # In the middle of a frame there is no place for a goodbye.
            if was_open and not self._writers:
                self._socket.settimeout(FAREWELL_SECONDS)
                self._send(CloseConnection(code=reason))
        self._hang_up()

    def cut(self) -> None:
        """End the line without a word, and throw away what the other end did not take."""
        self._is_open = False
        with suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, FORGET_UNSENT)
        self._hang_up()

    def _hang_up(self) -> None:
        """Whoever reads or writes here wakes up."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def _accepted(self, environ: dict[str, Any]) -> bytes | None:
        """The answer to the handshake; None when it is none."""
        try:
            self._line.initiate_upgrade_connection(_headers(environ), _target(environ))
            asked = next(iter(self._line.events()))
            return self._line.send(AcceptConnection()) if isinstance(asked, Request) else None
        except (LocalProtocolError, RemoteProtocolError, ProtocolError, StopIteration):
            return None

    def _next_message(self, session: SocketSession) -> str | None:
        parts: list[str] = []
        while True:
            for event in self._line.events():
                # Control frames and parts of messages count as well: each costs as much.
                if not session.messages.spend():
                    raise _TooMuch
                if not self._goes_on(event, parts):
                    return None
                if isinstance(event, Message) and event.message_finished:
                    return "".join(parts)
            self._read()

    def _goes_on(self, event: Event, parts: list[str]) -> bool:
        """Take one event; False when it ends the line."""
        match event:
            case TextMessage():
                parts.append(event.data)
                if sum(map(len, parts)) > LONGEST_PACKET:
                    raise _TooMuch
            case Message():
                raise _TooMuch
            case Ping():
                self._send(event.response())
            case CloseConnection():
                return False
        return True

    def _read(self) -> None:
        received = self._socket.recv(READ_BYTES)
        if not received:
            raise OSError("the other end has gone")
        self._line.receive_data(received)

    def _send(self, event: Event) -> None:
        data = self._line.send(event)
        # Whoever waits for a turn counts: nothing may be written past them.
        self._writers += 1
        try:
            # Pushes and answers to pings come from different greenlets; no frame may break another.
            with self._sending:
                self._write(data)
        finally:
            self._writers -= 1

    def _send_rest(self, rest: bytes) -> None:
        try:
            with suppress(OSError):
                self._write(rest)
        finally:
            self._sending.release()
            self._writers -= 1

    def _write(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError:
            # Perhaps a part of it has left; what came after it would be read as its end.
            self.cut()
            raise


class _TooMuch(Exception):
    """More, longer, or of another kind than our pages send."""


def _headers(environ: dict[str, Any]) -> list[tuple[bytes, bytes]]:
    named = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in named.items()]


def _target(environ: dict[str, Any]) -> str:
    return f"/socket.io/?{environ.get('QUERY_STRING', '')}"
