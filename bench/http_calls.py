"""Eight clerks call the next person over HTTP at once, against a route that does nothing.

Each clerk calls, finishes, calls, finishes …; both are one durable transaction each, so both count
as requests. The bare route is asked before and after, by as many clients.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.clients import Answer, repeat, talk
from bench.house import House, running_house
from bench.table import Line, milliseconds, p50_p99, percentile, print_table

NO_OP = "/healthz"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=1600, help="people to call (default 1600)")
    parser.add_argument("--clerks", type=int, default=8, help="clerks at once (default 8)")
    parser.add_argument("--folder", type=Path, help="where the database lies, for another disk")
    options = parser.parse_args()
    with running_house(
        clerks=options.clerks, waiting=options.calls, folder=options.folder
    ) as house:
        title = f"HTTP: {options.clerks} clerks call the next person at once, durable"
        print_table(title, list(measure(house, options.clerks, options.calls)))


@dataclass
class Clerks:
    """What the clerks asked and heard."""

    house: House
    called: list[str] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"calls": [], "completion": []})
    errors: Counter[int] = field(default_factory=Counter)
    doing: dict[int, str] = field(default_factory=dict)

    def next_request(self, clerk: int) -> bytes | None:
        doing = self.doing.get(clerk, "calls")
        if doing == "nothing":
            return None
        self.doing[clerk] = doing
        path = f"/api/v1/counters/{self.house.counters[clerk]}/{doing}"
        return self.house.request("POST", path, clerk, "{}")

    def heard(self, answer: Answer) -> None:
        doing = self.doing[answer.client]
        self.seconds[doing].append(answer.seconds)
        if answer.status == 204:
            self.doing[answer.client] = "nothing"
        elif answer.status != 200:
            self.errors[answer.status] += 1
            self.doing[answer.client] = "nothing"
        elif doing == "calls":
            self.called.append(json.loads(answer.body)["ticket"]["id"])
            self.doing[answer.client] = "completion"
        else:
            self.doing[answer.client] = "calls"


def measure(house: House, clerks: int, people: int) -> Iterator[Line]:
    marks = [house.cpu_seconds()]
    bare, bare_seconds = repeat(house.port, clerks, house.request("GET", NO_OP), people)
    marks.append(house.cpu_seconds())
    work = Clerks(house)
    seconds = talk(house.port, clerks, work.next_request, work.heard)
    marks.append(house.cpu_seconds())
    after, more = repeat(house.port, clerks, house.request("GET", NO_OP), people)
    bare = (bare + after) / 2
    calls, completions = work.seconds["calls"], work.seconds["completion"]
    rate = (len(calls) + len(completions)) / seconds
    yield Line(f"bare `GET {NO_OP}`", f"{bare:.0f}/s, P50 / P99 {p50_p99(bare_seconds + more)}")
    yield Line("calls and completions", f"{rate:.0f}/s", "≥ 600/s", rate >= 600)
    yield Line("ratio", f"{rate / bare:.2f}", "≥ 0.42", rate / bare >= 0.42)
    idle, busy = marks[1] - marks[0], marks[2] - marks[1]
    times = f"{milliseconds(idle / people)} → {milliseconds(busy / (len(calls) * 2))}"
    yield Line("processor time of the server per request, bare → ours", times)
    slow = percentile(calls, 0.99)
    yield Line("a call, P50", milliseconds(percentile(calls, 0.5)))
    yield Line("a call, P99", milliseconds(slow), "≤ 50 ms", slow <= 0.05)
    twice = len(work.called) - len(set(work.called))
    lost = people - len(set(work.called))
    faults = sum(work.errors.values())
    value = f"{twice} / {lost} / {faults}"
    yield Line("called twice / lost / errors", value, "0 / 0 / 0", twice == lost == faults == 0)


if __name__ == "__main__":
    main()
