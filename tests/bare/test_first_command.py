"""The first command of the README, as somebody types it who has just cloned the repository."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.bare.empty import copy_of_tracked_files
from tests.office import free_port

pytestmark = pytest.mark.timeout(600)
SET_UP_SECONDS = 400


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Path]:
    """What git knows, and neither a virtual environment nor a database."""
    clone = copy_of_tracked_files(tmp_path / "clone")
    assert not (clone / ".venv").exists() and not (clone / "var").exists()
    yield clone
    # pytest keeps the folders of the last runs, and this one is large.
    subprocess.run(["rm", "-rf", clone / ".venv"], check=True)


def test_make_run_sets_up_what_is_missing_and_serves(clone: Path) -> None:
    port, log = free_port(), clone / "make.log"
    with log.open("w") as output:
        making = subprocess.Popen(
            ["make", "run", "HOST=127.0.0.1", f"PORT={port}", "OPEN=1"],
            cwd=clone, env=_newcomer(), stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip

    try:
        page = _first_page(f"http://127.0.0.1:{port}/", making, log)
    finally:
        _stop(making)

    assert "<h1" in page
    _is_calm(log.read_text("utf-8"))


def _is_calm(printed: str) -> None:
    """What is set up, and the welcome; no warnings of pip, no log."""
    steps = re.findall(r"^▸ .*", printed, re.MULTILINE)
    welcome = printed[printed.index("\nAufruf ") :].partition("\nmake: ")[0]
    assert len(steps) == 2 and printed.startswith("▸ "), printed
    assert len(welcome.splitlines()) <= 25 and "with the password" in welcome, printed
    assert not re.search(r"WARNING|ERROR|Traceback|deprecated", printed), printed


def _newcomer() -> dict[str, str]:
    """The environment without what the surrounding `make test` put there."""
    ours = re.compile(r"AUFRUF_|PYTHON|PYTEST|MAKE|MFLAGS|VIRTUAL_ENV|CI$|COVERAGE")
    return {name: value for name, value in os.environ.items() if not ours.match(name)}


def _first_page(url: str, making: subprocess.Popen[bytes], log: Path) -> str:
    give_up = time.monotonic() + SET_UP_SECONDS
    while time.monotonic() < give_up:
        assert making.poll() is None, log.read_text("utf-8")
        try:
            with urlopen(url, timeout=60) as page:
                return str(page.read(), "utf-8")
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"no page within {SET_UP_SECONDS} s:\n{log.read_text('utf-8')}")


def _stop(making: subprocess.Popen[bytes]) -> None:
    """Ctrl-C: the terminal tells the whole group."""
    os.killpg(making.pid, signal.SIGINT)
    making.wait(30)
