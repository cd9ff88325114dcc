"""Aufruf as it was installed: its command, and a server started by it."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError

from .browser import Browser

COMMAND = str(Path(sys.executable).parent / "aufruf")
START_SECONDS = STOP_SECONDS = 120
_KEPT_FREE: list[socket.socket] = []


def aufruf(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The installed command in this folder, to its end."""
    return subprocess.run(
        [COMMAND, *words], cwd=folder, text=True, capture_output=True, timeout=START_SECONDS
    )


class RunningServer:
    """`aufruf run` or `aufruf demo` on a free loopback port, in a folder with its config.toml."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.log = folder / f"{words[0]}.log"
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        with self.log.open("w") as output:
            self._process = subprocess.Popen(
                [COMMAND, *words, "--host", "127.0.0.1", "--port", str(port)],
                cwd=folder,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self._wait_until_ready()

    @property
    def printed(self) -> str:
        return self.log.read_text("utf-8")

    def browser(self) -> Browser:
        return Browser(self.url)

    def shown(self, pattern: str) -> str:
        """What the welcome shows at this place, such as a password."""
        found = re.search(pattern, self.printed)
        assert found, f"the start does not show {pattern!r}:\n{self.printed}"
        return found[1]

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self._process.terminate()
        return self._process.wait(STOP_SECONDS)

    def close(self) -> None:
        """Whatever happened before: nothing goes on running."""
        if self._process.poll() is None:
            self.stop()

    def _wait_until_ready(self) -> None:
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up:
            assert self._process.poll() is None, f"it ended at once:\n{self.printed}"
            try:
                if self.browser().get("/readyz").status == 200:
                    return
            except (URLError, OSError):
                time.sleep(0.05)
        self._process.kill()
        raise AssertionError(f"it was not ready within {START_SECONDS} s:\n{self.printed}")


def _free_port() -> int:
    """Kept for the server, which may listen there though it is bound; nobody else is given it."""
    kept = socket.socket()
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    kept.bind(("127.0.0.1", 0))
    _KEPT_FREE.append(kept)
    return int(kept.getsockname()[1])
