"""A running office to measure: its database, its clerks already signed in, its server process."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

from queue_server.actions import arrivals, desks, staff
from queue_server.settings import Settings, load_settings
from queue_server.store import identities
from queue_server.store.sqlite import SqliteEngine
from queue_server.store.transaction import Store
from queue_server.web.identity import SESSION_COOKIE

OFFICE = Path(__file__).parent / "office.toml"
ROOT = OFFICE.parents[1]
START_SECONDS = 30
SITE = "rathaus"
DISPLAY = "wand"


class House:
    """An office in a folder of its own. `cookies[n]` is the clerk of `counters[n]`."""

    def __init__(self, folder: Path, *, clerks: int, waiting: int = 0, direct: bool = True) -> None:
        self.folder = folder
        self.config = folder / "config.toml"
        shutil.copy(OFFICE, self.config)
        if not direct:
            text = self.config.read_text().replace("[realtime]", "[realtime]\ndirect = false")
            self.config.write_text(text)
        self.settings: Settings = load_settings(self.config, {})
        self.site = self.settings.site(SITE)
        self.counters = [counter.id for counter in self.site.counters[:clerks]]
        self.port = free_port()
        self.commits = folder / "commits"
        self.tokens: list[str] = []
        self.process: subprocess.Popen[bytes] | None = None
        with self._store() as store:
            self.cookies = [self._hire(store, counter) for counter in self.counters]
            self.fill(store, waiting)

    def start(self) -> House:
        """Start the server and wait for its first answer."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.server", str(self.config), str(self.port),
             str(self.commits)],
            cwd=ROOT,
            env=clean_environment(),
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        wait_for_page(self.port, self.process, "/readyz")
        return self

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=20)

    def fill(self, store: Store, waiting: int) -> None:
        """So many people draw a number, their concerns evenly spread."""
        for number in range(waiting):
            service = self.site.services[number % len(self.site.services)].id
            ticket = arrivals.draw_ticket(store, self.site, (service,), now=datetime.now(UTC))
            self.tokens.append(ticket.ticket.token)

    def committed(self) -> list[float]:
        """When each commit was done, in seconds of the machine's monotonic clock."""
        return [int(line) / 1e9 for line in self.commits.read_text().split()]

    def cpu_seconds(self) -> float:
        """Processor time that the server has used; other load on the machine hardly changes it."""
        assert self.process is not None
        return cpu_seconds_of(self.process.pid)

    def request(self, method: str, path: str, clerk: int | None = None, body: str = "") -> bytes:
        """A whole HTTP/1.1 request, ready to be sent."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        if clerk is not None:
            lines.append(f"Cookie: {self.cookies[clerk]}")
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()

    def _hire(self, store: Store, counter: str) -> str:
        now = datetime.now(UTC)
        staff.add_clerk(store, f"clerk of {counter}", SITE, "clerk", "-", now=now)
        with store.snapshot() as snapshot:
            clerk = identities.clerk_named(snapshot, f"clerk of {counter}")
        assert clerk is not None
        desks.open_counter(store, self.site, counter, clerk, now=now)
        return f"{SESSION_COOKIE}={staff.sign_in(store, clerk, now=now)}"

    @contextmanager
    def _store(self) -> Iterator[Store]:
        with closing(Store(SqliteEngine(self.settings.database_path, durability="normal"))) as it:
            it.migrate()
            yield it


@contextmanager
def running_house(
    *, clerks: int, waiting: int = 0, folder: Path | None = None, direct: bool = True
) -> Iterator[House]:
    """An office that serves, on a disk of your choice; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="aufruf-bench-", dir=folder) as name:
        house = House(Path(name), clerks=clerks, waiting=waiting, direct=direct)
        try:
            yield house.start()
        finally:
            house.stop()


def wait_for_page(port: int, process: subprocess.Popen[bytes], path: str) -> None:
    """Until the page answers 200. Raises RuntimeError when the server ends or takes too long."""
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            try:
                connection.request("GET", path)
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.005)
    raise RuntimeError(f"the server on port {port} did not start")


def family(pid: int) -> list[int]:
    """The process and all that descend from it; one that ends meanwhile has no children."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        children = []
    return [pid, *(one for child in children for one in family(int(child)))]


def memory_of(pid: int) -> float:
    """MiB of a process and all that descend from it; what they share counts once (PSS)."""
    return sum(_pss(each) for each in family(pid)) / 1024


def _pss(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def cpu_seconds_of(pid: int) -> float:
    """Processor time of a process and all that descend from it."""
    return sum(_cpu_seconds(each) for each in family(pid))


def processor_seconds(pid: int) -> float:
    """Of this process, its children and all their threads, to the nanosecond."""
    return sum(
        int(task.read_text().split()[0]) / 1e9
        for one in family(pid)
        for task in Path(f"/proc/{one}/task").glob("*/schedstat")
    )


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def clean_environment() -> dict[str, str]:
    """Without settings of this shell."""
    ours = ("AUFRUF_", "PYTHONDONTWRITEBYTECODE")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    return kept | {"PYTHONPATH": str(ROOT)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
