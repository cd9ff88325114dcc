"""Drawing, giving back, and what clerks do with a ticket wherever it is."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.api.endpoints import API, DRAW, MISSING, called, parked, serving, waiting
from tests.api.problems import problem, wrong_fields
from tests.office import Office

TICKETS = f"{API}/sites/rathaus/tickets"


def test_the_same_idempotency_key_is_the_same_ticket(kiosk: FlaskClient) -> None:
    key = {"Idempotency-Key": "touch-7"}

    first = kiosk.post(TICKETS, json=DRAW, headers=key)
    again = kiosk.post(TICKETS, json=DRAW, headers=key)

    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json["id"], first.json["token"]) == (again.json["id"], again.json["token"])


def test_another_key_is_another_ticket(kiosk: FlaskClient) -> None:
    ids = {
        kiosk.post(TICKETS, json=DRAW, headers={"Idempotency-Key": key}).json["id"]
        for key in ("a", "b")
    }

    assert len(ids) == 2


def test_a_key_is_the_same_ticket_however_long_it_is(kiosk: FlaskClient) -> None:
    long, other = ({"Idempotency-Key": "x" * 1_000 + end} for end in "ab")

    answers = [kiosk.post(TICKETS, json=DRAW, headers=key) for key in (long, long, other)]

    assert [answer.status_code for answer in answers] == [201, 200, 201]
    assert answers[0].json["id"] == answers[1].json["id"]


def test_a_key_that_is_empty_names_the_header(kiosk: FlaskClient) -> None:
    answer = kiosk.post(TICKETS, json=DRAW, headers={"Idempotency-Key": ""})

    assert wrong_fields(answer) == {"Idempotency-Key": "missing"}


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"services": "missing"}),
        ({"services": []}, {"services": "too_few"}),
        ({"services": ["kfz"] * 11}, {"services": "too_many"}),
        ({"services": "kfz"}, {"services": "type"}),
        ({"services": ["kfz", 7]}, {"services.1": "type"}),
        ({"services": ["kfz"], "persons": 0}, {"persons": "too_small"}),
        ({"services": ["kfz"], "persons": 21}, {"persons": "too_large"}),
        ({"services": ["kfz"], "persons": "2"}, {"persons": "type"}),
        ({"services": ["kfz"], "persons": True}, {"persons": "type"}),
        ({"services": ["kfz"], "language": "<b>"}, {"language": "format"}),
        ({"services": ["kfz"], "language": "de-" + "x" * 40}, {"language": "too_long"}),
        ({"services": 1, "persons": "x"}, {"services": "type", "persons": "type"}),
    ],
)
def test_every_wrong_field_names_itself(
    quiet_kiosk: FlaskClient, body: dict[str, object], wrong: dict[str, str]
) -> None:
    assert wrong_fields(quiet_kiosk.post(TICKETS, json=body)) == wrong


def test_a_service_of_another_site_is_unknown_here(office: Office, kiosk: FlaskClient) -> None:
    answer = office.kiosk().post(TICKETS, json={"services": ["nowhere"]})

    assert problem(answer, 422, "unknown_service")["errors"] == [
        {"field": "services", "code": "unknown", "detail": "Diese Angabe kennen wir nicht."}
    ]


def test_more_persons_than_the_service_takes_are_refused(kiosk: FlaskClient) -> None:
    answer = kiosk.post(TICKETS, json={"services": ["kfz"], "persons": 2})

    assert problem(answer, 422, "too_many_persons")["errors"] == [
        {"field": "persons", "code": "too_large", "detail": "Höchstens 1."}
    ]


def test_a_used_up_quota_says_so_and_offers_an_appointment(kiosk: FlaskClient) -> None:
    body = {"services": ["fundbuero"]}
    assert kiosk.post(TICKETS, json=body).status_code == 201

    refusal = problem(kiosk.post(TICKETS, json=body), 409, "not_issuing")

    assert refusal["why"] == "quota" and "Fundsache" in refusal["detail"]
    assert refusal["next_slot"].keys() == {"start", "end"}


def test_a_service_by_appointment_only_says_so(kiosk: FlaskClient) -> None:
    refusal = problem(kiosk.post(TICKETS, json={"services": ["trauung"]}), 409, "not_issuing")

    assert refusal["why"] == "not_walk_in" and "nur mit Termin" in refusal["detail"]


def test_a_closed_office_says_when_it_opens(office: Office) -> None:
    office.clock.pass_time(hours=5)

    answer = office.kiosk("nordend-kiosk").post(f"{API}/sites/nordend/tickets", json=DRAW)

    refusal = problem(answer, 409, "not_issuing")
    assert refusal["why"] == "closed" and "Mo 15.06., 08:00 Uhr" in refusal["detail"]


def test_a_repeated_request_finds_its_ticket_even_after_closing(office: Office) -> None:
    kiosk, key = office.kiosk("nordend-kiosk"), {"Idempotency-Key": "late"}
    first = kiosk.post(f"{API}/sites/nordend/tickets", json=DRAW, headers=key)
    office.clock.pass_time(hours=5)

    again = kiosk.post(f"{API}/sites/nordend/tickets", json=DRAW, headers=key)

    assert (again.status_code, again.json["id"]) == (200, first.json["id"])


def test_a_number_given_back_is_gone_from_the_queue(office: Office, aylin: FlaskClient) -> None:
    token = waiting(office, aylin)["token"]

    answer = office.visitor().delete(f"{API}/tickets/{token}")

    assert answer.json["state"] == "cancelled"
    assert aylin.get(f"{API}/sites/rathaus/queue").json["waiting"] == []


def test_a_number_in_service_can_not_be_given_back(office: Office, aylin: FlaskClient) -> None:
    token = called(office, aylin)["token"]
    aylin.post(f"{API}/counters/schalter-1/arrival", json={})

    problem(office.visitor().delete(f"{API}/tickets/{token}"), 409, "move_refused")


def test_clerks_and_holder_read_which_documents_are_missing(
    office: Office, aylin: FlaskClient
) -> None:
    token = waiting(office, aylin)["token"]

    answer = office.visitor().post(f"{API}/tickets/{token}/documents", json=MISSING)

    queue = aylin.get(f"{API}/sites/rathaus/queue").json
    holder = office.visitor().get(f"{API}/tickets/{token}").json
    assert answer.json["place"] == 1, "the number stands whatever is missing"
    for ticket in (answer.json, holder, queue["waiting"][0]):
        assert ticket["missing"] == ["Wohnungsgeberbestätigung"]


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"missing": "missing"}),
        ({"missing": "Reisepass"}, {"missing": "type"}),
        ({"missing": [""]}, {"missing.0": "too_short"}),
        ({"missing": ["x"] * 51}, {"missing": "too_many"}),
        ({"missing": [*MISSING["missing"], "Alter Ausweis"]}, {"missing.1": "unknown"}),
    ],
)
def test_only_documents_of_the_own_concern_can_be_missing(
    office: Office, aylin: FlaskClient, body: dict[str, object], wrong: dict[str, str]
) -> None:
    token = waiting(office, aylin)["token"]

    answer = office.visitor().post(f"{API}/tickets/{token}/documents", json=body)

    assert wrong_fields(answer) == wrong


def test_in_service_the_clerk_has_seen_the_documents(office: Office, aylin: FlaskClient) -> None:
    token = serving(office, aylin)["token"]

    answer = office.visitor().post(f"{API}/tickets/{token}/documents", json=MISSING)

    problem(answer, 409, "move_refused")


@pytest.mark.parametrize("reason", ["mobility", "small_child", "our_mistake", "emergency", "other"])
def test_precedence_has_a_coded_reason(office: Office, aylin: FlaskClient, reason: str) -> None:
    id = waiting(office, aylin)["id"]

    answer = aylin.post(f"{API}/tickets/{id}/precedence", json={"reason": reason})

    assert (answer.status_code, answer.json["precedence"]) == (200, reason)


def test_any_other_reason_for_precedence_is_refused(office: Office, aylin: FlaskClient) -> None:
    id = waiting(office, aylin)["id"]

    answer = aylin.post(f"{API}/tickets/{id}/precedence", json={"reason": "friend"})

    assert wrong_fields(answer) == {"reason": "unknown"}


def test_a_parked_person_waits_again_where_they_stood(office: Office, aylin: FlaskClient) -> None:
    first = parked(office, aylin)["id"]
    office.clock.pass_time(minutes=1)
    waiting(office, aylin)

    answer = aylin.post(f"{API}/tickets/{first}/resumption", json={})

    assert (answer.json["state"], answer.json["place"]) == ("waiting", 1)


@pytest.mark.parametrize(
    "id", ["0", "-1", "1.0", "999999999999999999999", "%F0%9F%99%82", "x", "¹"]
)
def test_whatever_is_no_ticket_id_is_not_found(quiet_aylin: FlaskClient, id: str) -> None:
    problem(quiet_aylin.post(f"{API}/tickets/{id}/cancellation", json={}), 404, "not_found")
    problem(
        quiet_aylin.post(f"{API}/counters/schalter-1/calls", json={"ticket": id}), 404, "not_found"
    )


def test_a_huge_body_is_refused_before_it_is_read(kiosk: FlaskClient) -> None:
    answer = kiosk.post(TICKETS, data=b" " * 9_000_000, content_type="application/json")

    problem(answer, 413, "too_large")
