"""What a server weighs: fresh, after a day's use, and after another; and how garbage is found.

A day follows the other without a break, unless nights are asked for, as an office has them.

Memory is the proportional set size of all its processes, so that what they share counts once. It
stands beside a bare gunicorn of the same kind, one gevent worker with one empty page of Flask.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import time
from collections.abc import Iterator

from bench.bare import bare_server
from bench.clients import Answer, in_turn, talk
from bench.crowd import following
from bench.house import SITE, House, family, memory_of, running_house
from bench.table import Line, milliseconds, print_table

IDLE_SECONDS = 5
MOST_MIB = 110
CLIENTS = 8
LANGUAGES = ("de", "de-x-leicht", "en", "tr", "ar", "fa", "uk", "ru", "pl", "ro")
PAGES = (
    "/desk", "/office", "/office/figures", "/office/visits", "/office/personal-data",
    f"/api/v1/sites/{SITE}/queue", "/api/docs", "/healthz",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=1000, help="visitors a day (default 1000)")
    parser.add_argument("--phones", type=int, default=300, help="at once (default 300)")
    parser.add_argument("--days", type=int, default=2, help="of use (default 2)")
    parser.add_argument("--nights", action="store_true", help="after each day")
    options = parser.parse_args()
    with running_house(clerks=CLIENTS, waiting=20) as house:
        title = f"Memory: {options.people} visitors a day, {options.phones} phones at once"
        print_table(title, list(measure(house, options)))


def measure(house: House, options: argparse.Namespace) -> Iterator[Line]:
    bare, fresh = bare_memory(), idle_memory(house)
    yield Line("a bare gunicorn with one gevent worker and Flask", f"{bare:.0f} MiB")
    ratio = f"{fresh:.0f} MiB, {fresh / bare:.1f} ×"
    yield Line("fresh and idle", ratio, f"≤ {MOST_MIB} MiB", fresh <= MOST_MIB)
    for day in range(1, options.days + 1):
        spend_a_day(house, options.people, options.phones)
        used = idle_memory(house)
        ratio = f"{used:.0f} MiB, {used / bare:.1f} ×"
        yield Line(f"after day {day}, idle", ratio, f"≤ {MOST_MIB} MiB", used <= MOST_MIB)
        if options.nights:
            sleep_a_night(house)
            yield Line("… the morning after", f"{idle_memory(house):.0f} MiB")
    yield from searches(house)


def searches(house: House) -> Iterator[Line]:
    """How Python looked for garbage meanwhile, as /metrics tells it."""
    told = asked(house, "/metrics")
    for generation in range(3):
        figures = {
            name: float(re.search(rf'garbage_{name}{{generation="{generation}"}} (\S+)', told)[1])  # type: ignore[index]
            for name in ("searches", "seconds", "longest_seconds")
        }
        yield Line(
            f"searches for garbage, generation {generation}",
            f"{figures['searches']:.0f} in {milliseconds(figures['seconds'])}, "
            f"the longest {milliseconds(figures['longest_seconds'])}",
        )


def spend_a_day(house: House, people: int, phones: int) -> None:
    """Numbers, calls, pages in every language, and phones that come and go."""
    for _ in range(3):
        with following(house, walls=5, desks=CLIENTS, phones=phones) as crowd:
            _visits(house, people // 3)
            crowd.leave()
    pages = [house.request("GET", f"/?lang={language}") for language in LANGUAGES]
    pages += [house.request("GET", page, clerk=0) for page in PAGES]
    talk(house.port, CLIENTS, in_turn(pages * 10), lambda answer: None)


def sleep_a_night(house: House) -> None:
    """What the server does at night; `idle_memory` waits until it is done."""
    assert house.process is not None
    _, serving = family(house.process.pid)
    os.kill(serving, signal.SIGUSR1)


def _visits(house: House, people: int) -> None:
    """So many draw a number; each clerk calls and finishes until nobody waits."""
    body = '{"services":["anliegen-a"]}'
    draw = house.request("POST", f"/api/v1/sites/{SITE}/tickets", clerk=0, body=body)
    talk(house.port, CLIENTS, in_turn([draw] * people), lambda answer: None)
    doing = dict.fromkeys(range(CLIENTS), "calls")

    def next_request(clerk: int) -> bytes | None:
        path = f"/api/v1/counters/{house.counters[clerk]}/{doing[clerk]}"
        return house.request("POST", path, clerk, "{}") if doing[clerk] else None

    def heard(answer: Answer) -> None:
        calling = doing[answer.client] == "calls"
        going_on = "completion" if calling else "calls"
        doing[answer.client] = going_on if answer.status == 200 else ""

    talk(house.port, CLIENTS, next_request, heard)


def idle_memory(house: House) -> float:
    """MiB of all processes of the server after a quiet moment."""
    assert house.process is not None
    time.sleep(IDLE_SECONDS)
    return memory_of(house.process.pid)


def bare_memory() -> float:
    """MiB of a server that can do nothing."""
    with bare_server() as process:
        time.sleep(IDLE_SECONDS)
        return memory_of(process.pid)


def asked(house: House, path: str) -> str:
    """The answer to a request."""
    bodies: list[bytes] = []
    request = house.request("GET", path)
    talk(house.port, 1, in_turn([request]), lambda answer: bodies.append(answer.body))
    return bodies[0].decode()


if __name__ == "__main__":
    main()
