"""A push is framed once and written to every socket that is idle, past the queue of each.

Socket.IO's own manager puts a packet into the queue of every client first; then a greenlet of each
wakes up, frames the same text and writes it. That is five times the work, and the first client
waits for the queueing of the last. Whoever is not idle gets the packet through the queue as ever:
polling, just changing from polling to a WebSocket, or with something unsent.
"""

from __future__ import annotations

import inspect
import logging
from typing import Any

from engineio.base_server import BaseServer as Engine
from engineio.packet import MESSAGE
from engineio.packet import Packet as EnginePacket
from engineio.socket import Socket
from gevent.socket import socket as GeventSocket
from socketio import Manager
from socketio.packet import EVENT
from wsproto.frame_protocol import FrameProtocol

log = logging.getLogger(__name__)
AT_ONCE = 128
"""After so many sockets, about two milliseconds, everybody else has a turn: walls go first."""
A_MOMENT = 1e-6
"""Not zero: gevent asks the network for news only when somebody waits for a time to pass."""
ARGUMENTS = (
    *("self", "event", "data", "namespace", "room"),
    *("skip_sid", "callback", "to", "kwargs"),
)
SEND = ("self", "data", "flags", "timeout")
STATE = ("upgraded", "closed", "closing", "queue")


class DirectManager(Manager):  # type: ignore[misc]
    """Socket.IO's manager of one process, with a shorter way for the pushes of the hub.

    Not when it is not `wanted`, or when the libraries are others than it was written for.
    """

    def __init__(self, *, wanted: bool = True) -> None:
        super().__init__()
        self.is_direct = wanted

    def set_server(self, server: Any) -> None:
        """Socket.IO says whose manager this is."""
        super().set_server(server)
        if self.is_direct and (changed := differences(server.eio)):
            log.warning("pushes take Socket.IO's usual way; libraries have changed: %s", changed)
            self.is_direct = False

    def emit(
        self,
        event: str,
        data: Any,
        namespace: str,
        room: str | None = None,
        skip_sid: Any = None,
        callback: Any = None,
        to: str | None = None,
        **kwargs: Any,
    ) -> None:
        """One argument for a whole room goes the short way, everything else the usual one."""
        is_plain = not callback and not skip_sid and isinstance(data, (str, dict))
        is_a_push = self.is_direct and is_plain
        text = self._text(event, data, namespace) if is_a_push else None
        if text is None:
            super().emit(event, data, namespace, room, skip_sid, callback, to, **kwargs)
        else:
            self._send(text, namespace, to or room)

    def _text(self, event: str, data: Any, namespace: str) -> str | None:
        """The packet as Socket.IO writes it; None when it has binary parts."""
        written = self.server.packet_class(EVENT, namespace=namespace, data=[event, data]).encode()
        return written if isinstance(written, str) else None

    def _send(self, text: str, namespace: str, room: str | None) -> None:
        packet = EnginePacket(MESSAGE, text)
        frame = framed(packet.encode())
        for number, (_, socket) in enumerate(self.get_participants(namespace, room), start=1):
            if not self.server.eio.write_now(socket, frame):
                self.server._send_eio_packet(socket, packet)
            if number % AT_ONCE == 0:
                self.server.sleep(A_MOMENT)


def framed(text: str) -> bytes:
    """The WebSocket frame of a server's text; it is the same on every line."""
    return bytes(FrameProtocol(client=False, extensions=[]).send_data(text))


def differences(engine: Engine) -> list[str]:
    """What the direct way relies on and the installed libraries do not have (any more)."""
    socket = Socket(engine, "probe")
    queue = getattr(socket, "queue", None)
    relied_on = {
        **{f"Socket.{name}": hasattr(socket, name) for name in STATE},
        "Socket.queue.empty": hasattr(queue, "empty") and hasattr(queue, "qsize"),
        "Manager.emit": _arguments(Manager.emit) == ARGUMENTS,
        "gevent's send(timeout)": _arguments(GeventSocket.send) == SEND,
    }
    return [name for name, is_there in relied_on.items() if not is_there]


def _arguments(method: Any) -> tuple[str, ...]:
    return tuple(inspect.signature(method).parameters)
