"""Bookings: what one person takes of a calendar that belongs to all, and for how long."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.actions import appointments as verbs
from queue_server.store import appointments, identities
from queue_server.store.database import milliseconds
from tests.api.bookings import API, BOOKINGS, asked, book_by_rules, challenge
from tests.api.problems import problem
from tests.office import Office

HERE = "192.0.2.1"
TUESDAY = "2026-06-09"
SIX_WEEKS = "2026-06-08&days=43"


@pytest.fixture
def busy(office: Office) -> Office:
    """An office in which nothing but these limits is in the way: the sums are solved."""
    book_by_rules(office, proof=False, per_client_hour=1000)
    return office


def free(office: Office, when: str = SIX_WEEKS) -> list[str]:
    path = f"{API}/sites/rathaus/slots?services=meldewesen&from={when}"
    answer = office.signed_in("Clara").get(path)
    assert answer.status_code == 200, answer.text
    return [slot["start"] for slot in answer.json["slots"]]


def book(visitor: FlaskClient, n: int, start: str, address: str = HERE) -> TestResponse:
    wish = {"services": ["meldewesen"], "start": start, "email": f"{n}@example.org"}
    return visitor.post(BOOKINGS, json=wish, environ_overrides={"REMOTE_ADDR": address})


def move(office: Office, token: str, start: str) -> TestResponse:
    return office.visitor().put(f"{API}/appointments/{token}/start", json={"start": start})


def confirmed(office: Office) -> str:
    booked = asked(office)
    path = f"{API}/appointments/{booked['appointment']}/confirmation"
    assert office.visitor().post(path, json={"key": booked["key"]}).status_code == 200
    return booked["appointment"]


# -- bookings that nobody confirms ---------------------------------------------------------------


def test_a_hundred_and_thirty_eight_bookings_of_one_client_leave_the_calendar_as_it_is(
    busy: Office,
) -> None:
    before, visitor = free(busy), busy.visitor()

    answers = [book(visitor, n, before[8 * n]) for n in range(138)]

    statuses = [answer.status_code for answer in answers]
    assert statuses == [201] * 16 + [429] * 122, "240 minutes"
    refused = problem(answers[-1], 429, "too_many_held")
    assert "ab 09:00 Uhr" in refused["detail"] and answers[-1].headers["Retry-After"] == "3600"
    assert len(free(busy)) > 0.99 * len(before)
    assert book(visitor, 999, before[1], "198.51.100.1").status_code == 201


def test_what_was_confirmed_or_given_back_is_not_held_any_more(busy: Office) -> None:
    times, visitor = free(busy), busy.visitor()
    booked = [book(visitor, n, times[8 * n]).json for n in range(16)]
    assert book(visitor, 16, times[200]).status_code == 429

    assert booked[0] is not None
    assert visitor.delete(f"{API}/appointments/{booked[0]['token']}").status_code == 200

    assert book(visitor, 16, times[200]).status_code == 201
    assert book(visitor, 17, times[208]).status_code == 429
    busy.clock.pass_time(hours=1)
    assert book(visitor, 17, times[208]).status_code == 201


def test_many_clients_together_hold_no_more_than_half_of_a_day(busy: Office) -> None:
    before, visitor = free(busy, f"{TUESDAY}&days=1"), busy.visitor()

    answers = [
        book(visitor, n, start, f"203.0.113.{n}")
        for n, start in enumerate(each for each in before for _ in range(2))
    ]

    refusals = [answer for answer in answers if answer.status_code != 201]
    assert "ab 09:00 Uhr" in problem(refusals[0], 409, "day_held")["detail"]
    assert len(free(busy, f"{TUESDAY}&days=1")) >= len(before) / 2
    assert book(visitor, 999, "2026-06-10T10:00:00+02:00", "198.51.100.1").status_code == 201


def test_taking_and_giving_back_a_time_by_program_hides_it_from_nobody(busy: Office) -> None:
    before, visitor = free(busy), busy.visitor()

    # Both counters that serve it.
    for n in range(30):
        both = [book(visitor, 2 * n + k, before[n], f"203.0.113.{2 * n + k}").json for k in (0, 1)]
        for token in (each["token"] for each in both):
            assert visitor.delete(f"{API}/appointments/{token}").status_code == 200

    assert free(busy) == before


# -- one appointment that is moved ---------------------------------------------------------------


def test_an_appointment_moves_five_times_and_the_desk_still_moves_it(office: Office) -> None:
    token = confirmed(office)
    starts = [f"{TUESDAY}T{10 + n}:00:00+02:00" for n in range(8)]

    answers = [move(office, token, start) for start in starts]

    assert [answer.status_code for answer in answers] == [200] * 5 + [409] * 3
    assert "rufen Sie uns an" in problem(answers[-1], 409, "moved_too_often")["detail"]
    page = office.visitor().post(f"/termin/{token}/start", data={"start": starts[-1]})
    assert page.status_code == 409 and "schon oft verschoben" in page.text
    assert moved_by_aylin(office, token, starts[-1]) == datetime.fromisoformat(starts[-1])


def moved_by_aylin(office: Office, token: str, start: str) -> datetime:
    site = office.app.extensions["aufruf"].settings.site("rathaus")
    with office.store.snapshot() as snapshot:
        found = appointments.by_token(snapshot, token)
        aylin = identities.clerk_named(snapshot, "Aylin")
    assert aylin is not None
    return verbs.move_by_clerk(
        office.store, site, found.id, datetime.fromisoformat(start), clerk=aylin.id,
        now=office.clock(),
    ).start_at  # fmt: skip


def test_an_appointment_that_is_moved_about_leaves_no_hole_in_the_calendar(office: Office) -> None:
    token = confirmed(office)

    for n in range(5):
        assert move(office, token, f"{TUESDAY}T{10 + n}:00:00+02:00").status_code == 200

    with office.store.snapshot() as snapshot:
        now = {"now": milliseconds(office.clock())}
        assert snapshot.rows("SELECT * FROM cells WHERE free_at > :now", now) == []


# -- sums ----------------------------------------------------------------------------------------


def test_sums_become_harder_for_whoever_asks_for_many_and_for_nobody_else(office: Office) -> None:
    visitor = office.visitor()

    work: list[Any] = [challenge(visitor)["maxnumber"] for _ in range(60)]

    assert work[:10] == [50_000] * 10, "a school or a family notices nothing"
    assert work[-1] > 5 * 50_000 and work == sorted(work)
    other = visitor.get(f"{API}/challenge", environ_overrides={"REMOTE_ADDR": "198.51.100.1"})
    assert other.json is not None and other.json["maxnumber"] == 50_000


def test_the_hardest_sum_is_sixteen_times_the_usual_one(office: Office) -> None:
    for _ in range(400):
        found = challenge(office.visitor())

    assert found["maxnumber"] == 16 * 50_000
