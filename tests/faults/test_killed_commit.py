"""Whoever commits for others may be killed meanwhile: what the disk has counts, for everybody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.server_process import COMMAND_SECONDS

ROOT = Path(__file__).parents[2]
# Three greenlets share a commit that takes a while; the one that waits for it is killed meanwhile.
KILL_THE_COMMITTER = """
from gevent import monkey
monkey.patch_all()
import json, sys
from pathlib import Path
import gevent
from gevent.monkey import get_original
from queue_server.native_threads import ThreadPoolOffload
from queue_server.store import marks
from queue_server.store.transaction import Store
from queue_server.store.sqlite import SqliteEngine

pool, answers = ThreadPoolOffload(1), {}
# A lock of the system: the thread that commits waits for it, and the others go on.
gate = get_original("_thread", "allocate_lock")()

def behind_the_gate(work):
    with gate:
        return work()

engine = SqliteEngine(Path(sys.argv[1]), offload=lambda work: pool(lambda: behind_the_gate(work)))
store = Store(engine)
store.migrate()
heard = []
store.listen(heard.append)
gate.acquire()

def verb(name):
    try:
        with store.transaction() as tx:
            marks.put(tx, name, "here")
            gevent.sleep(0.05)
        answers[name] = "done"
    except BaseException as error:
        answers[name] = type(error).__name__
        raise

verbs = [gevent.spawn(verb, name) for name in ("a", "b", "c")]
while engine._batch is not None or not engine._turn.locked():
    gevent.sleep(0.005)
verbs[2].kill(block=False)
gevent.sleep(0.05)
gate.release()
gevent.joinall(verbs, timeout=100)
verb("d")
with store.snapshot() as snapshot:
    written = [name for name in ("a", "b", "c", "d") if marks.get(snapshot, name)]
print(json.dumps([answers, written]))
"""


def test_a_killed_committer_tells_its_neighbours_the_truth(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILL_THE_COMMITTER, str(tmp_path / "killed.db")],
        capture_output=True, text=True, timeout=COMMAND_SECONDS, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip

    answers, written = json.loads(done.stdout)
    assert written == ["a", "b", "c", "d"], done.stderr
    assert answers == {"a": "done", "b": "done", "c": "GreenletExit", "d": "done"}
