"""Real servers of a test's own, to be hurt."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Screens
from tests.faults.busy_hour import without_limits
from tests.faults.disks import Disk
from tests.faults.reporting import LONG, Report
from tests.faults.two_networks import FarServer, Line, inside
from tests.office import HERE, Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """An office that is not started yet."""
    server = Server(tmp_path)
    yield server
    server.close()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A disk with power, and with whatever may happen to disks."""
    with Disk(tmp_path / "disk") as disk:
        yield disk


@pytest.fixture
def server_on_disk(disk: Disk, tmp_path: Path) -> Iterator[Server]:
    """An office that is not started yet, whose data lies there and nowhere else."""
    config, data = tmp_path / "on-disk.toml", disk.folder / "var"
    data.mkdir()
    text = (HERE / "office.toml").read_text("utf-8")
    config.write_text(text.replace("[server]\n", f'[server]\ndata_dir = "{data}"\n', 1), "utf-8")
    without_limits(config)
    server = Server(tmp_path, config)
    server.forks = not LONG
    yield server
    server.close()


@pytest.fixture
def line() -> Iterator[Line]:
    with Line() as line:
        yield line


@pytest.fixture
def far_server(tmp_path: Path, line: Line) -> Iterator[FarServer]:
    with inside(line.office):
        server = FarServer(tmp_path, line)
        server.start()
        yield server
    server.close()


@pytest.fixture
def screens(browser: Browser, server: Server) -> Iterator[Screens]:
    """Windows of a real browser before that office."""
    screens = Screens(browser, server)
    yield screens
    screens.close()
    assert screens.errors == []


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Report:
    """What this test tells docs/reliability.md."""
    return Report(request.node.user_properties)


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

    def serve(listener: socket.socket) -> None:
        while not over.is_set():
            try:
                line, _ = listener.accept()
            except TimeoutError:
                continue
            drippers.append(Thread(target=drip, args=(line,)))
            drippers[-1].start()

    drippers: list[Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        serving = Thread(target=serve, args=(listener,))
        serving.start()
        yield listener.getsockname()[1]
        over.set()
        for thread in (serving, *drippers):
            thread.join()
