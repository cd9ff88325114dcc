"""A WebSocket of the gevent server, read in the greenlet of its request.

The stock driver reads ahead in a greenlet of its own, into a list without an end and without ever
letting others go; twelve megabytes of the shortest messages stopped the whole office for a minute.
Here nobody reads before the last message is done, so that a flood waits in the client's own
network buffers. The protocol itself is wsproto's.
"""

from __future__ import annotations

import socket
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

READ_BYTES = 4096
FAREWELL_SECONDS = 1.0
Handler = Callable[["WebSocket"], Any]


class WebSocket:
    """What Engine.IO expects of a driver: called as WSGI, it runs `handler(self)`.

    Silence, and a client that takes nothing, end the line after ping interval and timeout.
    """

    def __init__(self, handler: Handler, engine: GuardedEngine) -> None:
        self._handler = handler
        self._patience = engine.ping_interval + engine.ping_timeout
        sid: str = handler.__self__.sid  # type: ignore[attr-defined]
        self._session = engine.admission.session(sid)
        self._line = WSConnection(ConnectionType.SERVER)
        self._sending = threading.Lock()
        self._is_open = False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = self._accepted(environ)
        if answer is None:
            start_response("400 BAD REQUEST", [("Content-Type", "text/plain")])
            return [b"no WebSocket handshake"]
        self._socket = environ["gunicorn.socket"]
        self._socket.settimeout(self._patience)
        self._socket.sendall(answer)
        self._is_open = True
        try:
            self._handler(self)
        finally:
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

    def close(self, reason: CloseReason = CloseReason.NORMAL_CLOSURE) -> None:
        """Say goodbye if that is possible at once; the reading end wakes up."""
        was_open, self._is_open = self._is_open, False
        with suppress(OSError, LocalProtocolError):
            if was_open:
                self._socket.settimeout(FAREWELL_SECONDS)
                self._send(CloseConnection(code=reason))
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
        # Pushes and answers to pings come from different greenlets; no frame may break another.
        with self._sending:
            self._socket.sendall(data)


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
