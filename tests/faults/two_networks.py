"""An office and its visitors in two networks, with a line between them that can be bad."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from tests.faults.bad_line import OFFICE
from tests.office import HERE, Server

ROOT = HERE.parent
CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)


class Line:
    """As a context, the line; `office` and `hall` are networks to be inside of."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["unshare", "--net", sys.executable, "-m", "tests.faults.bad_line"],
            cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        assert said, "no network namespaces here"
        self.office, self.hall = json.loads(said)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def order(self, words: str) -> None:
        """`LOSS DELAY` or `cut`; in force when this returns."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{words}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "obeyed\n"


@contextmanager
def inside(pid: int) -> Iterator[None]:
    """Sockets that this thread opens meanwhile are in the network of that process."""
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    try:
        _enter(os.open(f"/proc/{pid}/ns/net", os.O_RDONLY))
        yield
    finally:
        _enter(before)


def _enter(network: int) -> None:
    try:
        if LIBC.setns(network, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")
    finally:
        os.close(network)


def words_inside(pid: int, *words: str) -> list[str]:
    """A command in the network of that process."""
    return ["nsenter", "--target", str(pid), "--net", *words]


class FarServer(Server):
    """A server in the office's network; whoever asks it is inside of one of the two."""

    def __init__(self, folder: Path, line: Line) -> None:
        super().__init__(folder)
        self._line = line
        self.url = f"http://{OFFICE}:{self.port}"
        text = self.config.read_text("utf-8")
        limits = "connections_per_address = 0\n\n[realtime]\nsockets_per_address = 0\n"
        place = f'host = "{OFFICE}"\n{limits}'
        self.config.write_text(text.replace('host = "127.0.0.1"\n', place, 1), "utf-8")

    def _command(self) -> list[str]:
        return words_inside(self._line.office, *super()._command())
