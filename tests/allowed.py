"""What the system lets tests do: a container may forbid what no package can bring.

Tests that need a file system or a network of their own are then left out, by name and aloud. They
are not skipped: nobody could mend that by installing something.
"""

from __future__ import annotations

import os
import subprocess
from functools import cache

# Fixtures of tests/faults, and what each needs.
NEEDS = {"disk": "a file system of one's own (/dev/fuse)", "line": "a network of one's own"}


def is_allowed(fixture: str) -> bool:
    """Whether tests with this fixture can run here."""
    return _may_mount() if fixture == "disk" else _may_connect()


def refused() -> list[str]:
    """What this system refuses, for whoever reads the report."""
    return [need for fixture, need in NEEDS.items() if not is_allowed(fixture)]


@cache
def _may_mount() -> bool:
    return _opens("/dev/fuse") and _runs("fusermount3", "--version") and _may_unshare("--mount")


@cache
def _may_connect() -> bool:
    return (
        os.geteuid() == 0 and _opens("/dev/net/tun") and _runs("ip", "-V") and _may_unshare("--net")
    )


def _may_unshare(what: str) -> bool:
    return os.geteuid() != 0 or _runs("unshare", what, "true")


def _opens(device: str) -> bool:
    try:
        os.close(os.open(device, os.O_RDWR))
    except OSError:
        return False
    return True


def _runs(*words: str) -> bool:
    try:
        return subprocess.run(words, capture_output=True, timeout=60).returncode == 0
    except OSError:
        return False
