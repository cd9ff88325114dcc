"""A server of the tests as a process: how it begins, how it ends, when it is ready."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import httpx

from tests.forking import ROOT, Forked, fork
from tests.spared import NO_TLS

# Nothing here is about time: whoever waits so long has met a program that hangs.
START_SECONDS = STOP_SECONDS = COMMAND_SECONDS = 120
_KEPT_FREE: list[socket.socket] = []


class ServerProcess:
    """`aufruf run` in this folder on a free loopback port; can be killed and restarted."""

    # Whether it is forked from a Python that has imported everything already.
    forks = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[str] | Forked | None = None
        self._runs = 0

    def start(self, errors: Path | None = None) -> Self:
        """Returns when it is ready; with `errors` its log goes there and not beside its output."""
        self._runs += 1
        log = self.folder / f"server-{self._runs}.log"
        self._process = self._launched(log, errors or log)
        self._wait_until_ready(log)
        return self

    @property
    def pid(self) -> int:
        """Of the process that was started; its worker is a child of it."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """kill -9, workers included: nothing gets a chance to tidy up."""
        assert self._process is not None
        children = subprocess.run(
            ["pgrep", "-P", str(self._process.pid)], capture_output=True, text=True
        ).stdout.split()
        for pid in [self._process.pid, *map(int, children)]:
            os.kill(pid, signal.SIGKILL)
        self._process.wait()
        while any(map(is_alive, children)):
            time.sleep(0.01)

    def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(timeout=STOP_SECONDS)

    def close(self) -> None:
        """At once: a polite stop, which takes a second or two, has tests of its own."""
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def aufruf(self, *arguments: str, input: str | None = None) -> str:
        """Run the command in the office's folder and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "queue_server", *arguments],
            cwd=self.folder, env=self._environment(), input=input, text=True,
            capture_output=True, timeout=COMMAND_SECONDS,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def _launched(self, log: Path, errors: Path) -> subprocess.Popen[str] | Forked:
        if self.forks:
            return fork(self._command()[3:], self.folder, self._environment(), log, errors)
        with log.open("a") as output, errors.open("a") as complaints:
            return subprocess.Popen(
                self._command(), cwd=self.folder, env=self._environment(), text=True,
                stdout=output, stderr=complaints,
            )  # fmt: skip

    def _command(self) -> list[str]:
        return [sys.executable, "-m", "queue_server", "run", "--port", str(self.port)]

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not re.match(r"AUFRUF_|COVERAGE", k)}
        return kept | {"PYTHONPATH": str(ROOT)}

    def _wait_until_ready(self, log: Path) -> None:
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up:
            assert self._process is not None and self._process.poll() is None, log.read_text()
            try:
                if httpx.get(f"{self.url}/readyz", timeout=30, verify=NO_TLS).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError(f"the server did not start:\n{log.read_text()}")


def is_alive(pid: str | int) -> bool:
    """Whether it goes on; it may end while somebody looks."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def free_port() -> int:
    """A port that stays free for whoever asked: without that, another test is given it, too.

    Only who names it may listen there; until somebody does, connections are refused.
    """
    kept = socket.socket()
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    kept.bind(("127.0.0.1", 0))
    _KEPT_FREE.append(kept)
    port: int = kept.getsockname()[1]
    return port
