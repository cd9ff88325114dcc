"""A server that falls comes again by itself; who watches over it holds nothing of the program."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from queue_server.app import open_store
from queue_server.settings import load_settings
from queue_server.store import journal
from tests.office import ANSWER_SECONDS, Server, free_port
from tests.server.conftest import Aufruf, environment
from tests.server_process import COMMAND_SECONDS, START_SECONDS

MOST_MIB = 8
CREST = "/theme/rathaus/crest"
WITH_CREST = '[site.theme]\ncrest = "wappen.png"\n\n[site.hours]'


def worker_of(server: Server) -> int:
    """The process that serves: the only child of its supervisor."""
    (pid,) = children_of(server)
    return pid


def children_of(server: Server) -> list[int]:
    """Of the supervisor: none between two servers."""
    path = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    return [*map(int, path.read_text().split())]


def soon(is_so: Callable[[], bool], says: str) -> None:
    """Whatever has to begin for it; a server that begins beside other work takes half a minute."""
    give_up = time.monotonic() + START_SECONDS
    while not is_so():
        assert time.monotonic() < give_up, says
        time.sleep(0.02)


def log_of(server: Server) -> str:
    return (server.folder / "server-1.log").read_text()


def test_who_comes_when_the_server_has_fallen_waits_and_is_served(server: Server) -> None:
    clerk, fallen = server.clerk("Aylin", "schalter-1"), worker_of(server)
    drawn = server.draw("kfz")

    os.kill(fallen, signal.SIGKILL)
    # No second try: the connection is taken at once and answered by the next server.
    ready = httpx.get(f"{server.url}/readyz", timeout=ANSWER_SECONDS)

    assert ready.status_code == 200
    assert worker_of(server) != fallen
    called = clerk.post("/api/v1/counters/schalter-1/calls", json={})
    assert called.json()["ticket"]["id"] == drawn["id"], "the clerk is still signed in"
    told = re.findall(r"ERROR .* was ended by SIGKILL; another takes its place", log_of(server))
    assert len(told) == 1 and "Traceback" not in log_of(server)
    assert log_of(server).count("serves http://") == 1, "addresses are shown once"
    assert server.stop() == 0


def test_it_comes_again_as_often_as_it_falls(server: Server) -> None:
    for _ in range(3):
        os.kill(worker_of(server), signal.SIGKILL)
        assert httpx.get(f"{server.url}/readyz", timeout=ANSWER_SECONDS).status_code == 200

    assert server.stop() == 0


def test_who_watches_over_the_server_holds_no_program(server: Server) -> None:
    supervisor = Path(f"/proc/{server.pid}")

    anonymous = re.search(r"Anonymous: +(\d+) kB", (supervisor / "smaps_rollup").read_text())

    assert anonymous and int(anonymous[1]) < MOST_MIB * 1024
    maps = (supervisor / "maps").read_text()
    assert not re.search(r"sqlite|gevent|greenlet|pydantic|ssl", maps), maps


def test_it_comes_again_though_a_hand_has_broken_its_configuration(server: Server) -> None:
    server.config.write_text("[server\n")

    os.kill(worker_of(server), signal.SIGKILL)

    assert httpx.get(f"{server.url}/readyz", timeout=ANSWER_SECONDS).status_code == 200
    soon(lambda: "is not in force" in log_of(server), "the log tells of the broken file")


def status_of_crest(server: Server) -> int:
    return httpx.get(f"{server.url}{CREST}", timeout=ANSWER_SECONDS).status_code


def test_it_comes_again_though_a_picture_has_gone_that_its_configuration_names(
    server: Server,
) -> None:
    text, crest = server.config.read_text(), server.folder / "wappen.png"
    crest.write_bytes(b"\x89PNG")
    server.config.write_text(text.replace("[site.hours]", WITH_CREST, 1))
    soon(lambda: status_of_crest(server) == 200, "the file is read")
    crest.unlink()

    os.kill(worker_of(server), signal.SIGKILL)

    assert httpx.get(f"{server.url}/readyz", timeout=ANSWER_SECONDS).status_code == 200
    assert status_of_crest(server) == 404


def test_it_comes_again_with_the_settings_that_were_in_force(server: Server) -> None:
    def name() -> str:
        sites = httpx.get(f"{server.url}/api/v1/sites", timeout=ANSWER_SECONDS).json()["sites"]
        return str(sites[0]["name"])

    text, settings = server.config.read_text(), load_settings(server.config, {})
    server.config.write_text(text.replace('"Rathaus"', '"Altes Rathaus"', 1))
    soon(lambda: name() == "Altes Rathaus", "the file is read")
    # Nobody learns it from there any more.
    server.config.write_text("[server\n")
    for _ in range(2):
        os.kill(worker_of(server), signal.SIGKILL)
        assert name() == "Altes Rathaus"

    store = open_store(settings)
    with store.snapshot() as snapshot:
        changes = [each.data() for each in journal.events(snapshot, "rathaus")
                   if each.name == "SettingsChanged"]  # fmt: skip
    store.close()
    assert [each["by"] for each in changes] == ["file"], "and it was never another"


def test_nobody_else_gets_hold_of_the_database_between_two_servers(
    server: Server, aufruf: Aufruf
) -> None:
    os.kill(server.pid, signal.SIGSTOP)
    fallen = worker_of(server)
    os.kill(fallen, signal.SIGKILL)
    soon(lambda: " Z " in Path(f"/proc/{fallen}/stat").read_text(), "it has fallen")

    second = aufruf("run", "--port", str(free_port()), "--config", str(server.config))
    os.kill(server.pid, signal.SIGCONT)

    assert second.returncode == 1 and "another Aufruf server is running" in second.stderr
    assert httpx.get(f"{server.url}/readyz", timeout=ANSWER_SECONDS).status_code == 200


def test_sighup_puts_another_server_in_the_place_of_this_one(server: Server) -> None:
    before = worker_of(server)

    os.kill(server.pid, signal.SIGHUP)
    soon(lambda: not Path(f"/proc/{before}").exists(), "it has gone")

    assert httpx.get(f"{server.url}/readyz", timeout=ANSWER_SECONDS).status_code == 200
    assert worker_of(server) != before
    assert "ERROR" not in log_of(server) and "Traceback" not in log_of(server)


def test_a_server_ends_when_nobody_watches_over_it_any_more(server: Server) -> None:
    worker = worker_of(server)

    os.kill(server.pid, signal.SIGKILL)

    soon(lambda: not Path(f"/proc/{worker}").exists(), "it goes by itself")
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{server.url}/readyz", timeout=ANSWER_SECONDS)


def test_a_server_ends_too_when_nobody_watches_any_more_while_it_is_still_beginning(
    server: Server,
) -> None:
    fallen = worker_of(server)
    os.kill(fallen, signal.SIGKILL)
    soon(lambda: children_of(server) not in ([], [fallen]), "another has begun")
    worker = worker_of(server)

    os.kill(server.pid, signal.SIGKILL)

    soon(lambda: not Path(f"/proc/{worker}").exists(), "it goes by itself")


# -- a program of a few lines in place of the office ------------------------------------------


BEFORE = """
import os, signal, socket, sys, time
from queue_server import supervisor
supervisor.MOST_SILENT_LOOKS = 1
supervisor.watch()
handover = supervisor.handover

