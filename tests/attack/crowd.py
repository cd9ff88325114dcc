"""Many at once against a real server, and what a kiosk notices of it meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import httpx

from tests.office import Server
from tests.spared import NO_TLS

PROMISED_SECONDS = 0.5
# A disk or the host of a virtual machine stands still for everybody once in a while: one draw of
# fifty, and one of a few, may take longer.
LONGEST_STALL_SECONDS, STALLS_ONE_IN = 3.0, 50
# What others do with the machine is felt at the quiet server as well.
AS_LONG = AS_OFTEN = 8
DRAWING = Path(__file__).with_name("drawing.py")
T = TypeVar("T")


class Attacked(Server):
    """A server beside which another one stands that nobody attacks."""

    forks = True
    quiet: Server


@dataclass
class Draws:
    """How long each ticket took at one server, in seconds, and how it was answered."""

    seconds: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)


@dataclass
class Meanwhile:
    """What was drawn during an attack: at the attacked server, and at the quiet one beside it."""

    attacked: Draws = field(default_factory=Draws)
    quiet: Draws = field(default_factory=Draws)

    def kept_their_promise(self) -> bool:
        """Every ticket was drawn, in half a second but for a rare stall, and none after the attack.

        Each bound gives way on a machine on which the quiet server is slow in the same seconds. A
        server that stands still answers few, whatever each of them took: that is counted.
        """
        attacked, quiet = sorted(self.attacked.seconds), self.quiet.seconds
        stalls = max(1, len(attacked) // STALLS_ONE_IN)
        return (
            self.attacked.statuses == [201]
            and attacked[-1 - stalls] < max(PROMISED_SECONDS, AS_LONG * max(quiet))
            and attacked[-1] < max(LONGEST_STALL_SECONDS, AS_LONG * max(quiet))
            and len(attacked) * AS_OFTEN >= len(quiet)
        )


@contextmanager
def tickets_meanwhile(server: Attacked) -> Iterator[Meanwhile]:
    """Kiosks draw tickets, here and at the quiet server, for as long as the body lasts."""
    found = Meanwhile()
    drawing = subprocess.Popen(
        [sys.executable, "-I", str(DRAWING), _place(server), _place(server.quiet)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert drawing.stdout is not None
    assert drawing.stdout.readline() == "ready\n"
    try:
        yield found
    finally:
        said, _ = drawing.communicate(timeout=100)
        found.attacked, found.quiet = (Draws(**each) for each in json.loads(said))


def _place(server: Server) -> str:
    return f"127.0.0.1:{server.port} {server.kiosk().cookies['aufruf_device']}"


@contextmanager
def undisturbed(server: Attacked) -> Iterator[None]:
    """Asserts that tickets were drawn as promised while the body attacked."""
    with tickets_meanwhile(server) as draws:
        yield
    assert draws.kept_their_promise(), draws


def all_at_once(server: Server, many: int, do: Callable[[httpx.Client, int], T]) -> list[T]:
    """`do(client, n)` for each n below `many` at the same time, each over a line of its own."""
    lines = httpx.Limits(max_connections=many)
    with (
        httpx.Client(base_url=server.url, timeout=30, limits=lines, verify=NO_TLS) as client,
        ThreadPoolExecutor(many) as threads,
    ):
        return list(threads.map(lambda n: do(client, n), range(many)))


def counted(answers: Sequence[httpx.Response]) -> dict[int, int]:
    """How often each status was answered."""
    statuses = [answer.status_code for answer in answers]
    return {status: statuses.count(status) for status in sorted(set(statuses))}
