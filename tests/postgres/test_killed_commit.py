"""Whoever waits for a COMMIT of PostgreSQL may be killed meanwhile: what was committed is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.server_process import COMMAND_SECONDS

ROOT = Path(__file__).parents[2]
# The loop runs what is due in order: each kill comes when the COMMIT has gone one step further.
KILL_WHOEVER_COMMITS = """
from gevent import monkey
monkey.patch_all()
import json, sys
from datetime import UTC, datetime
import gevent
from queue_server.domain.events import DisplayReported
from queue_server.other_servers import until_ready
from queue_server.store.engines import engine_of, wait_by
from queue_server.store.transaction import Store

url = sys.argv[1]
wait_by(url, until_ready)
store = Store(engine_of(url))
told = []
store.listen(lambda events: told.extend(event.display for event in events))
loop = gevent.get_hub().loop

def after(steps, do):
    loop.run_callback(after, steps - 1, do) if steps else do()

def write(steps):
    me = gevent.getcurrent()
    with store.transaction("rathaus") as tx:
        tx.record(DisplayReported(
            at=datetime.now(UTC), site="rathaus", display=str(steps), sound="on"))
        after(steps, lambda: me.kill(block=False))

for steps in range(6):
    gevent.spawn(write, steps).join()
with store.snapshot() as snapshot:
    rows = snapshot.rows("SELECT data FROM journal WHERE name = 'DisplayReported' ORDER BY seq")
    written = [json.loads(row["data"])["display"] for row in rows]
print(json.dumps([told, written]))
"""


def test_whoever_is_killed_at_any_step_of_a_commit_has_told_what_was_committed(url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILL_WHOEVER_COMMITS, url],
        capture_output=True, text=True, timeout=COMMAND_SECONDS, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    told, written = json.loads(done.stdout)
    assert told == written != []
