"""Real servers of a test's own, to be hurt."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.office import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """An office that is not started yet."""
    server = Server(tmp_path)
    yield server
    server.close()


@pytest.fixture
def dripping() -> Iterator[int]:
    """The port of a server that says a byte now and then, and never ends its line."""
    over = Event()

    def drip(line: socket.socket) -> None:
        with line:
            for _ in range(200):
                if over.wait(0.3):
                    return
                try:
                    line.sendall(b"2")
                except OSError:
                    return

    def serve(door: socket.socket) -> None:
        while not over.is_set():
            try:
                line, _ = door.accept()
            except TimeoutError:
                continue
            drippers.append(Thread(target=drip, args=(line,)))
            drippers[-1].start()

    drippers: list[Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(0.2)
        serving = Thread(target=serve, args=(door,))
        serving.start()
        yield door.getsockname()[1]
        over.set()
        for thread in (serving, *drippers):
            thread.join()
