"""Opening, calling, and the ways a visit ends, as other clients see them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.api.endpoints import API, DRAW, called, serving, waiting
from tests.api.problems import problem, wrong_fields
from tests.office import Office

HERE = f"{API}/counters/schalter-1"


def test_nobody_waits_is_204_without_a_body(aylin: FlaskClient) -> None:
    answer = aylin.post(f"{HERE}/calls", json={})

    assert (answer.status_code, answer.data) == (204, b"")


def test_a_call_may_come_without_any_body(office: Office, aylin: FlaskClient) -> None:
    waiting(office, aylin)

    assert aylin.post(f"{HERE}/calls").status_code == 200


def test_nobody_suitable_waits_is_204_too(office: Office, aylin: FlaskClient) -> None:
    waiting(office, aylin)
    bernd = office.signed_in("Bernd", "schalter-2")

    assert bernd.post(f"{API}/counters/schalter-2/calls", json={}).status_code == 204


def test_a_second_call_names_who_is_still_here(office: Office, aylin: FlaskClient) -> None:
    called(office, aylin)

    refusal = problem(aylin.post(f"{HERE}/calls", json={}), 409, "busy_with")

    assert "M 001" in refusal["detail"]


def test_busy_is_said_even_when_nobody_waits(office: Office, aylin: FlaskClient) -> None:
    serving(office, aylin)

    problem(aylin.post(f"{HERE}/calls", json={}), 409, "busy_with")


def test_a_chosen_ticket_is_called_with_its_reason(office: Office, aylin: FlaskClient) -> None:
    waiting(office, aylin)
    second = waiting(office, aylin)["id"]

    call = aylin.post(f"{HERE}/calls", json={"ticket": second}).json

    assert (call["ticket"]["id"], call["reason"]["code"]) == (second, "chosen")


def test_a_counter_that_is_not_open_calls_nobody(office: Office, aylin: FlaskClient) -> None:
    waiting(office, aylin)
    lea = office.signed_in("Lea")

    problem(lea.post(f"{API}/counters/schalter-3/calls", json={}), 409, "counter_closed")


def test_a_colleagues_counter_can_not_be_used(office: Office, aylin: FlaskClient) -> None:
    called(office, aylin)
    bernd = office.signed_in("Bernd")

    problem(bernd.put(f"{HERE}/session", json={}), 409, "counter_taken")
    problem(bernd.post(f"{HERE}/arrival", json={}), 409, "counter_closed")
    problem(bernd.delete(f"{HERE}/session"), 409, "counter_closed")


def test_a_counter_with_somebody_at_it_does_not_close(office: Office, aylin: FlaskClient) -> None:
    called(office, aylin)

    problem(aylin.delete(f"{HERE}/session"), 409, "busy_with")


def test_an_unknown_service_is_refused_at_opening(aylin: FlaskClient) -> None:
    answer = aylin.put(f"{HERE}/session", json={"services": ["nowhere"]})

    problem(answer, 422, "unknown_service")


@pytest.mark.parametrize(
    "verb", ["recall", "arrival", "completion", "no-show", "parking", "release"]
)
def test_with_nobody_at_the_counter_there_is_nothing_to_do(aylin: FlaskClient, verb: str) -> None:
    problem(aylin.post(f"{HERE}/{verb}", json={}), 409, "nobody_here")


@pytest.mark.parametrize(
    ("verb", "state"),
    [
        ("arrival", "serving"),
        ("no-show", "no_show"),
        ("parking", "parked"),
        ("release", "waiting"),
        ("completion", "served"),
    ],
)
def test_each_verb_leads_to_its_state(
    office: Office, aylin: FlaskClient, verb: str, state: str
) -> None:
    called(office, aylin)

    assert aylin.post(f"{HERE}/{verb}", json={}).json["state"] == state


def test_a_visit_may_end_with_documents_missing(office: Office, aylin: FlaskClient) -> None:
    serving(office, aylin)

    answer = aylin.post(
        f"{HERE}/completion",
        json={"outcome": "documents_missing", "missing": ["Personalausweis oder Reisepass"]},
    )

    assert answer.json["state"] == "served"


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"outcome": "gone"}, {"outcome": "unknown"}),
        ({"missing": [""]}, {"missing.0": "too_short"}),
        ({"missing": ["x" * 301]}, {"missing.0": "too_long"}),
        ({"missing": ["x"] * 21}, {"missing": "too_many"}),
    ],
)
def test_an_unknown_outcome_names_itself(
    office: Office, aylin: FlaskClient, body: dict[str, object], wrong: dict[str, str]
) -> None:
    serving(office, aylin)

    assert wrong_fields(aylin.post(f"{HERE}/completion", json=body)) == wrong


def test_a_transfer_keeps_number_and_waiting_since(office: Office, aylin: FlaskClient) -> None:
    before = aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW).json
    aylin.post(f"{HERE}/calls", json={})
    office.clock.pass_time(minutes=5)

    after = aylin.post(f"{HERE}/transfer", json={"services": ["ausweise"]}).json

    assert (after["number"], after["issued_at"]) == (before["number"], before["issued_at"])
    assert (after["state"], after["services"]) == ("waiting", ["ausweise"])


def test_a_transfer_to_a_counter_is_called_only_there(office: Office, aylin: FlaskClient) -> None:
    called(office, aylin)
    lea = office.signed_in("Lea", "schalter-3")

    aylin.post(f"{HERE}/transfer", json={"counter": "schalter-3"})

    assert aylin.post(f"{HERE}/calls", json={}).status_code == 204
    assert lea.post(f"{API}/counters/schalter-3/calls", json={}).status_code == 200


def test_a_ticket_bound_to_a_colleague_can_not_be_chosen(
    office: Office, aylin: FlaskClient
) -> None:
    id = called(office, aylin)["id"]
    office.signed_in("Lea", "schalter-3")
    aylin.post(f"{HERE}/transfer", json={"counter": "schalter-3"})

    refusal = problem(aylin.post(f"{HERE}/calls", json={"ticket": id}), 409, "bound_elsewhere")

    assert "Schalter 3" in refusal["detail"]


@pytest.mark.parametrize("body", [{}, {"services": []}])
def test_a_transfer_to_nowhere_names_what_is_missing(
    office: Office, aylin: FlaskClient, body: dict[str, object]
) -> None:
    called(office, aylin)

    assert wrong_fields(aylin.post(f"{HERE}/transfer", json=body)) == {"services": "missing"}


def test_a_transfer_to_another_sites_counter_is_not_found(
    office: Office, aylin: FlaskClient
) -> None:
    called(office, aylin)

    answer = aylin.post(f"{HERE}/transfer", json={"counter": "nordend-1"})

    (error,) = problem(answer, 404, "not_found")["errors"]
    assert (error["field"], error["code"]) == ("counter", "unknown")


@pytest.mark.parametrize("ticket", ["999999", "M 042", ""])
def test_a_call_of_a_ticket_that_is_not_here_names_the_field(
    office: Office, aylin: FlaskClient, ticket: str
) -> None:
    (error,) = problem(aylin.post(f"{HERE}/calls", json={"ticket": ticket}), 404, "not_found")[
        "errors"
    ]

    assert (error["field"], error["code"]) == ("ticket", "unknown")


def test_a_counter_in_the_address_that_is_not_here_names_no_field(
    office: Office, aylin: FlaskClient
) -> None:
    for wish in ("calls", {"ticket": "999999"}), ("transfer", {"counter": "schalter-3"}):
        answer = aylin.post(f"{API}/counters/nowhere/{wish[0]}", json=wish[1])

        assert "errors" not in problem(answer, 404, "not_found")
