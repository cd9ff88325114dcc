"""Many HTTP clients in one thread: each sends its next request when its answer has come.

Raw sockets, so that the clients are never what is measured.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

END_OF_HEAD = b"\r\n\r\n"
SILENCE_SECONDS = 20


@dataclass
class Client:
    """One connection. `number` counts from 0."""

    number: int
    socket: socket.socket
    sent_at: float = 0.0
    received: bytearray = field(default_factory=bytearray)

    def send(self, request: bytes) -> None:
        self.received.clear()
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, after so many seconds."""

    client: int
    status: int
    body: bytes
    seconds: float


NextRequest = Callable[[int], bytes | None]
Heard = Callable[[Answer], None]


def talk(port: int, clients: int, next_request: NextRequest, heard: Heard) -> float:
    """Let all clients talk until `next_request(client)` has None for each; seconds it took."""
    with selectors.DefaultSelector() as selector:
        for number in range(clients):
            client = Client(number, _connected(port))
            selector.register(client.socket, selectors.EVENT_READ, client)
        began = time.perf_counter()
        talking = sum(_ask(key.data, next_request) for key in list(selector.get_map().values()))
        while talking:
            ready = selector.select(SILENCE_SECONDS)
            if not ready:
                raise RuntimeError(f"no answer for {SILENCE_SECONDS} s")
            for key, _ in ready:
                answer = _receive(key.data)
                if answer is not None:
                    heard(answer)
                    talking -= not _ask(key.data, next_request)
        seconds = time.perf_counter() - began
        for key in list(selector.get_map().values()):
            key.data.socket.close()
    return seconds


def in_turn(requests: Iterable[bytes]) -> NextRequest:
    """Whoever is free sends the next of these."""
    left = iter(requests)
    return lambda _: next(left, None)


def repeat(port: int, clients: int, request: bytes, times: int) -> tuple[float, list[float]]:
    """The same request so many times in all; requests a second, and the seconds of each."""
    taken: list[float] = []

    def heard(answer: Answer) -> None:
        assert answer.status < 300, answer
        taken.append(answer.seconds)

    seconds = talk(port, clients, in_turn(request for _ in range(times)), heard)
    return times / seconds, taken


def _connected(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _ask(client: Client, next_request: NextRequest) -> bool:
    request = next_request(client.number)
    if request is None:
        return False
    client.send(request)
    return True


def _receive(client: Client) -> Answer | None:
    """The answer once it is complete."""
    piece = client.socket.recv(65536)
    if not piece:
        raise RuntimeError("the server hung up")
    client.received += piece
    head, end, body = bytes(client.received).partition(END_OF_HEAD)
    if not end or len(body) < _length(head):
        return None
    status = int(head[9:12])
    return Answer(client.number, status, body, time.perf_counter() - client.sent_at)


def _length(head: bytes) -> int:
    lower = head.lower()
    at = lower.find(b"content-length:")
    return int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
