"""From `aufruf run` to the first page, and the memory of a server that has nothing to do."""

from __future__ import annotations

import argparse
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.house import ROOT, clean_environment, free_port, wait_for_page
from bench.table import Line, percentile, print_table

FIRST_PAGE = "/"
IDLE_SECONDS = 3
MIB = 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--starts", type=int, default=5, help="how often (default 5)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aufruf-bench-") as name:
        folder = Path(name)
        shutil.copy(ROOT / "config.toml", folder)
        print_table("Start and memory, the shipped config.toml", list(measure(folder, options)))


def measure(folder: Path, options: argparse.Namespace) -> Iterator[Line]:
    first, _ = start(folder, idle=False)
    runs = [start(folder, idle=number == 0) for number in range(options.starts)]
    usual = percentile([seconds for seconds, _ in runs], 0.5)
    memory = runs[0][1]
    yield Line("very first start (new database, first password) → page", f"{first:.2f} s")
    yield Line("start → first page, P50", f"{usual:.2f} s", "≤ 1.5 s", usual <= 1.5)
    yield Line("idle memory (PSS, all processes)", f"{memory:.0f} MB", "≤ 120 MB", memory <= 120)


def start(folder: Path, *, idle: bool) -> tuple[float, float]:
    """Seconds to the first page, and megabytes after a quiet moment (0 unless `idle`)."""
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "queue_server", "run", "--host", "127.0.0.1", "--port", str(port)],
        cwd=folder,
        env=clean_environment(),
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for_page(port, process, FIRST_PAGE)
        seconds = time.perf_counter() - began
        if idle:
            time.sleep(IDLE_SECONDS)
        return seconds, memory_of(process.pid) if idle else 0.0
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def memory_of(pid: int) -> float:
    """Proportional set size of a process and its children, in megabytes."""
    own = Path(f"/proc/{pid}/smaps_rollup").read_text()
    kibibytes = next(int(line.split()[1]) for line in own.splitlines() if line.startswith("Pss:"))
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return kibibytes / MIB + sum(memory_of(int(child)) for child in children)


if __name__ == "__main__":
    main()
