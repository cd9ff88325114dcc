"""From `aufruf run` to the first page, and the memory of a server that has nothing to do.

With compiled Python, as setup leaves it for a user. On a busy machine look at processor seconds;
beside them stands a bare gunicorn with an empty page, started in turn with ours.
"""

from __future__ import annotations

import argparse
import compileall
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.bare import bare_server
from bench.house import (
    ROOT,
    clean_environment,
    cpu_seconds_of,
    free_port,
    memory_of,
    wait_for_page,
)
from bench.table import Line, percentile, print_table

FIRST_PAGE = "/"
IDLE_SECONDS = 3
MOST_SECONDS, MOST_MIB = 1.3, 110
COMMANDS = (["--help"], ["check"])


@dataclass(frozen=True)
class Start:
    """Seconds to the first page, on the clock and of processors; MiB after a quiet moment."""

    seconds: float
    processor: float
    memory: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--starts", type=int, default=5, help="how often (default 5)")
    options = parser.parse_args()
    for part in ("queue_server", "display", "kiosk"):
        compileall.compile_dir(ROOT / part, quiet=1)
    with tempfile.TemporaryDirectory(prefix="aufruf-bench-") as name:
        folder = Path(name)
        shutil.copy(ROOT / "config.toml", folder)
        print_table("Start and memory, the shipped config.toml", list(measure(folder, options)))


def measure(folder: Path, options: argparse.Namespace) -> Iterator[Line]:
    first = start(folder)
    runs, bare = [], []
    for number in range(options.starts):
        runs.append(start(folder, idle=number == 0))
        bare.append(start_bare())
    usual = percentile([run.seconds for run in runs], 0.5)
    memory = runs[0].memory
    yield Line("very first start (new database, first password) → page", f"{first.seconds:.2f} s")
    target = f"≤ {MOST_SECONDS} s"
    yield Line("start → first page, P50", f"{usual:.2f} s", target, usual <= MOST_SECONDS)
    ours, theirs = (percentile([run.processor for run in each], 0.5) for each in (runs, bare))
    value = f"{ours:.2f} s, {ours / theirs:.1f} × a bare gunicorn ({theirs:.2f} s)"
    yield Line("… of which processor time, P50", value)
    target = f"≤ {MOST_MIB} MiB"
    yield Line("idle memory (PSS, all processes)", f"{memory:.0f} MiB", target, memory <= MOST_MIB)
    for words in COMMANDS:
        taken = percentile([command(folder, words) for _ in range(options.starts)], 0.5)
        yield Line(f"`aufruf {' '.join(words)}`, P50", f"{taken:.2f} s")


def start(folder: Path, *, idle: bool = False) -> Start:
    """Until the first page; the memory is 0 unless `idle`."""
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen(
        _words("run", "--host", "127.0.0.1", "--port", str(port)),
        cwd=folder,
        env=clean_environment(),
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for_page(port, process, FIRST_PAGE)
        seconds, processor = time.perf_counter() - began, cpu_seconds_of(process.pid)
        if idle:
            time.sleep(IDLE_SECONDS)
        return Start(seconds, processor, memory_of(process.pid) if idle else 0.0)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def start_bare() -> Start:
    began = time.perf_counter()
    with bare_server() as process:
        return Start(time.perf_counter() - began, cpu_seconds_of(process.pid))


def command(folder: Path, words: list[str]) -> float:
    """Seconds that a command takes."""
    began = time.perf_counter()
    subprocess.run(_words(*words), cwd=folder, env=clean_environment(), capture_output=True)
    return time.perf_counter() - began


def _words(*words: str) -> list[str]:
    return [sys.executable, "-m", "queue_server", *words]


if __name__ == "__main__":
    main()
