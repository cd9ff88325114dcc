"""Bookings are counted for each client and for all of them, as configured, and nobody is kept."""

from __future__ import annotations

from queue_server.store.database import Reader
from tests.api.bookings import BOOKINGS, WISH, book, book_by_rules, solved
from tests.api.endpoints import API
from tests.api.problems import problem
from tests.office import Office
from tests.races.all_at_once import all_at_once

HERE, THERE = "192.0.2.1", "198.51.100.1"


def wish(n: int) -> dict[str, object]:
    """The n-th of many bookings that do not stand in each other's way."""
    return {"email": f"{n}@example.org", "start": f"2026-06-09T{n:02d}:00:00+02:00"}


def open_appointments(reader: Reader) -> int:
    row = reader.row("SELECT COUNT(*) AS found FROM appointments")
    assert row is not None
    found: int = row["found"]
    return found


def test_a_client_may_book_so_many_times_an_hour(office: Office) -> None:
    book_by_rules(office, per_client_hour=3)
    statuses = [book(office.visitor(), wish(n)).status_code for n in range(3)]
    assert statuses == [201] * 3

    answer = book(office.visitor(), wish(3))

    problem(answer, 429, "too_many_tries")
    assert int(answer.headers["Retry-After"]) == 20 * 60, "one of three an hour"
    assert book(office.visitor(), wish(4), THERE).status_code == 201
    office.clock.pass_time(seconds=int(answer.headers["Retry-After"]))
    assert book(office.visitor(), wish(3)).status_code == 201


def test_when_all_together_booked_too_often_whoever_has_not_booked_has_one_booking_left(
    office: Office,
) -> None:
    book_by_rules(office, per_hour=3)
    for n in range(3):
        assert book(office.visitor(), wish(n), f"192.0.2.{n}").status_code == 201
    assert book(office.visitor(), wish(3), THERE).status_code == 201

    answer = book(office.visitor(), wish(4), THERE)

    problem(answer, 429, "too_many_tries")
    assert answer.headers["Retry-After"] == "1200"


def test_a_refused_booking_does_not_count(office: Office) -> None:
    book_by_rules(office, per_client_hour=1)
    past = {"start": "2026-06-08T07:00:00+02:00"}

    for _ in range(3):
        problem(book(office.visitor(), past), 409, "slot_taken")
        problem(book(office.visitor(), {"proof": "?"}), 403, "bad_proof")
    assert book(office.visitor()).status_code == 201


def test_clerks_are_not_counted(office: Office) -> None:
    book_by_rules(office, per_client_hour=1, per_hour=1)
    aylin = office.signed_in("Aylin")

    for n in range(3):
        booking = {**wish(n), "services": ["kfz"]}
        assert aylin.post(BOOKINGS, json=booking).status_code == 201


def test_every_site_counts_for_itself(office: Office) -> None:
    book_by_rules(office, per_hour=1)
    visitor = office.visitor()
    assert book(visitor).status_code == 201

    elsewhere = {**WISH, "start": "2026-06-08T10:00:00+02:00", "proof": solved(visitor)}

    assert visitor.post(f"{API}/sites/nordend/appointments", json=elsewhere).status_code == 201


def test_of_many_at_the_same_moment_no_more_pass_than_may(office: Office) -> None:
    book_by_rules(office, per_client_hour=3)
    wishes = [{**WISH, **wish(n), "proof": solved(office.visitor())} for n in range(8)]

    answers = all_at_once(lambda each: office.visitor().post(BOOKINGS, json=each), wishes)

    statuses = sorted(answer.result().status_code for answer in answers)
    assert statuses == [201] * 3 + [429] * 5
    with office.store.snapshot() as snapshot:
        assert open_appointments(snapshot) == 3
