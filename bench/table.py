"""Figures as a Markdown table, and the little statistics that they need."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from os import cpu_count
from pathlib import Path


@dataclass(frozen=True)
class Line:
    """One measured thing. `met` is None where nothing was promised."""

    what: str
    value: str
    target: str = ""
    met: bool | None = None


def print_table(title: str, lines: Sequence[Line]) -> None:
    """A heading and a table; the last column says whether the target was met."""
    print(f"\n### {title}\n")
    print("| what | measured | target | |\n|---|---|---|---|")
    for line in lines:
        mark = "" if line.met is None else "met" if line.met else "**missed**"
        print(f"| {line.what} | {line.value} | {line.target} | {mark} |", flush=True)


def machine() -> str:
    """The machine in one line, as the figures need it beside them."""
    return (
        f"{cpu_count()} cores, {_memory_gib():.0f} GiB, {_system()}, Linux {platform.release()}, "
        f"CPython {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{date.today().isoformat()}"
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all stays under (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms" if seconds < 0.01 else f"{seconds * 1000:.1f} ms"


def p50_p99(values: Sequence[float]) -> str:
    """Both percentiles of durations in seconds."""
    return f"{milliseconds(percentile(values, 0.5))} / {milliseconds(percentile(values, 0.99))}"


def _memory_gib() -> float:
    kibibytes = int(Path("/proc/meminfo").read_text().split()[1])
    return kibibytes / 1024**2


def _system() -> str:
    for line in Path("/etc/os-release").read_text().splitlines():
        if line.startswith("PRETTY_NAME="):
            return line.partition("=")[2].strip('"')
    return platform.system()
