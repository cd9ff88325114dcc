"""How servers on one PostgreSQL hear of each other: a word inside each commit, after it, or none.

Four processes write as servers do, each at a site of its own, durably, and as fast as they can;
all of them listen. The baseline is the same without any word. `NOTIFY` inside a transaction makes
all commits of a database wait for each other; after the commit it is sent by a thread that takes
along whatever was written meanwhile, as the product does. `--redis HOST:PORT` sends the same word
through a Redis instead, to compare.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.redis_line import RedisListener, RedisSender
from bench.table import Line, percentile, print_table
from queue_server.domain.events import HelpCalled
from queue_server.store.postgres.engine import PostgresEngine
from queue_server.store.postgres.line import CHANNEL, Listener, Sender
from queue_server.store.transaction import Store
from tests.postgres_cluster import DURABLE, start_cluster

SERVERS, TURNS = 4, 3
WAYS = ("none", "inside", "after")
SAID = {
    "inside": "NOTIFY inside the transaction",
    "after": "NOTIFY after the commit",
    "redis": "Redis after the commit",
}
SUFFICIENT = 500
LISTENING_SECONDS, PAUSE_SECONDS = 0.2, 0.0005


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4, help="of writing each turn (default 4)")
    parser.add_argument("--url", help="a PostgreSQL of your own, with an empty database")
    parser.add_argument("--redis", metavar="HOST:PORT", help="compare with this Redis")
    parser.add_argument("--write", nargs=2, metavar=("SITE", "WAY"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write:
        print(json.dumps(written(options, *options.write)))
        return
    folder = Path(tempfile.gettempdir()) / f"aufruf-bench-{os.getpid()}"
    url = options.url or start_cluster(folder, DURABLE)
    with closing(PostgresEngine(url)) as engine:
        engine.migrate()
    options.url = url
    print_table(f"Word between {SERVERS} servers", list(measure(options)))


def measure(options: argparse.Namespace) -> Iterator[Line]:
    ways = [*WAYS, *(["redis"] if options.redis else [])]
    paces: dict[str, list[float]] = {way: [] for way in ways}
    late: dict[str, list[float]] = {way: [] for way in ways}
    # Taking turns: whatever else the machine does meets all alike.
    for _ in range(TURNS):
        for way in ways:
            found = together(options, way)
            paces[way].append(sum(each["commits"] for each in found) / options.seconds)
            late[way] += [ms for each in found for ms in each["late_ms"]]
    bare = percentile(paces["none"], 0.5)
    yield Line("commits a second, no word", f"{bare:.0f}")
    for way in ways[1:]:
        pace = percentile(paces[way], 0.5)
        met = pace >= SUFFICIENT if way == "after" else None
        target = f"≥ {SUFFICIENT}" if way == "after" else ""
        said = f"{pace:.0f} ({pace / bare:.2f} of those without)"
        yield Line(f"commits a second, {SAID[way]}", said, target, met)
        p50, p99 = (percentile(late[way], share) for share in (0.5, 0.99))
        yield Line(f"commit → heard, {SAID[way]}", f"P50 {p50:.1f} ms, P99 {p99:.1f} ms")


def together(options: argparse.Namespace, way: str) -> list[dict]:
    """All servers at once."""
    asked = ["--url", options.url, "--seconds", str(options.seconds)]
    asked += ["--redis", options.redis] if options.redis else []
    writers = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.notify", *asked, "--write", f"site-{number}", way],
            stdout=subprocess.PIPE,
        )
        for number in range(SERVERS)
    ]
    return [json.loads(writer.communicate()[0]) for writer in writers]


def written(options: argparse.Namespace, site: str, way: str) -> dict:
    """One server: how many commits it made, and how late it heard of the others' (ms)."""
    store, server = Store(PostgresEngine(options.url)), secrets.token_hex(4)
    sender, listener = line_of(options, way, server)
    is_over, late, untold = threading.Event(), list[float](), deque[float]()
    threads = [
        threading.Thread(target=_listen, args=(listener, late, is_over)),
        threading.Thread(target=_tell, args=(sender, site, untold, is_over)),
    ]
    for thread in threads:
        thread.start()
    commits, until = 0, time.monotonic() + options.seconds
    while time.monotonic() < until:
        with store.transaction(site) as tx:
            tx.record(HelpCalled(at=datetime.now(UTC), site=site))
            if way == "inside":
                word = json.dumps({"from": server, "site": site, "at": time.time()})
                tx.row("SELECT pg_notify(:channel, :word)", {"channel": CHANNEL, "word": word})
        commits += 1
        if way in ("after", "redis"):
            untold.append(time.time())
    is_over.set()
    for thread in threads:
        thread.join()
    return {"commits": commits, "late_ms": late}


def line_of(options: argparse.Namespace, way: str, server: str) -> tuple[Any, Any]:
    """What tells and what listens."""
    if way == "redis":
        return RedisSender(options.redis, server), RedisListener(options.redis, server)
    listener = Listener(options.url)
    listener.server = server
    listener.open()
    return Sender(options.url, server), listener


def _tell(sender: Sender, site: str, untold: deque[float], is_over: threading.Event) -> None:
    while not is_over.is_set():
        # The first of those who wait has waited longest.
        if first := untold.popleft() if untold else 0.0:
            untold.clear()
            sender.tell([{"site": site, "at": first}])
        else:
            time.sleep(PAUSE_SECONDS)


def _listen(listener: Listener, late: list[float], is_over: threading.Event) -> None:
    while not is_over.is_set():
        told = listener.hear(LISTENING_SECONDS)
        late += [(time.time() - each["at"]) * 1000 for each in told]


if __name__ == "__main__":
    main()
