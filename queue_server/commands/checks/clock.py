"""The clock: against the journal, against the network, and its rules of summer time."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

MOST_AHEAD = timedelta(minutes=5)
"""A running clock may be corrected; one that is this far behind is wrong."""

ASK_SECONDS = 3.0
# Rules for summer time have changed between two elections before; older data may not know it.
OLDEST_ZONES_YEARS = 3
ZONES = Path("/usr/share/zoneinfo/tzdata.zi")

BEHIND = (
    "The clock of this machine is {minutes} minutes behind the newest entry of the journal: set it"
    " (timedatectl set-ntp true), or numbers, opening hours and links follow a wrong time."
)
NOT_SET = (
    "The clock of this machine is not set by the network: timedatectl set-ntp true, or an"
    " administrator who sets it by hand."
)
OLD_ZONES = "The time zones of this machine are of {year}: apt install tzdata brings newer ones."


def behind_the_journal(newest: datetime | None, now: datetime) -> Iterator[str]:
    """Whether the newest entry of the journal lies in the future."""
    if newest is not None and newest - now > MOST_AHEAD:
        yield BEHIND.format(minutes=int((newest - now).total_seconds() // 60))


def clock_notes(ask: tuple[str, ...] = ("timedatectl",)) -> Iterator[str]:
    """What systemd says of the clock; nothing where it does not run."""
    words = (*ask, "show", "--property=NTPSynchronized", "--value")
    with suppress(OSError, subprocess.TimeoutExpired):
        told = subprocess.run(words, capture_output=True, text=True, timeout=ASK_SECONDS)
        if told.stdout.strip() == "no":
            yield NOT_SET


def zone_notes(now: datetime, zones: Path = ZONES) -> Iterator[str]:
    """How old the rules of summer time are; Python's own are as new as their package."""
    with suppress(OSError):
        with zones.open(encoding="ascii", errors="replace") as file:
            said = file.readline().removeprefix("# version ").strip()
        year = said[:4]
        if year.isdigit() and now.year - int(year) >= OLDEST_ZONES_YEARS:
            yield OLD_ZONES.format(year=year)
