"""The power fails at any moment: what was answered had reached the disk, whatever else had not."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from queue_server.app import open_store
from queue_server.settings import load_settings
from tests.faults.busy_hour import BusyHour
from tests.faults.disks import Disk
from tests.faults.reporting import LONG, Report
from tests.office import Server

ROUNDS = 40 if LONG else 2
HOW = ("lose", "tear")
ANSWERS = (20, 80) if LONG else (20, 40)
WRITTEN = 200
# Ends without closing anything, as a program does whose machine has no power.
WRITE = f"""
import os, sqlite3, sys
raw = sqlite3.connect(sys.argv[1], isolation_level=None)
raw.execute("PRAGMA journal_mode = WAL")
raw.execute(f"PRAGMA synchronous = {{sys.argv[2]}}")
raw.execute("CREATE TABLE some (text TEXT)")
for _ in range({WRITTEN}):
    raw.execute("INSERT INTO some VALUES (?)", ("x" * 300,))
os._exit(0)
"""


@pytest.mark.timeout(60 * ROUNDS + 60)
def test_all_that_was_answered_survives_the_loss_of_everything_that_was_not_synced(
    server_on_disk: Server, disk: Disk, report: Report
) -> None:
    server, chance = server_on_disk, random.Random(8)
    settings = load_settings(server.config, {})
    server.start()
    with closing(open_store(settings)) as store:
        hour = BusyHour(server, store)

    for turn in range(ROUNDS):
        # Nothing of this process may be open there: what it has mapped would be gone.
        with hour.at_work(chance.randint(*ANSWERS)):
            time.sleep(chance.uniform(0, 0.02))
            disk.lose_power(HOW[turn % len(HOW)])
            server.kill()
        disk.give_power()
        server.start()
        with closing(open_store(settings)) as beside:
            hour.compare(beside)

    assert set(hour.refused) <= {"storage_failed"}
    report.saw(ROUNDS, f"{hour.promised}: all there after every loss, none twice, each file sound.")


@pytest.mark.parametrize("how", HOW)
def test_that_disk_forgets_what_was_not_synced_and_keeps_what_was(disk: Disk, how: str) -> None:
    """Without this the rounds above would prove nothing."""
    for name, synchronous in (("kept.db", "FULL"), ("forgotten.db", "OFF")):
        subprocess.run(
            [sys.executable, "-c", WRITE, str(disk.folder / name), synchronous], check=True
        )

    disk.lose_power(how)
    disk.give_power()

    assert rows_in(disk.folder / "kept.db") == WRITTEN
    assert rows_in(disk.folder / "forgotten.db") < WRITTEN


def rows_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as raw:
        try:
            rows: int = raw.execute("SELECT count(*) FROM some").fetchone()[0]
        except sqlite3.DatabaseError:
            return 0
    return rows
