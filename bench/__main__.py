"""Runs every program of this folder, or those that are named: `python -m bench start fan_out`.

Each also runs alone with options of its own: `python -m bench.fan_out --phones 2000`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from bench.table import machine

PROGRAMS = (
    "store_calls",
    "http_calls",
    "http_tickets",
    "key_to_paint",
    "fan_out",
    "broadcast",
    "crowded",
    "pictures",
    "slots",
    "days",
    "forecast",
    "start",
    "memory",
    "what_if",
    "figures",
    "grown",
    "paths",
    "notify",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("programs", nargs="*", metavar="PROGRAM", help=", ".join(PROGRAMS))
    wanted = parser.parse_args().programs or PROGRAMS
    if unknown := [name for name in wanted if name not in PROGRAMS]:
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(PROGRAMS)}")
    print(f"Measured on {machine()}.", flush=True)
    # Each in a process of its own: none leaves its memory or its patches to the next.
    return max(
        subprocess.run([sys.executable, "-m", f"bench.{name}"]).returncode for name in wanted
    )


if __name__ == "__main__":
    sys.exit(main())
