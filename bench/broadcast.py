"""The last of many followers, beside a bare WebSocket broadcast and beside Socket.IO's usual way.

All three stand side by side with as many sockets each, and take turns: what else happens on the
machine meets all of them. The bare server only sends; ours also reads the board in the database.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.crowd import Caller, Crowd, boards, gathered
from bench.house import ROOT, House, clean_environment, free_port, processor_seconds, running_house
from bench.table import Line, milliseconds, percentile, print_table

SIZES = (100, 500, 1000, 2000, 5000)
MOST_RATIO, FOR_SO_MANY = 1.5, 2000
SETTLE_SECONDS = 0.25
SOON_SECONDS = 3.0
# As long as a board of this office.
FILLER = "x" * 170


class Bare:
    """The bare server: broadcasts, and notes when."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._began, self._version = folder / "began", 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.bare_broadcast", str(self.port), str(self._began)],
            cwd=ROOT, env=clean_environment(), stdin=subprocess.PIPE, text=True,
        )  # fmt: skip
        while not self._began.exists():
            time.sleep(0.05)
        time.sleep(SETTLE_SECONDS)

    def push(self) -> None:
        self._version += 1
        assert self.process.stdin is not None
        print(f'42["board",{{"version":{self._version},"x":"{FILLER}"}}]',
              file=self.process.stdin, flush=True)  # fmt: skip

    @property
    def pid(self) -> int:
        return self.process.pid

    def began(self) -> list[float]:
        return [int(line) / 1e9 for line in self._began.read_text().split()]

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


class Ours:
    """An office in which somebody is called, and then done."""

    def __init__(self, house: House) -> None:
        self._house, self._caller, self._is_called = house, Caller(house), False
        self.port = house.port

    def push(self) -> None:
        if self._is_called:
            self._caller.finish()
        else:
            self._caller.call()
        self._is_called = not self._is_called

    @property
    def pid(self) -> int:
        assert self._house.process is not None
        return self._house.process.pid

    def began(self) -> list[float]:
        return self._house.committed()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="sockets of each")
    parser.add_argument("--rounds", type=int, default=20, help="pushes of each (default 20)")
    options = parser.parse_args()
    for size in options.sizes:
        lines = list(measure(size, options.rounds))
        print_table(f"Broadcast: the last of {size:,} followers", lines)


def measure(size: int, rounds: int) -> Iterator[Line]:
    with servers(rounds) as found, ExitStack() as stack:
        crowds = [stack.enter_context(gathered(one.port, boards(size))) for one in found]
        work: list[list[float]] = [[], [], []]
        for _ in range(rounds):
            for one, seconds in zip(found, work, strict=True):
                pause = SETTLE_SECONDS + size / 5000
                # Pings and housekeeping go on all the time; a push is what comes on top.
                idle = spent(one, lambda: None, pause)
                seconds.append(spent(one, one.push, pause) - idle)
        bare, direct, usual = (
            lasts(one.began(), crowd, size) for one, crowd in zip(found, crowds, strict=True)
        )
    floor = percentile(bare, 0.5)
    yield Line("bare broadcast, P50 / P90", p50_p90(bare))
    yield Line("commit → last, P50 / P90", p50_p90(direct))
    ratio = percentile(direct, 0.5) / floor
    target = f"≤ {MOST_RATIO} ×" if size == FOR_SO_MANY else ""
    yield Line("… beside the bare one", f"{ratio:.2f} ×", target,
               ratio <= MOST_RATIO if target else None)  # fmt: skip
    usual_ratio = percentile(usual, 0.5) / floor
    yield Line("… with `realtime.direct = false`", f"{p50_p90(usual)}, {usual_ratio:.2f} ×")
    costs = [percentile(seconds, 0.5) for seconds in work]
    yield Line(
        "processor time a push: bare, ours, with `realtime.direct = false`",
        f"{', '.join(map(milliseconds, costs))}: {costs[1] / costs[0]:.2f} ×, "
        f"{costs[2] / costs[0]:.2f} ×",
    )
    reached = f"{len(direct)} of {rounds}"
    yield Line("pushes of ours that reached everybody", reached, "all", len(direct) >= rounds)


@contextmanager
def servers(rounds: int) -> Iterator[tuple[Bare, Ours, Ours]]:
    with (
        tempfile.TemporaryDirectory(prefix="aufruf-bench-") as folder,
        running_house(clerks=1, waiting=rounds + 20) as direct,
        running_house(clerks=1, waiting=rounds + 20, direct=False) as usual,
    ):
        bare = Bare(Path(folder))
        try:
            yield bare, Ours(direct), Ours(usual)
        finally:
            bare.close()


def lasts(began: list[float], crowd: Crowd, size: int) -> list[float]:
    """Seconds from each beginning until all of them had it."""
    # Every board is sent once more later, unchanged: the first of each follower count.
    moments = [sorted(each) for each in crowd.leave().values() if len(each) >= size]
    complete = sorted((each[0], each[size - 1]) for each in moments)
    found = []
    for first, last in complete:
        before = [at for at in began if at <= first]
        if before and last - before[-1] < SOON_SECONDS:
            found.append(last - before[-1])
    return found


def spent(one: Bare | Ours, work: Callable[[], None], pause: float) -> float:
    """Processor time of this server from the beginning of the work to the end of the pause."""
    before = processor_seconds(one.pid)
    work()
    time.sleep(pause)
    return processor_seconds(one.pid) - before


def p50_p90(values: list[float]) -> str:
    """Of twenty pushes the second slowest."""
    return f"{milliseconds(percentile(values, 0.5))} / {milliseconds(percentile(values, 0.9))}"


if __name__ == "__main__":
    main()
