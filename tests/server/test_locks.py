"""Locks that pages of a server and its native threads both use, of Babel's data for example."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.server_process import COMMAND_SECONDS

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 30
# What a process is that serves, in small.
SERVING = f"""
from queue_server import cooperative
cooperative.patch()
import gevent, json, threading, time
from gevent.monkey import get_original
from queue_server.native_threads import ThreadPoolOffload

PATIENCE_SECONDS = {PATIENCE_SECONDS}
native_sleep = get_original("time", "sleep")
offload, lock = ThreadPoolOffload(1), threading.RLock()
said = {{}}

def is_waited_for():
    return lock._block.linkcount()

def until(is_so, rest):
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not is_so() and time.monotonic() < give_up:
        rest(0.001)

def page():
    began = time.monotonic()
    with gevent.Timeout(PATIENCE_SECONDS, False), lock:
        return time.monotonic() - began
"""
# The first word that the lock is free finds it taken again.
TAKEN_TWICE = """
def work():
    with lock:
        until(is_waited_for, native_sleep)
    with lock:
        native_sleep(0.2)
"""
# A thread that had to wait, as for a module that the server imports, has a hub that stands still.
WITH_A_HUB_OF_ITS_OWN = """
def work():
    gevent.get_hub()
    with lock:
        until(is_waited_for, native_sleep)
    until(lambda: "waited" in said, native_sleep)
"""
A_PAGE_AND_A_LETTER = """
letter = gevent.spawn(offload, work)
until(lock._block.locked, gevent.sleep)
said["waited"] = page()
letter.get(timeout=PATIENCE_SECONDS)
print(json.dumps(said))
"""
# Somebody else has the lock all the while.
LIMITS = """
def tried(*limits):
    began = time.monotonic()
    try:
        return lock.acquire(*limits), time.monotonic() - began
    except ValueError as error:
        return str(error)

lock = threading.Lock()
said["free"] = [lock.acquire(), lock.release(), lock.acquire(timeout=1), lock.release()]
lock.acquire()
said["at once"] = [tried(False), tried(True, 0)]
said["in time"] = tried(True, 0.3)
said["wrong"] = [tried(True, -5), tried(False, 1)]
gevent.spawn_later(0.2, lock.release)
said["given back"] = tried(True, PATIENCE_SECONDS)
print(json.dumps(said))
"""


def said(*parts: str) -> dict[str, Any]:
    """What a serving process says that does this."""
    done = subprocess.run(
        [sys.executable, "-c", "".join((SERVING, *parts))],
        capture_output=True, text=True, timeout=COMMAND_SECONDS, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_a_page_gets_a_lock_that_a_thread_took_twice_meanwhile() -> None:
    assert 0 < said(TAKEN_TWICE, A_PAGE_AND_A_LETTER)["waited"] < PATIENCE_SECONDS / 2


def test_a_page_gets_the_lock_of_a_thread_that_had_to_wait_before() -> None:
    assert 0 < said(WITH_A_HUB_OF_ITS_OWN, A_PAGE_AND_A_LETTER)["waited"] < PATIENCE_SECONDS / 2


def test_limits_of_a_lock_are_kept() -> None:
    seen = said(LIMITS)

    assert seen["free"][::2] == [True, True]
    assert [got for got, _ in seen["at once"]] == [False, False]
    got, seconds = seen["in time"]
    assert not got and 0.3 <= seconds < PATIENCE_SECONDS
    assert all("timeout" in each for each in seen["wrong"])
    got, seconds = seen["given back"]
    assert got and 0.1 < seconds < PATIENCE_SECONDS
