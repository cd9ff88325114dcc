"""Citizens book: what they are told, in which order, and that a proof is good once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from queue_server.actions import housekeeping
from tests.api.bookings import (
    BOOKINGS,
    EMAIL,
    LATER,
    WISH,
    asked,
    book,
    book_by_rules,
    challenge,
    furnish,
    key_of,
    packed,
    solution,
    solved,
)
from tests.api.endpoints import API, START
from tests.api.problems import problem, wrong_fields
from tests.office import Office
from tests.races.all_at_once import all_at_once


def starts(office: Office) -> list[str]:
    answer = office.visitor().get(f"{API}/sites/rathaus/slots?services=meldewesen&days=1")
    return [slot["start"] for slot in answer.json["slots"]]


def both_counters_taken(aylin: FlaskClient, start: str = START) -> None:
    for _ in range(2):
        answer = aylin.post(BOOKINGS, json={"services": ["meldewesen"], "start": start})
        assert answer.status_code == 201


def test_a_citizens_booking_waits_for_its_confirmation_and_says_until_when(
    office: Office,
) -> None:
    answer = book(office.visitor())

    assert answer.status_code == 201
    assert answer.json["state"] == "preconfirmed" and "code" not in answer.json
    expires_at = datetime.fromisoformat(answer.json["expires_at"])
    assert (expires_at - office.clock()).total_seconds() == 60 * 60


def test_neither_the_key_nor_the_address_is_in_the_answer(office: Office) -> None:
    answer = book(office.visitor(), {"name": "Erika Mustermann"})

    holder = office.visitor().get(f"{API}/appointments/{answer.json['token']}")
    for secret in (key_of(office, answer.json["token"]), EMAIL, "Mustermann"):
        assert secret and secret not in answer.text + holder.text


def test_the_time_is_held_until_the_link_expires_and_then_for_others(office: Office) -> None:
    book_by_rules(office, walk_in_share=0.5, release_pause_minutes=0)
    assert START in starts(office)
    asked(office)
    office.clock.pass_time(minutes=59)
    assert START not in starts(office)
    office.clock.pass_time(minutes=1)

    rathaus = office.app.extensions["aufruf"].settings.site("rathaus")
    housekeeping.tidy_site(office.store, rathaus, now=office.clock())

    # It is nine o'clock by now: the lead time ends at ten.
    assert START in starts(office)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"email": ""}, {"email": "missing"}),
        ({"email": "  "}, {"email": "missing"}),
        ({"email": "erika"}, {"email": "address"}),
        ({"email": "erika@example"}, {"email": "address"}),
        ({"email": "a@b.de\nBcc: x@y.de"}, {"email": "address"}),
        ({"email": f"{'x' * 250}@b.de"}, {"email": "too_long"}),
        ({"email": "erika", "persons": 0}, {"email": "address", "persons": "too_small"}),
        ({"phone": "0431 1"}, {"phone": "unknown"}),
        ({"email": "", "phone": "0431 1"}, {"email": "missing", "phone": "unknown"}),
        ({"start": "soon"}, {"start": "format"}),
        ({"services": []}, {"services": "too_few"}),
        ({"language": "<b>"}, {"language": "format"}),
    ],
)
def test_a_wrong_field_is_told_before_the_proof_is_asked_for(
    quiet_office: Office, change: dict[str, Any], wrong: dict[str, str]
) -> None:
    answer = quiet_office.visitor().post(BOOKINGS, json={**WISH, **change})

    assert wrong_fields(answer) == wrong


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"services": ["nowhere"]}, 422, "unknown_service"),
        ({"services": ["kfz"], "persons": 2}, 422, "too_many_persons"),
    ],
)
def test_a_wrong_concern_is_told_before_the_proof_is_asked_for(
    quiet_office: Office, change: dict[str, Any], status: int, code: str
) -> None:
    problem(quiet_office.visitor().post(BOOKINGS, json={**WISH, **change}), status, code)


def test_an_address_is_taken_without_the_blanks_around_it(office: Office) -> None:
    assert book(office.visitor(), {"email": f" {EMAIL}\n"}).status_code == 201

    assert key_of(office, book(office.visitor(), {"start": LATER}).json["token"]) == ""


def test_without_a_proof_nobody_books(office: Office) -> None:
    for proof in ({}, {"proof": None}, {"proof": ""}, {"proof": "x" * 5000}):
        answer = office.visitor().post(BOOKINGS, json={**WISH, **proof})

        problem(answer, 403, "bad_proof")


def test_a_wrong_or_foreign_proof_is_refused(office: Office) -> None:
    right = solution(challenge(office.visitor()))
    wrong = (
        {"number": right["number"] + 1},
        {"number": str(right["number"])},
        {"signature": "0" * 64},
        {"algorithm": "SHA-512"},
        {"salt": right["salt"].replace("?expires=1", "?expires=2")},
    )

    for change in wrong:
        problem(book(office.visitor(), {"proof": packed({**right, **change})}), 403, "bad_proof")
    assert book(office.visitor(), {"proof": packed(right)}).status_code == 201


def test_a_proof_is_good_for_ten_minutes(office: Office) -> None:
    proofs = [solved(office.visitor()) for _ in range(2)]
    office.clock.pass_time(minutes=9, seconds=59)
    assert book(office.visitor(), {"proof": proofs[0]}).status_code == 201

    office.clock.pass_time(seconds=1)

    problem(book(office.visitor(), {"proof": proofs[1], "start": LATER}), 403, "bad_proof")


def test_only_a_booking_that_succeeds_spends_the_proof(office: Office, aylin: FlaskClient) -> None:
    both_counters_taken(aylin)
    proof = solved(office.visitor())

    problem(book(office.visitor(), {"proof": proof}), 409, "slot_taken")
    assert book(office.visitor(), {"proof": proof, "start": LATER}).status_code == 201
    again = {"proof": proof, "start": LATER, "email": "other@example.org"}
    problem(book(office.visitor(), again), 403, "bad_proof")


def test_of_two_bookings_with_one_proof_at_once_one_succeeds(office: Office) -> None:
    proof = solved(office.visitor())
    wishes = [
        {**WISH, "proof": proof, "start": start, "email": f"{n}@example.org"}
        for n, start in enumerate((START, LATER))
    ]

    answers = all_at_once(lambda wish: office.visitor().post(BOOKINGS, json=wish), wishes)

    found = sorted((answer.result() for answer in answers), key=lambda each: each.status_code)
    assert found[0].status_code == 201
    problem(found[1], 403, "bad_proof")


def test_the_last_time_goes_to_one_of_twenty(office: Office, aylin: FlaskClient) -> None:
    aylin.post(BOOKINGS, json={"services": ["meldewesen"], "start": START})
    book_by_rules(office, unconfirmed_client_minutes=1000)
    wishes = [
        {**WISH, "proof": solved(office.visitor()), "email": f"{n}@example.org"} for n in range(20)
    ]

    answers = all_at_once(lambda wish: office.visitor().post(BOOKINGS, json=wish), wishes)

    statuses = sorted(answer.result().status_code for answer in answers)
    assert statuses == [201] + [409] * 19


def test_a_site_may_do_without_proofs(office: Office) -> None:
    book_by_rules(office, proof=False)

    assert office.visitor().post(BOOKINGS, json=WISH).status_code == 201
    assert book(office.visitor(), {"email": "b@example.org", "proof": "?"}).status_code == 201


def test_the_challenge_is_altchas_and_as_hard_as_configured(office: Office) -> None:
    book_by_rules(office, proof_work=1234)

    found = challenge(office.visitor())

    assert found.keys() == {"algorithm", "challenge", "salt", "maxnumber", "signature"}
    assert (found["algorithm"], found["maxnumber"]) == ("SHA-256", 1234)
    nordend = office.visitor().get(f"{API}/challenge?site=nordend").json
    assert nordend["maxnumber"] == 50_000
    problem(office.visitor().get(f"{API}/challenge?site=atlantis"), 404, "not_found")


def test_an_address_has_one_open_booking_unless_told_otherwise(office: Office) -> None:
    asked(office)
    other = {"start": LATER, "email": EMAIL.upper()}

    assert key_of(office, book(office.visitor(), other).json["token"]) == ""
    book_by_rules(office, open_per_address=2)
    noon, one = ({"start": f"2026-06-08T{hour}:00:00+02:00"} for hour in (12, 13))
    assert key_of(office, book(office.visitor(), noon).json["token"])
    assert key_of(office, book(office.visitor(), one).json["token"]) == ""


def test_what_is_not_bookable_is_neither_shown_nor_booked_but_by_clerks(
    office: Office, aylin: FlaskClient
) -> None:
    services = office.app.extensions["aufruf"].settings.site("rathaus").services
    furnish(office, services=tuple(replace(each, bookable=each.id != "kfz") for each in services))
    query, wish = f"{API}/sites/rathaus/slots?services=meldewesen,kfz&days=1", {"services": ["kfz"]}

    assert (
        "Bewohnerparkausweis" in problem(office.visitor().get(query), 409, "not_bookable")["detail"]
    )
    problem(office.visitor().post(BOOKINGS, json={**WISH, **wish}), 409, "not_bookable")
    problem(office.signed_in("Clara").get(query), 409, "not_bookable")
    assert aylin.get(query).json["slots"]
    assert aylin.post(BOOKINGS, json={**wish, "start": START}).status_code == 201


def test_services_are_all_heard_whether_in_one_word_or_one_after_the_other(office: Office) -> None:
    slots, day = f"{API}/sites/rathaus/slots", "&days=1"

    together = office.visitor().get(f"{slots}?services=meldewesen,kfz{day}")
    in_turn = office.visitor().get(f"{slots}?services=meldewesen&services=kfz{day}")

    assert in_turn.json == together.json != {"slots": []}


def test_a_clerk_of_another_site_does_not_book_here(office: Office) -> None:
    clara = office.signed_in("Clara")

    problem(clara.post(BOOKINGS, json={**WISH, "proof": solved(clara)}), 403, "not_allowed")


def test_no_address_of_a_client_is_kept_anywhere(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    assert book(office.visitor(), address="203.0.113.77").status_code == 201
    office.visitor().post(f"{API}/appointments/x/confirmation", json={"key": "guess"})
    office.store.close()

    folder = office.app.extensions["aufruf"].settings.database_path.parent
    kept = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert EMAIL.encode() in kept, "the database is what was read"
    assert b"203.0.113.77" not in kept and "203.0.113.77" not in caplog.text
