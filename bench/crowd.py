"""The followers' process, and a clerk who calls now and then while they watch."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any

from bench.house import ROOT, SITE, House, clean_environment

PAUSE_SECONDS = (0.12, 0.4)


class Crowd:
    """Walls, desks and phones that follow a house; see `bench.followers`."""

    def __init__(self, port: int, followers: Sequence[dict[str, str]]) -> None:
        self._heard = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed in leave()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.followers", str(port)],
            cwd=ROOT,
            env=clean_environment(),
            stdin=subprocess.PIPE,
            stdout=self._heard,
            text=True,
        )
        self._tell("".join(json.dumps(one) + "\n" for one in followers) + "\n")
        self._wait_until_ready()

    def leave(self) -> dict[int, list[float]]:
        """Hang up; the moments in seconds at which each version reached a wall."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait(timeout=60) == 0
        reached = defaultdict(list)
        self._heard.seek(0)
        for line in self._heard.read().splitlines()[1:]:
            _, version, at = line.split()
            reached[int(version)].append(int(at) / 1e9)
        self._heard.close()
        return dict(reached)

    def _tell(self, text: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(text)
        self._process.stdin.flush()

    def _wait_until_ready(self) -> None:
        while "ready" not in self._said():
            if self._process.poll() is not None:
                raise RuntimeError("the followers could not connect")
            time.sleep(0.05)

    def _said(self) -> str:
        # Without moving the place at which the followers write: it is theirs, too.
        return os.pread(self._heard.fileno(), 5, 0).decode()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@contextmanager
def following(house: House, *, walls: int, desks: int, phones: int) -> Iterator[Crowd]:
    """A crowd that is gone afterwards, whatever happens."""
    cookies = [house.cookies[number % len(house.cookies)] for number in range(desks)]
    tokens = [house.tokens[-1 - number % len(house.tokens)] for number in range(phones)]
    others: list[dict[str, str]] = [
        *({"watch": "watch_queue", "site": SITE, "cookie": c} for c in cookies),
        *({"watch": "watch_ticket", "token": token} for token in tokens),
    ]
    with gathered(house.port, [*boards(walls), *others]) as crowd:
        yield crowd


@contextmanager
def gathered(port: int, followers: Sequence[dict[str, str]]) -> Iterator[Crowd]:
    """Whoever wants to follow, at this port; gone afterwards."""
    crowd = Crowd(port, followers)
    try:
        yield crowd
    finally:
        crowd.kill()


def boards(many: int) -> list[dict[str, str]]:
    """Followers who watch the board."""
    return [{"watch": "watch_board", "site": SITE} for _ in range(many)]


class Caller:
    """A clerk at the first counter who calls at moments nobody foresees."""

    def __init__(self, house: House, seed: int = 1) -> None:
        self._connection = HTTPConnection("127.0.0.1", house.port, timeout=20)
        self._cookie = house.cookies[0]
        self._counter = house.counters[0]
        self._chance = random.Random(seed)

    def call(self) -> dict[str, Any]:
        """The next person, as the API tells it."""
        return self._post("calls")

    def finish(self) -> None:
        self._post("completion")

    def pause(self) -> None:
        """Not in step with anything that the server does every second."""
        time.sleep(self._chance.uniform(*PAUSE_SECONDS))

    def close(self) -> None:
        self._connection.close()

    def _post(self, verb: str) -> dict[str, Any]:
        headers = {"Cookie": self._cookie, "Content-Type": "application/json"}
        self._connection.request("POST", f"/api/v1/counters/{self._counter}/{verb}", "{}", headers)
        answer = self._connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (answer.status, body)
        found: dict[str, Any] = json.loads(body)
        return found
