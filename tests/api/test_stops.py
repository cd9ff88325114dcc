"""Ticket stops over the API: who decided what, and that everybody hears of it."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.endpoints import API, DRAW
from tests.api.problems import problem, wrong_fields
from tests.office import Office
from tests.stopping import fill_the_day

STOPS = f"{API}/sites/rathaus/stops"
STOP = {"mode": "stopped", "reason": "Wasserschaden"}
OPEN = {"mode": "open", "reason": "Hilfe ist da"}
AUTOMATIC = {"mode": "automatic"}


def put(client: FlaskClient, service: str, word: dict[str, str]) -> dict[str, Any]:
    answer = client.put(f"{STOPS}/{service}", json=word)
    assert answer.status_code == 200, answer.text
    return answer.json


def of(stops: dict[str, Any], service: str) -> dict[str, Any]:
    return next(each for each in stops["services"] if each["service"] == service)


def issuing(office: Office) -> tuple[bool, bool, dict[str, bool]]:
    """What outlook and board say, and the outlook of each service."""
    visitor = office.visitor()
    outlook = visitor.get(f"{API}/sites/rathaus/outlook").json
    board = visitor.get(f"{API}/sites/rathaus/board").json
    each = {service["service"]: service["issuing"] for service in outlook["services"]}
    return outlook["issuing"], board["issuing"], each


def test_everything_is_automatic_until_somebody_decides(aylin: FlaskClient) -> None:
    stops = aylin.get(STOPS).json

    assert (stops["issuing"], stops["mode"]) == (True, "automatic")
    assert {each["service"] for each in stops["services"]} == {
        "meldewesen", "ausweise", "kfz", "fundbuero",
    }  # fmt: skip
    assert {each["mode"] for each in stops["services"]} == {"automatic"}


def test_a_stopped_service_gives_no_numbers_and_offers_an_appointment(
    aylin: FlaskClient, kiosk: FlaskClient
) -> None:
    stops = put(aylin, "kfz", STOP)

    assert (of(stops, "kfz")["issuing"], of(stops, "kfz")["mode"]) == (False, "stopped")
    assert of(stops, "meldewesen")["issuing"]
    refused = problem(
        kiosk.post(f"{API}/sites/rathaus/tickets", json={"services": ["kfz"]}), 409, "not_issuing"
    )
    assert (refused["why"], refused["reason"]) == ("stopped", "Wasserschaden")
    assert "„Bewohnerparkausweis“" in refused["detail"]
    assert refused["next_slot"]["start"] == "2026-06-08T09:00:00+02:00"
    assert kiosk.post(f"{API}/sites/rathaus/tickets", json=DRAW).status_code == 201


def test_with_one_service_stopped_the_site_still_issues(office: Office, aylin: FlaskClient) -> None:
    put(aylin, "kfz", STOP)

    outlook, board, each = issuing(office)

    assert (outlook, board) == (True, True)
    assert (each["kfz"], each["meldewesen"], each["trauung"]) == (False, True, False)


def test_with_all_stopped_board_and_outlook_say_so_and_why(
    office: Office, aylin: FlaskClient
) -> None:
    put(aylin, "all", STOP)

    assert issuing(office)[:2] == (False, False)
    board = office.visitor().get(f"{API}/sites/rathaus/board").json
    assert board["not_issuing"]["why"] == "stopped"
    assert board["not_issuing"]["text"] == (
        "Heute geben wir keine Wartenummern mehr aus. Grund: Wasserschaden. "
        "Ab Di 09.06., 00:00 Uhr gibt es wieder Wartenummern."
    )


def test_every_service_stopped_by_itself_closes_the_site_too(
    office: Office, aylin: FlaskClient
) -> None:
    for service in ("meldewesen", "ausweise", "kfz", "fundbuero"):
        put(aylin, service, STOP)

    assert issuing(office)[:2] == (False, False)


def test_opened_by_hand_the_quota_does_not_count(aylin: FlaskClient, kiosk: FlaskClient) -> None:
    body = {"services": ["fundbuero"]}
    assert kiosk.post(f"{API}/sites/rathaus/tickets", json=body).status_code == 201
    assert kiosk.post(f"{API}/sites/rathaus/tickets", json=body).status_code == 409

    put(aylin, "fundbuero", OPEN)

    assert kiosk.post(f"{API}/sites/rathaus/tickets", json=body).status_code == 201


def test_taken_back_everything_is_automatic_again(office: Office, aylin: FlaskClient) -> None:
    put(aylin, "all", STOP)

    stops = put(aylin, "all", AUTOMATIC)

    assert (stops["issuing"], stops["mode"]) == (True, "automatic")
    assert "stop" not in stops
    assert issuing(office)[:2] == (True, True)


def test_the_forecasts_stop_is_told_with_the_end_of_the_work(office: Office) -> None:
    fill_the_day(office, "meldewesen")

    stops = office.signed_in("Clara").get(f"{API}/sites/nordend/stops").json

    (service,) = stops["services"]
    assert (service["mode"], service["stop"]["by"]) == ("automatic", "forecast")
    assert service["stop"]["work_ends_at"] == "2026-06-08T18:00:00+02:00"
    assert stops["not_issuing"]["opens_at"] == "2026-06-15T08:00:00+02:00"


@pytest.mark.parametrize(
    ("word", "wrong"),
    [
        ({"mode": "stopped"}, {"reason": "missing"}),
        ({"mode": "open", "reason": " "}, {"reason": "missing"}),
        ({"mode": "stopped", "reason": "x" * 121}, {"reason": "too_long"}),
        ({"mode": "closed", "reason": "x"}, {"mode": "unknown"}),
        ({}, {"mode": "missing"}),
    ],
)
def test_a_wrong_word_names_its_field(
    quiet_aylin: FlaskClient, word: dict[str, str], wrong: dict[str, str]
) -> None:
    assert wrong_fields(quiet_aylin.put(f"{STOPS}/all", json=word)) == wrong


@pytest.mark.parametrize("service", ["zoll", "trauung"])
def test_what_gives_no_numbers_is_not_found(quiet_aylin: FlaskClient, service: str) -> None:
    problem(quiet_aylin.put(f"{STOPS}/{service}", json=STOP), 404, "not_found")


def test_a_kiosk_does_not_decide(kiosk: FlaskClient) -> None:
    problem(kiosk.put(f"{STOPS}/all", json=STOP), 401, "not_signed_in")
