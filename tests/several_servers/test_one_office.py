"""Two servers are one office: what happens at one is seen at the other."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import httpx
import psycopg
from psycopg.conninfo import conninfo_to_dict

from queue_server.version import VERSION
from tests.postgres_cluster import url_of
from tests.server.test_sockets import connected
from tests.several_servers.conftest import Pair, eventually, until_told, wall_at

CUT_LINES = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'aufruf listener'"""


def call_next(clerk: httpx.Client, counter: str = "schalter-1") -> str | None:
    """The number of the person called; None when nobody waits."""
    answer = clerk.post(f"/api/v1/counters/{counter}/calls", json={})
    assert answer.status_code in (200, 204), answer.text
    return str(answer.json()["ticket"]["number"]) if answer.status_code == 200 else None


def numbers(board: dict[str, Any]) -> list[str]:
    return [call["number"] for call in board["calls"]]


def call_all(clerk: httpx.Client, counter: str, start: Barrier) -> list[str]:
    """Calls and finishes until nobody is left."""
    start.wait()
    called = []
    while number := call_next(clerk, counter):
        called.append(number)
        for verb in ("arrival", "completion"):
            answer = clerk.post(f"/api/v1/counters/{counter}/{verb}", json={})
            assert answer.status_code == 200, answer.text
    return called


def test_a_call_at_one_server_is_shown_at_the_walls_of_both(pair: Pair) -> None:
    aylin = pair.one.clerk("Aylin", "schalter-1")
    with wall_at(pair.one) as here, wall_at(pair.two) as there:
        number = pair.two.draw("meldewesen")["number"]
        assert call_next(aylin) == number

        shown = [
            until_told(wall, lambda board: numbers(board) == [number]) for wall in (here, there)
        ]

    assert shown[0]["version"] == shown[1]["version"]


def test_whoever_signed_in_at_one_is_signed_in_at_the_other(pair: Pair) -> None:
    cookie = pair.one.clerk("Aylin", "schalter-1").cookies["aufruf_session"]
    other = pair.two.client()
    other.cookies.set("aufruf_session", cookie)
    number = pair.one.draw("meldewesen")["number"]

    assert call_next(other) == number


def test_clerks_at_two_servers_never_call_the_same_person(pair: Pair) -> None:
    people = 24
    drawn = {pair.one.draw("ausweise")["number"] for _ in range(people)}
    aylin, bernd = pair.one.clerk("Aylin", "schalter-1"), pair.two.clerk("Bernd", "schalter-2")
    start = Barrier(2)
    with ThreadPoolExecutor(2) as both:
        rounds = [both.submit(call_all, aylin, "schalter-1", start),
                  both.submit(call_all, bernd, "schalter-2", start)]  # fmt: skip
        called = [number for each in rounds for number in each.result()]

    assert sorted(called) == sorted(drawn)


def test_without_the_line_between_them_calls_go_on_and_walls_follow(pair: Pair) -> None:
    aylin = pair.one.clerk("Aylin", "schalter-1")
    with wall_at(pair.two) as there, psycopg.connect(pair.url, autocommit=True) as raw:
        number = pair.one.draw("meldewesen")["number"]
        assert len(raw.execute(CUT_LINES).fetchall()) == 2
        call_next(aylin)

        until_told(there, lambda board: numbers(board) == [number])


def test_one_server_has_the_duties_and_another_takes_them_over(pair: Pair) -> None:
    eventually(lambda: pair.holder() is not None)
    first = pair.holder()
    pair.one.kill()

    eventually(lambda: pair.holder() not in (None, first))


def test_while_the_database_is_away_everybody_is_refused_and_then_it_goes_on(pair: Pair) -> None:
    aylin = pair.one.clerk("Aylin", "schalter-1")
    pair.one.draw("meldewesen")
    with wall_at(pair.two) as there:
        with database_away(pair.url):
            for server in (pair.one, pair.two):
                answer = server.client().get("/api/v1/sites/rathaus/board")
                assert (answer.status_code, answer.json()["code"]) == (503, "storage_failed")
            answer = aylin.post("/api/v1/counters/schalter-1/calls", json={})
            assert (answer.status_code, answer.json()["code"]) == (503, "storage_failed")

        number = call_next(aylin)

        until_told(there, lambda board: numbers(board) == [number])
    eventually(lambda: pair.holder() is not None)


@contextmanager
def database_away(url: str) -> Iterator[None]:
    """Every connection is cut and none is let in, as when the database's machine starts anew."""
    name = conninfo_to_dict(url)["dbname"]
    with psycopg.connect(url_of("postgres"), autocommit=True) as raw:
        raw.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        raw.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )
        yield
        raw.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def test_a_kiosk_that_reports_to_one_server_is_well_on_the_office_page_of_the_other(
    pair: Pair,
) -> None:
    kiosk = pair.one.kiosk()
    cookies = "; ".join(f"{name}={value}" for name, value in kiosk.cookies.items())
    line = connected(pair.one, headers={"Cookie": cookies})
    head = pair.two.clerk("Lea")

    line.call("report_kiosk", {"version": VERSION, "camera": "ready"})

    eventually(lambda: "Kamera bereit" in head.get("/office/devices").text)
    line.disconnect()
