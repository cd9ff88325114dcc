"""Thousands of pushes over one line whose reader is now quick, now slow: `pushing.py SEED`.

In a process of its own, because gevent patches it as the server's worker is patched. Prints how
many pushes went directly and how many through the queue, once all have come in order.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import random  # noqa: E402
import socket  # noqa: E402
import sys  # noqa: E402
from collections.abc import Iterator  # noqa: E402

import engineio  # noqa: E402
import gevent  # noqa: E402
import gevent.event  # noqa: E402
from engineio.packet import MESSAGE, Packet  # noqa: E402
from engineio.socket import Socket  # noqa: E402
from wsproto.connection import Connection, ConnectionType  # noqa: E402
from wsproto.events import Event, Ping, Pong, TextMessage  # noqa: E402

from queue_server.realtime.admission import Admission  # noqa: E402
from queue_server.realtime.direct import framed  # noqa: E402
from queue_server.realtime.engine import MOST_UNSENT, GuardedEngine  # noqa: E402
from queue_server.realtime.pings import Pings  # noqa: E402
from queue_server.realtime.websocket import WebSocket  # noqa: E402

SID = "one"
PUSHES = 1500
PINGS = 20
LONGEST = 40_000


def main(seed: int) -> None:
    chance = random.Random(seed)
    engine = guarded_engine()
    ours, theirs = socket.socketpair()
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    serving = gevent.spawn(serve, engine, ours)
    reader = Reader(theirs, chance)
    reading = gevent.spawn(reader.read)
    reader.shaken.wait()
    sent = list(push(engine, chance))
    reading.join()
    assert reader.pushes == list(range(PUSHES)), "in order, each once"
    assert reader.pongs == PINGS
    theirs.close()
    serving.join()
    print(sent.count(True), sent.count(False))


def guarded_engine() -> GuardedEngine:
    engine = engineio.Server(async_mode="gevent")
    engine.__class__ = GuardedEngine
    engine.lines, engine.admission, engine.pings = {}, Admission(0), Pings(engine)
    engine._async = {**engine._async, "websocket": WebSocket}
    engine.sockets[SID] = Socket(engine, SID)
    engine.admission.enter(SID, "somebody", anonymous=False)
    return engine


def serve(engine: GuardedEngine, line: socket.socket) -> None:
    """As the worker does it."""
    environ = {
        "gunicorn.socket": line, "QUERY_STRING": "EIO=4&transport=websocket",
        "HTTP_HOST": "office", "HTTP_UPGRADE": "websocket", "HTTP_CONNECTION": "Upgrade",
        "HTTP_SEC_WEBSOCKET_VERSION": "13", "HTTP_SEC_WEBSOCKET_KEY": "dGhlIHNhbXBsZSBub25jZQ==",
    }  # fmt: skip
    try:
        engine.sockets[SID].handle_get_request(environ, lambda *_: None)
    except (StopIteration, RuntimeError):
        line.close()


def push(engine: GuardedEngine, chance: random.Random) -> Iterator[bool]:
    """Each in the way in which the manager does it; True: directly."""
    for number in range(PUSHES):
        text = f"4{number} {'x' * chance.choice((10, 300, chance.randrange(LONGEST)))}"
        # Acknowledgements always take the queue, and pushes follow at once.
        is_direct = chance.random() > 0.1 and engine.write_now(SID, framed(text))
        if not is_direct:
            engine.send_packet(SID, Packet(MESSAGE, text[1:]))
        yield is_direct
        if chance.random() < 0.3 or engine.sockets[SID].queue.qsize() > MOST_UNSENT // 2:
            gevent.sleep(chance.choice((0, 0.0001, 0.001)))


class Reader:
    """The other end, with pings of its own."""

    def __init__(self, line: socket.socket, chance: random.Random) -> None:
        self._line, self._chance = line, chance
        self._protocol = Connection(ConnectionType.CLIENT)
        self._parts: list[str] = []
        self.shaken = gevent.event.Event()
        self.pushes: list[int] = []
        self.pongs = 0

    def read(self) -> None:
        while not self._line.recv(4096).endswith(b"\r\n\r\n"):
            pass
        self.shaken.set()
        pinged = 0
        while len(self.pushes) < PUSHES or self.pongs < PINGS:
            self._protocol.receive_data(self._line.recv(self._chance.choice((100, 4096, 65536))))
            for event in self._protocol.events():
                self._hear(event)
            if pinged < PINGS and self._chance.random() < 0.05:
                pinged += 1
                self._line.sendall(self._protocol.send(Ping(str(pinged).encode())))
            if self._chance.random() < 0.1:
                gevent.sleep(self._chance.choice((0, 0.0005)))

    def _hear(self, event: Event) -> None:
        if isinstance(event, Pong):
            self.pongs += 1
        else:
            assert isinstance(event, TextMessage), event
            self._parts.append(event.data)
            if event.message_finished:
                self.pushes.append(int("".join(self._parts)[1:].split()[0]))
                self._parts.clear()


if __name__ == "__main__":
    main(int(sys.argv[1]))
