"""A Python that has imported the product already, and becomes `aufruf` as often as it is asked.

Starting a server takes more than a second of a processor, and nine tenths of it are imports. Here
they happen once a test process; what is forked from it is a process of its own that does all the
rest as any other: it reads the configuration, opens the database, listens, and can be killed.
What is about the start itself belongs to tests/server and tests/bare, which begin with nothing.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, TextIO

ROOT = Path(__file__).parents[1]
_ASKING = Lock()


class Forked:
    """A process that `fork` made: what subprocess.Popen offers, as far as servers of tests need."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._code: int | None = None

    def poll(self) -> int | None:
        """Its exit code as Popen has it, or None as long as it runs."""
        if self._code is None:
            self._code = _asked({"poll": self.pid})
        return self._code

    def wait(self, timeout: float = float("inf")) -> int:
        give_up = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > give_up:
                raise TimeoutError(f"process {self.pid} goes on after {timeout} s")
            time.sleep(0.01)
        return code

    def terminate(self) -> None:
        os.kill(self.pid, signal.SIGTERM)


def fork(words: list[str], cwd: Path, env: dict[str, str], out: Path, errors: Path) -> Forked:
    """`aufruf` with these words, in this folder; what it prints is added to these files."""
    order = {"words": words, "cwd": str(cwd), "env": env, "out": str(out), "errors": str(errors)}
    return Forked(_asked(order))


def _asked(order: dict[str, Any]) -> Any:
    """What the parent of all forked processes answers; one question at a time."""
    with _ASKING:
        parent = _parent()
        assert parent.stdin and parent.stdout
        parent.stdin.write(json.dumps(order) + "\n")
        parent.stdin.flush()
        return json.loads(parent.stdout.readline())


@cache
def _parent() -> subprocess.Popen[str]:
    """Ends with this process, and not by Ctrl-C before the servers are stopped."""
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.forking"], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    # Its stdin is closed, and with that its work is over.
    atexit.register(parent.communicate)
    return parent


def main() -> None:
    """Answer orders, one a line; in each forked process, go on as the command."""
    # As queue_server/__main__.py does it, and then all that a server imports on its way.
    from queue_server import cooperative

    cooperative.patch()
    from gevent import monkey

    # The cooperative ones begin an event loop in this process, and the children would inherit it.
    fork_now, status_of = monkey.get_original("os", ["fork", "waitpid"])
    import queue_server.serving_app
    import queue_server.web_worker  # noqa: F401
    from queue_server import garbage, supervisor
    from queue_server.commands.all import aufruf

    garbage.settle()
    running = set[int]()
    for line in sys.stdin:
        order = json.loads(line)
        if "poll" in order:
            pid, status = status_of(order["poll"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if pid else None
            running.discard(pid)
        elif (answer := fork_now()) == 0:
            _settle(order)
            supervisor.watch()
            return aufruf()
        else:
            running.add(answer)
        print(json.dumps(answer), flush=True)
    # Tests that are killed themselves leave their servers here.
    for pid in running:
        os.kill(pid, signal.SIGTERM)


def _settle(order: dict[str, Any]) -> None:
    """Be in the place that the order names, with nothing of the parent's."""
    sys.argv = ["aufruf", *order["words"]]
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    time.tzset()
    for stream, path, mode in ((sys.stdout, order["out"], "a"), (sys.stderr, order["errors"], "a")):
        _point(stream, path, mode)
    _point(sys.stdin, os.devnull, "r")


def _point(stream: TextIO, path: str, mode: str) -> None:
    with open(path, mode) as file:
        os.dup2(file.fileno(), stream.fileno())


if __name__ == "__main__":
    main()
