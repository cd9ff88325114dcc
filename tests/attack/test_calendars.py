"""Calendars: reckoned beside the hub, once for all who ask, and so many a minute for a stranger."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import httpx
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.web.pools import Pools
from tests.api.bookings import API, START, book
from tests.attack.crowd import Attacked, all_at_once, counted, tickets_meanwhile
from tests.office import Office

SLOTS = f"{API}/sites/rathaus/slots"
SERVICES = ("meldewesen", "ausweise", "kfz", "trauung", "fundbuero")


def calendar(n: int) -> str:
    """One of many visits, each with a calendar of its own."""
    wanted = [service for bit, service in enumerate(SERVICES) if n % 31 + 1 & 1 << bit]
    persons = 1 + n // 31 if wanted == ["meldewesen"] else 1
    return f"{SLOTS}?services={','.join(wanted)}&persons={persons}&days=42"


class Counted:
    """How many calendars were reckoned."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, work: Any) -> Any:
        self.times += 1
        return work()


@pytest.fixture
def reckoned(office: Office) -> Counted:
    counted = Counted()
    office.app.extensions["aufruf"].pools = Pools(calendars=counted)
    return counted


def asked(client: FlaskClient, n: int = 0, address: str = "192.0.2.1") -> TestResponse:
    return client.get(calendar(n), environ_overrides={"REMOTE_ADDR": address})


def test_fifty_different_calendars_at_once_hold_no_ticket_up(server: Attacked) -> None:
    def ask(client: httpx.Client, n: int) -> httpx.Response:
        return client.get(calendar(n) if n % 2 else calendar(n).replace("days=42", "days=41"))

    with tickets_meanwhile(server) as draws:
        statuses = counted(all_at_once(server, 50, ask))

    assert statuses.keys() <= {200, 429} and statuses[200] > 30
    assert draws.kept_their_promise(), draws


def test_what_was_reckoned_once_is_there_for_everybody(office: Office, reckoned: Counted) -> None:
    visitor = office.visitor()
    first = asked(visitor)
    again = [asked(visitor, 0, f"203.0.113.{n}").text for n in range(5)]
    part = visitor.get(calendar(0).replace("days=42", "days=7&from=2026-06-15")).json

    assert set(again) == {first.text} and reckoned.times == 1
    assert part and first.json and part["slots"][0] in first.json["slots"]


def test_a_booking_makes_a_new_calendar_and_a_ticket_does_not(
    office: Office, reckoned: Counted
) -> None:
    visitor, kiosk = office.visitor(), office.kiosk()
    before = asked(visitor).json
    kiosk.post(f"{API}/sites/rathaus/tickets", json={"services": ["kfz"]})
    assert asked(visitor).json == before and reckoned.times == 1

    for n, counter in enumerate(("ausweise", "meldewesen")):
        wish = {"services": [counter], "email": f"{n}@example.org"}
        assert book(visitor, wish).status_code == 201

    after = asked(visitor).json
    assert before and after and reckoned.times > 1
    gone = [slot["start"] for slot in before["slots"] if slot not in after["slots"]]
    assert gone == [START]


def test_a_calendar_is_that_of_this_second(office: Office, reckoned: Counted) -> None:
    visitor = office.visitor()
    first = asked(visitor).json
    office.clock.pass_time(minutes=15)

    later = asked(visitor).json

    assert first and later and later["slots"][0] == first["slots"][1]
    assert reckoned.times == 1, "the lead time needs no new calendar"


def test_two_who_want_the_same_calendar_have_it_reckoned_once(office: Office) -> None:
    begun, may_end, counted = Event(), Event(), Counted()

    def slowly(work: Any) -> Any:
        begun.set()
        assert may_end.wait(20)
        return counted(work)

    office.app.extensions["aufruf"].pools = Pools(calendars=slowly)
    with ThreadPoolExecutor(2) as threads:
        both = [threads.submit(asked, office.visitor(), 0, f"192.0.2.{n}") for n in (1, 2)]
        assert begun.wait(20)
        may_end.set()
        texts = {each.result().text for each in both}

    assert len(texts) == 1 and counted.times == 1


def test_a_stranger_has_so_many_new_calendars_a_minute_and_others_have_theirs(
    office: Office, reckoned: Counted
) -> None:
    visitor = office.visitor()
    statuses = []
    for n in range(70):
        # Every booking makes all calendars new; so does a day that the office decides.
        office.clock.pass_time(days=1)
        office.clock.passed -= timedelta(days=1).total_seconds()
        statuses.append(asked(visitor, n % 31).status_code)

    assert statuses.count(200) >= 60 and statuses[-1] == 429
    assert asked(visitor, 2, "198.51.100.1").status_code == 200
    assert reckoned.times <= 62


def test_the_pages_of_booking_and_the_api_share_one_calendar(
    office: Office, reckoned: Counted
) -> None:
    context = office.app.extensions["aufruf"]
    mail = context.settings.mail
    context.settings = replace(context.settings, mail=replace(mail, smtp_url="file:letters"))
    visitor = office.visitor()
    assert asked(visitor).status_code == 200

    page = visitor.get("/termin/times?site=rathaus&services=meldewesen")

    assert page.status_code == 200 and "frei" in page.text
    assert reckoned.times == 1
