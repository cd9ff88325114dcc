"""Starting: what is shown, what is refused, and with which exit code."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.office import ANSWER_SECONDS, HERE, Server, free_port
from tests.server.conftest import Aufruf, environment
from tests.server_process import COMMAND_SECONDS, START_SECONDS, STOP_SECONDS

Start = Callable[..., tuple[str, str]]
OFFICE = """
[[site]]
id = "rathaus"
name = "Rathaus"
[site.hours]
{day} = ["08:00-12:00"]
[[site.service]]
id = "kfz"
name = "Kfz"
group = "K"
minutes = 10
[[site.counter]]
id = "schalter-1"
name = "Schalter 1"
[[site.kiosk]]
id = "eingang"
[[site.display]]
id = "wand"
"""


@pytest.fixture
def closed() -> str:
    """The configuration of an office that is not open today, whatever today is."""
    other_day = datetime.now(UTC) + timedelta(days=3)
    return OFFICE.format(day=f"{other_day:%a}".lower())


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """`start(…)` runs the server until it is ready: its address, and what it printed so far."""
    running: list[subprocess.Popen[str]] = []

    def start(*options: str, **more: str) -> tuple[str, str]:
        port, log = free_port(), tmp_path / f"log-{len(running)}"
        with log.open("w") as output:
            running.append(
                subprocess.Popen(
                    [sys.executable, "-m", "queue_server", "run", "--port", str(port), *options],
                    cwd=tmp_path,
                    env=environment() | more,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    text=True,
                )  # fmt: skip
            )
        _wait_until_ready(f"http://127.0.0.1:{port}", running[-1], log)
        return f"http://127.0.0.1:{port}", log.read_text()

    yield start
    for process in running:
        process.send_signal(signal.SIGTERM)
    assert [process.wait(STOP_SECONDS) for process in running] == [0] * len(running)


def test_the_first_start_shows_everything_that_is_needed_once(start: Start, tmp_path: Path) -> None:
    shutil.copy(HERE / "office.toml", tmp_path / "config.toml")

    url, first = start()

    port = url.rpartition(":")[2]
    for path in ("/desk", "/kiosk/eingang", "/display/wand", "/kiosk/nordend-kiosk"):
        assert f"http://localhost:{port}{path}" in first
    password = re.search(r"“admin” with the password (\S+)", first)
    codes = re.findall(r"pairing code (\S+)", first)
    assert password and len(codes) == len(set(codes)) == 4
    assert "good for 7 days" in first
    with httpx.Client(base_url=url, timeout=ANSWER_SECONDS) as client:
        sign_in = {"username": "admin", "password": password[1]}
        assert client.post("/login", json=sign_in).status_code == 200
        assert client.post("/devices/pair", json={"code": codes[0]}).status_code == 200


def test_later_starts_show_neither_password_nor_codes(server: Server) -> None:
    server.stop()
    server.start()

    second = (server.folder / "server-2.log").read_text()
    assert f"http://localhost:{server.port}/desk" in second
    assert "password" not in second and "pairing code" not in second


def test_a_closed_office_says_so_and_how_to_try_it_now(
    start: Start, tmp_path: Path, closed: str
) -> None:
    (tmp_path / "office.toml").write_text(closed)

    url, printed = start(AUFRUF_SERVER_DATA_DIR="elsewhere", AUFRUF_CONFIG="office.toml")

    assert "Rathaus is closed until" in printed and "--always-open" in printed
    assert is_issuing(url) is False
    assert (tmp_path / "elsewhere" / "aufruf.db").exists(), "the environment was heard"


def test_always_open_opens_it(start: Start, tmp_path: Path, closed: str) -> None:
    (tmp_path / "config.toml").write_text(closed)

    url, printed = start("--always-open")

    assert "closed" not in printed
    assert is_issuing(url) is True


def test_a_second_server_on_the_same_database_is_refused(shared: Server) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "queue_server", "run", "--port", str(free_port())],
        cwd=shared.folder, env=environment(), text=True, capture_output=True,
        timeout=COMMAND_SECONDS,
    )  # fmt: skip

    assert second.returncode == 1
    assert "another Aufruf server is running" in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        (None, "config.toml"),
        ("[server]\nprot = 1\n", 'unknown key "prot"'),
        ('[server]\nport = "x"\n', "server.port"),
        ("[server\n", "config.toml"),
        ("", "site"),
    ],
    ids=["no file", "unknown key", "wrong value", "no TOML", "no site"],
)
def test_a_wrong_configuration_is_refused_with_a_sentence(
    aufruf: Aufruf, tmp_path: Path, config: str | None, sentence: str
) -> None:
    if config is not None:
        (tmp_path / "config.toml").write_text(config)

    done = aufruf("run")

    assert done.returncode == 1 and sentence in done.stderr
    assert "Traceback" not in done.stderr and done.stdout == ""


@pytest.mark.parametrize("words", [("--port", "99999"), ("--prot", "1"), ("now",)])
def test_wrong_usage_ends_with_2(aufruf: Aufruf, words: tuple[str, ...]) -> None:
    done = aufruf("run", *words)

    assert done.returncode == 2 and "Usage: " in done.stderr


def test_a_port_in_use_is_said_in_words(
    aufruf: Aufruf, shared: Server, tmp_path: Path, closed: str
) -> None:
    (tmp_path / "config.toml").write_text(closed)

    done = aufruf("run", "--host", "127.0.0.1", "--port", str(shared.port))

    assert done.returncode == 1 and str(shared.port) in done.stderr
    assert "Traceback" not in done.stderr


def is_issuing(url: str) -> bool:
    answer = httpx.get(f"{url}/api/v1/sites/rathaus/outlook", timeout=ANSWER_SECONDS)
    issuing: bool = answer.json()["issuing"]
    return issuing


def _wait_until_ready(url: str, process: subprocess.Popen[str], log: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        assert process.poll() is None, log.read_text()
        try:
            if httpx.get(f"{url}/readyz", timeout=ANSWER_SECONDS).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(log.read_text())
