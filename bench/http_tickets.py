"""Drawing tickets over HTTP, one kiosk and eight at once, against a route that does nothing."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from bench.clients import Answer, in_turn, repeat, talk
from bench.house import SITE, House, running_house
from bench.http_calls import NO_OP
from bench.table import Line, milliseconds, percentile, print_table

AT_ONCE = 8
# So many draw before all give their numbers back, unmeasured: a waiting room, not a stadium.
ROOM = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tickets", type=int, default=1000, help="a run (default 1000)")
    parser.add_argument("--folder", type=Path, help="where the database lies, for another disk")
    options = parser.parse_args()
    with running_house(clerks=1, folder=options.folder) as house:
        print_table("HTTP: draw a ticket, durable", list(measure(house, options.tickets)))


def measure(house: House, tickets: int) -> Iterator[Line]:
    numbers: list[str] = []
    for clients in (1, AT_ONCE):
        bare, _ = repeat(house.port, clients, house.request("GET", NO_OP), tickets)
        began = house.cpu_seconds()
        rate, taken = draw(house, clients, tickets, numbers)
        busy = milliseconds((house.cpu_seconds() - began) / len(taken))
        slow = milliseconds(percentile(taken, 0.99))
        yield Line(f"bare `GET {NO_OP}`, {clients} at once", f"{bare:.0f}/s")
        yield Line(
            f"tickets, {clients} at once",
            f"{rate:.0f}/s, ratio {rate / bare:.2f}, P99 {slow}",
        )
        # Given back and all, since what is pushed after one answer is done during the next.
        yield Line("… processor time of the server a ticket drawn and given back", busy)
    twice = len(numbers) - len(set(numbers))
    yield Line(f"numbers given twice, of {len(numbers)}", str(twice), "0", twice == 0)


def draw(house: House, clients: int, tickets: int, numbers: list[str]) -> tuple[float, list[float]]:
    """Tickets a second and the seconds of each; the numbers are added to `numbers`."""
    seconds = 0.0
    taken: list[float] = []
    for _ in range(tickets // ROOM):
        drawn: list[Answer] = []
        requests = [_request(house, number) for number in range(ROOM)]
        seconds += talk(house.port, clients, in_turn(requests), drawn.append)
        assert {answer.status for answer in drawn} == {201}, drawn
        given = [json.loads(answer.body) for answer in drawn]
        numbers += [ticket["number"] for ticket in given]
        taken += [answer.seconds for answer in drawn]
        _give_back(house, [ticket["token"] for ticket in given])
    return len(taken) / seconds, taken


def _request(house: House, number: int) -> bytes:
    service = house.site.services[number % len(house.site.services)].id
    body = json.dumps({"services": [service]})
    return house.request("POST", f"/api/v1/sites/{SITE}/tickets", 0, body)


def _give_back(house: House, tokens: list[str]) -> None:
    requests = [house.request("DELETE", f"/api/v1/tickets/{token}") for token in tokens]
    talk(house.port, AT_ONCE, in_turn(requests), lambda answer: None)


if __name__ == "__main__":
    main()
