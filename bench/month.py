"""A month of an office on one database, at 500 times its speed: what grows, and what gets slower.

The real server, sessions, sockets, housekeeping, audits and nights; people come and go over HTTP.
Nights and weekends pass ten times as fast again, so that a month takes half an hour. Memory, open
files and the write-ahead log are looked at every noon; each call stands beside an empty request of
the same clerk a moment before.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import argon2

from bench.house import ROOT, clean_environment, free_port, wait_for_page
from bench.month_people import PASSWORD, People, Seen
from bench.pace import BEGINS, CLOSES, OPENS, ZONE, Pace, is_open
from bench.start import memory_of
from bench.table import Line, milliseconds, percentile, print_table
from queue_server.actions import staff
from queue_server.settings import Settings, load_settings
from queue_server.store.sqlite import SqliteEngine
from queue_server.store.transaction import Store

NOON, COUNTERS, SPEED, DAYS = 13, 4, 500, 28


@dataclass(frozen=True)
class Look:
    """The server at a noon: MiB of memory, open files, MiB of log and of database."""

    at: datetime
    memory: float
    files: int
    log: float
    database: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=DAYS, help=f"of the month (default {DAYS})")
    parser.add_argument("--speed", type=float, default=SPEED, help=f"default {SPEED}")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aufruf-bench-") as folder:
        looks, seen = live_through(Path(folder), options.days, options.speed)
    for problem in seen.wrong:
        print(f"wrong: {problem}", file=sys.stderr)
    if seen.wrong or not looks:
        sys.exit(1)
    print_table(f"A month: {options.days} days at {options.speed:g} ×", lines(looks, seen))


def live_through(folder: Path, days: int, speed: float) -> tuple[list[Look], Seen]:
    """The days, one after the other. The first noon counts as warming up, too."""
    config, port = prepared(folder), free_port()
    settings = load_settings(config, {})
    pace = Pace(time.time(), speed)
    hire(settings.database_path, settings, pace)
    server = subprocess.Popen(
        [sys.executable, "-m", "bench.month_server", str(config), str(port), repr(pace.began),
         str(speed)],
        cwd=ROOT, env=clean_environment(), stdout=subprocess.DEVNULL,
    )  # fmt: skip
    people, looks = People(port, pace, counters_of(settings)), list[Look]()
    try:
        wait_for_page(port, server, "/readyz")
        people.begin()
        ends = pace.began + pace.seconds_of_days(days)
        while time.time() < ends and server.poll() is None and not people.over.is_set():
            now = pace.now().astimezone(ZONE)
            if (
                is_open(now)
                and now.hour == NOON
                and (not looks or looks[-1].at.date() < now.date())
            ):
                looks.append(look(server.pid, settings.database_path, now))
            time.sleep(0.2)
    finally:
        people.end()
        server.terminate()
        server.wait(timeout=60)
    return looks, people.seen


def lines(looks: list[Look], seen: Seen) -> list[Line]:
    first, last, days = looks[min(1, len(looks) - 1)], looks[-1], sorted(seen.calls)
    early, late = (
        slowness(seen, days[: len(days) // 4 + 1]),
        slowness(seen, days[-len(days) // 4 :]),
    )
    grown, log = last.memory / first.memory, max(each.log for each in looks)
    slower, files = late.times / early.times, last.files - first.files
    done = ", ".join(f"{many:,} {what}" for what, many in seen.done.items() if what != "probes")
    memory = f"{first.memory:.0f} → {last.memory:.0f} MiB: {grown:.2f} ×"
    trend = ", ".join(f"{each.memory:.0f}" for each in looks)
    grows = f"{first.database:.1f} → {last.database:.1f} MiB"
    return [
        Line("what happened", done),
        Line("answers that were wrong", str(len(seen.wrong)), "0", not seen.wrong),
        Line("memory (PSS), second noon → last noon", memory, "≤ 1.15 ×", grown <= 1.15),
        Line("… every noon, MiB", trend),
        Line("open files", f"{first.files} → {last.files}", "≤ 30 more", files <= 30),
        Line("write-ahead log, the largest of all noons", f"{log:.1f} MiB", "≤ 16 MiB", log <= 16),
        Line("database", grows),
        Line("call-next, first quarter of the days", str(early)),
        Line("… last quarter", f"{late}: {slower:.2f} × as long", "≤ 1.25 ×", slower <= 1.25),
    ]


@dataclass(frozen=True)
class Slowness:
    """The median call of some days, and the median empty request a moment before."""

    call: float
    bare: float

    @property
    def times(self) -> float:
        return self.call / self.bare

    def __str__(self) -> str:
        return f"{milliseconds(self.call)}, {self.times:.2f} × an empty request"


def slowness(seen: Seen, days: list[date]) -> Slowness:
    some = ([each for day in days for each in kind[day]] for kind in (seen.calls, seen.bare))
    return Slowness(*(percentile(each, 0.5) for each in some))


def look(pid: int, database: Path, now: datetime) -> Look:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    files = sum(len(list(Path(f"/proc/{each}/fd").iterdir())) for each in (pid, *children))
    log = database.with_name(database.name + "-wal")
    sizes = [each.stat().st_size / 2**20 if each.exists() else 0.0 for each in (log, database)]
    return Look(now, memory_of(pid), files, *sizes)


def prepared(folder: Path) -> Path:
    """The office of the other programs, with hours."""
    text = (ROOT / "bench" / "office.toml").read_text("utf-8")
    for day in ("sat", "sun"):
        text = text.replace(f'{day} = ["00:00-24:00"]', f"{day} = []")
    config = folder / "config.toml"
    config.write_text(text.replace("00:00-24:00", f"{OPENS:02}:00-{CLOSES:02}:00"), "utf-8")
    return config


def hire(database: Path, settings: Settings, pace: Pace) -> None:
    password = argon2.PasswordHasher().hash(PASSWORD)
    store = Store(SqliteEngine(database))
    store.migrate()
    for name in ("front", *(f"clerk of {counter}" for counter in counters_of(settings))):
        staff.add_clerk(store, name, "rathaus", "clerk", password, now=BEGINS)
    store.close()


def counters_of(settings: Settings) -> list[str]:
    site = settings.site("rathaus")
    return [counter.id for counter in site.counters[:COUNTERS]]


if __name__ == "__main__":
    main()