def serves():
    handover.serves(socket.create_server(("127.0.0.1", 0)).fileno(), (), {"a": "b"})
"""


def watched(
    program: str, *, first: str = "", stdin: int = subprocess.DEVNULL
) -> subprocess.CompletedProcess[str]:
    """A program under a supervisor of little patience, which does something `first`."""
    return subprocess.run(
        [sys.executable, "-c", first + BEFORE + program], stdin=stdin, start_new_session=True,
        env=environment(), text=True, capture_output=True, timeout=COMMAND_SECONDS,
    )  # fmt: skip


def test_a_server_that_hangs_is_ended_and_followed_by_another() -> None:
    done = watched(
        "if handover.is_first:\n"
        "    serves()\n"
        "    time.sleep(600)\n"
        "print(handover.note('a'), handover.ended)\n"
        "sys.exit(7)\n"
    )

    assert done.stdout == "b gave no sign of life for 1 s\n"
    assert done.returncode == 7, "it refused to begin again"


def test_an_end_is_noticed_though_whoever_started_it_all_ignored_such_signals() -> None:
    program = "if handover.is_first:\n    serves()\n    os.kill(os.getpid(), 9)\nsys.exit(7)\n"

    ignoring = "import signal\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
    assert watched(program, first=ignoring).returncode == 7, "another has followed"


@pytest.mark.parametrize(("end", "code"), [("sys.exit(3)", 3), ("os.kill(os.getpid(), 9)", 137)])
def test_a_server_that_never_began_is_not_started_again(end: str, code: int) -> None:
    done = watched(f"print(handover.is_first, flush=True)\n{end}\n")

    assert (done.stdout, done.returncode) == ("True\n", code)


def test_a_server_that_does_not_stop_is_ended() -> None:
    done = watched(
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "serves()\n"
        "os.kill(os.getppid(), signal.SIGTERM)\n"
        "while True:\n"
        "    handover.beat()\n"
        "    time.sleep(0.2)\n"
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("key", ["SIGINT", "SIGQUIT", "SIGHUP"])
def test_what_reaches_the_whole_group_leaves_a_server_that_begins_to_its_supervisor(
    key: str,
) -> None:
    done = watched(f"os.kill(os.getpid(), signal.{key})\nprint('goes on')\nsys.exit(3)\n")

    assert (done.stdout, done.stderr, done.returncode) == ("goes on\n", "", 3)


def test_a_server_ends_with_the_window_in_which_it_was_started() -> None:
    _, window = pty.openpty()
    goes_on = "while True:\n    handover.beat()\n    time.sleep(0.2)\n"
    program = f"print(handover.is_first, flush=True)\nserves()\nos.killpg(0, 1)\n{goes_on}"

    assert watched(program, stdin=window).stdout == "True\n", "no other follows"
