"""Appointments that clerks book and holders look at, move and cancel; and the free times."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.api.endpoints import API, BOOK, START, booked
from tests.api.problems import problem, wrong_fields
from tests.office import Office

BOOKINGS = f"{API}/sites/rathaus/appointments"
LATER = "2026-06-08T11:00:00+02:00"


def starts(client: FlaskClient, query: str = "services=meldewesen") -> list[str]:
    answer = client.get(f"{API}/sites/rathaus/slots?{query}")
    assert answer.status_code == 200, answer.text
    return [slot["start"] for slot in answer.json["slots"]]


def test_a_slot_is_free_until_every_counter_is_booked(aylin: FlaskClient) -> None:
    assert START in starts(aylin)
    statuses = [aylin.post(BOOKINGS, json=BOOK).status_code for _ in range(3)]

    assert statuses == [201, 201, 409], "two counters serve it"
    assert START not in starts(aylin)


def test_a_taken_slot_is_said_by_name(aylin: FlaskClient) -> None:
    for _ in range(2):
        aylin.post(BOOKINGS, json=BOOK)

    problem(aylin.post(BOOKINGS, json=BOOK), 409, "slot_taken")


@pytest.mark.parametrize(
    "start", ["2026-06-08T07:00:00+02:00", "2026-06-08T10:01:00+02:00", "2099-12-31T23:45:00+01:00"]
)
def test_a_start_that_is_past_between_or_too_far_is_not_free(
    aylin: FlaskClient, start: str
) -> None:
    problem(aylin.post(BOOKINGS, json={**BOOK, "start": start}), 409, "slot_taken")


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"start": "2026-06-08T10:00:00"}, {"start": "format"}),
        ({"start": "tomorrow"}, {"start": "format"}),
        ({"start": "9999-12-31T23:59:59Z"}, {"start": "format"}),
        ({"start": "0001-01-01T00:00:00+14:00"}, {"start": "format"}),
        ({"start": "1780912800"}, {"start": "format"}),
        ({"start": 1780912800}, {"start": "type"}),
        ({"email": "nobody"}, {"email": "address"}),
        ({"email": "a@b.de\nBcc: c@d.de"}, {"email": "address"}),
        ({"name": "x" * 201}, {"name": "too_long"}),
        ({"phone": "1" * 41}, {"phone": "too_long"}),
    ],
)
def test_every_wrong_field_names_itself(
    quiet_aylin: FlaskClient, change: dict[str, object], wrong: dict[str, str]
) -> None:
    assert wrong_fields(quiet_aylin.post(BOOKINGS, json={**BOOK, **change})) == wrong


def test_the_offset_of_a_start_does_not_matter(aylin: FlaskClient) -> None:
    answer = aylin.post(BOOKINGS, json={**BOOK, "start": "2026-06-08T08:00:00Z"})

    assert answer.json["start"] == START


def test_the_holder_looks_moves_and_cancels(office: Office, aylin: FlaskClient) -> None:
    scene = booked(office, aylin)
    path, holder = f"{API}/appointments/{scene['appointment']}", office.visitor()

    assert holder.get(path).json["code"] == scene["code"]
    moved = holder.put(f"{path}/start", json={"start": LATER}).json
    assert (moved["start"], moved["code"]) == (LATER, scene["code"])
    gone = holder.delete(path).json
    assert gone["state"] == "cancelled" and "code" not in gone


def test_moving_and_cancelling_free_the_slot(office: Office, aylin: FlaskClient) -> None:
    tokens = [booked(office, aylin)["appointment"] for _ in range(2)]
    assert START not in starts(aylin)

    office.visitor().put(f"{API}/appointments/{tokens[0]}/start", json={"start": LATER})
    assert START in starts(aylin)
    booked(office, aylin)
    office.visitor().delete(f"{API}/appointments/{tokens[1]}")
    assert START in starts(aylin)


def test_a_move_to_a_taken_slot_changes_nothing(office: Office, aylin: FlaskClient) -> None:
    for _ in range(2):
        aylin.post(BOOKINGS, json={**BOOK, "start": LATER})
    token = booked(office, aylin)["appointment"]

    answer = office.visitor().put(f"{API}/appointments/{token}/start", json={"start": LATER})

    problem(answer, 409, "slot_taken")
    assert office.visitor().get(f"{API}/appointments/{token}").json["start"] == START


def test_what_was_cancelled_can_not_be_moved(office: Office, aylin: FlaskClient) -> None:
    path = f"{API}/appointments/{booked(office, aylin)['appointment']}"
    office.visitor().delete(path)

    problem(office.visitor().put(f"{path}/start", json={"start": LATER}), 409, "move_refused")


def test_citizens_see_times_after_the_lead_time_clerks_at_once(
    office: Office, aylin: FlaskClient
) -> None:
    query = "services=meldewesen&from=2026-06-08&days=1"

    assert starts(office.visitor(), query)[0] == "2026-06-08T09:00:00+02:00"
    assert starts(aylin, query)[0] == "2026-06-08T08:00:00+02:00"


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("", {"services": "missing"}),
        ("services=", {"services": "missing"}),
        ("services=kfz&persons=0", {"persons": "range"}),
        ("services=kfz&persons=21", {"persons": "range"}),
        ("services=kfz&persons=x", {"persons": "range"}),
        ("services=kfz&days=63", {"days": "range"}),
        ("services=kfz&days=1e9", {"days": "range"}),
        ("services=kfz&days=00000000000000000000000000001", {"days": "range"}),
        ("services=kfz&from=yesterday", {"from": "date"}),
        ("services=kfz&from=9999-12-31", {"from": "date"}),
        ("services=kfz&from=2026-02-30", {"from": "date"}),
        ("services=kfz&from=20260608", {"from": "date"}),
    ],
)
def test_a_wrong_question_names_its_parameter(
    quiet_office: Office, query: str, wrong: dict[str, str]
) -> None:
    answer = quiet_office.visitor().get(f"{API}/sites/rathaus/slots?{query}")

    assert wrong_fields(answer) == wrong


def test_slots_of_an_unknown_service_are_refused(office: Office) -> None:
    answer = office.visitor().get(f"{API}/sites/rathaus/slots?services=nowhere")

    problem(answer, 422, "unknown_service")
