"""Drawing tickets over HTTP, one kiosk and eight at once, against a route that does nothing.

Eight counters are open and some 200 people wait, so that everybody is told a range. What is done
after an answer (pushes, and the record of what was told) counts as processor time, too.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path

from bench.clients import Answer, in_turn, repeat, talk
from bench.house import SITE, House, running_house
from bench.http_calls import NO_OP
from bench.table import Line, milliseconds, percentile, print_table

AT_ONCE = 8
# So many wait all the time, and so many more draw before they give their numbers back, unmeasured.
WAITING, ROOM = 150, 100
# By then what holders were told is in the journal.
RECORDED_SECONDS = 1.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tickets", type=int, default=500, help="a run (default 500)")
    parser.add_argument("--folder", type=Path, help="where the database lies, for another disk")
    options = parser.parse_args()
    with running_house(clerks=AT_ONCE, waiting=WAITING, folder=options.folder) as house:
        print_table("HTTP: draw a ticket, durable", list(measure(house, options.tickets)))


def measure(house: House, tickets: int) -> Iterator[Line]:
    numbers: list[str] = []
    for clients in (1, AT_ONCE):
        began = house.cpu_seconds()
        bare, _ = repeat(house.port, clients, house.request("GET", NO_OP), tickets)
        idle = milliseconds((house.cpu_seconds() - began) / tickets)
        rate, taken, busy = draw(house, clients, tickets, numbers)
        yield Line(f"bare `GET {NO_OP}`, {clients} at once", f"{bare:.0f}/s")
        yield from _told(clients, rate, rate / bare, percentile(taken, 0.99))
        times = f"{idle} → {milliseconds(busy / len(taken))}"
        yield Line("… processor time of the server, bare → ours", times)
    twice = len(numbers) - len(set(numbers))
    yield Line(f"numbers given twice, of {len(numbers)}", str(twice), "0", twice == 0)


def _told(clients: int, rate: float, ratio: float, slow: float) -> Iterator[Line]:
    value = f"{rate:.0f}/s, ratio {ratio:.2f}, P99 {milliseconds(slow)}"
    if clients < AT_ONCE:
        yield Line(f"tickets, {clients} at once", value)
        return
    is_met = rate >= 400 and ratio >= 0.3 and slow <= 0.05
    target = "≥ 400/s, ratio ≥ 0.3, P99 ≤ 50 ms"
    yield Line(f"tickets, {clients} at once", value, target, is_met)


def draw(
    house: House, clients: int, tickets: int, numbers: list[str]
) -> tuple[float, list[float], float]:
    """Tickets a second, the seconds of each, and the processor time of all.

    The numbers are added to `numbers`.
    """
    seconds = busy = 0.0
    taken: list[float] = []
    for _ in range(tickets // ROOM):
        drawn: list[Answer] = []
        requests = [_request(house, number) for number in range(ROOM)]
        began = house.cpu_seconds()
        seconds += talk(house.port, clients, in_turn(requests), drawn.append)
        time.sleep(RECORDED_SECONDS)
        busy += house.cpu_seconds() - began
        assert {answer.status for answer in drawn} == {201}, drawn
        given = [json.loads(answer.body) for answer in drawn]
        numbers += [ticket["number"] for ticket in given]
        taken += [answer.seconds for answer in drawn]
        _give_back(house, [ticket["token"] for ticket in given])
    return len(taken) / seconds, taken, busy


def _request(house: House, number: int) -> bytes:
    service = house.site.services[number % len(house.site.services)].id
    body = json.dumps({"services": [service]})
    return house.request("POST", f"/api/v1/sites/{SITE}/tickets", 0, body)


def _give_back(house: House, tokens: list[str]) -> None:
    requests = [house.request("DELETE", f"/api/v1/tickets/{token}") for token in tokens]
    talk(house.port, AT_ONCE, in_turn(requests), lambda answer: None)


if __name__ == "__main__":
    main()
