"""How many bookings there may be in an hour, with and without a proof of work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.domain.codes import new_token
from queue_server.languages.words import NO_BREAK
from tests.office import Office, make_office
from tests.pages.booked_days import by_phone
from tests.pages.booking_forms import (
    LATER,
    ONE_VISIT,
    RESERVATION,
    START,
    VISIT,
    calendar_form,
    confirm,
    held_cells,
    online_config,
    parsed,
    press,
    reserve,
    send_off,
    solved,
    times_address,
)

Visit = Callable[..., BeautifulSoup]


def test_without_a_proof_a_client_may_book_ten_times_an_hour(
    office: Office, citizen: FlaskClient
) -> None:
    hours = [f"2026-06-09T{hour:02d}:00:00+02:00" for hour in range(12)]
    answers = [reserve(citizen, start=start) for start in hours]

    assert [answer.status_code for answer in answers] == [303] * 10 + [429] * 2
    told = answers[-1].text.replace(NO_BREAK, " ")
    assert "Ohne JavaScript" in told and "6 Minuten" in told
    assert int(answers[-1].headers["Retry-After"]) <= 360
    assert parsed(answers[-1]).select("input[type=radio]") != [], "the calendar is still there"
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    data = VISIT | {"start": hours[11], "token": new_token()}
    assert citizen.post(RESERVATION, data=data, environ_base=elsewhere).status_code == 303


def test_a_proof_of_work_lifts_the_stricter_limits(office: Office, citizen: FlaskClient) -> None:
    for hour in range(10):
        reserve(citizen, start=f"2026-06-09T{hour:02d}:00:00+02:00")

    answer = reserve(citizen, start="2026-06-09T12:00:00+02:00", proof=solved(citizen))

    assert answer.status_code == 303


def test_a_proof_is_good_once_and_the_page_offers_another_try(
    office: Office, citizen: FlaskClient
) -> None:
    proof = solved(citizen)
    assert reserve(citizen, proof=proof).status_code == 303

    answer = reserve(citizen, proof=proof, start=LATER)

    assert answer.status_code == 403 and "noch einmal" in answer.text
    assert held_cells(office) == ONE_VISIT
    [*_, form] = parsed(answer).select("form")
    assert form["data-proof"] == "/api/v1/challenge?site=rathaus"
    assert press(citizen, form, start=LATER, proof=solved(citizen)).status_code == 303


def test_the_same_form_twice_does_not_mind_its_spent_proof(citizen: FlaskClient) -> None:
    form, proof = calendar_form(citizen), solved(citizen)

    answers = [press(citizen, form, start=START, proof=proof) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]


@pytest.mark.parametrize("proof", ["x", "e30=", "W10=", "A" * 3000])
def test_a_bad_proof_holds_nothing(office: Office, citizen: FlaskClient, proof: str) -> None:
    assert reserve(citizen, proof=proof).status_code == 403
    assert held_cells(office) == 0


def test_a_refused_time_gives_the_proof_back(office: Office, citizen: FlaskClient) -> None:
    for _ in range(2):
        by_phone(office, "10:00", day="2026-06-09")
    proof = solved(citizen)

    assert reserve(citizen, proof=proof).status_code == 409
    assert reserve(citizen, proof=proof, start=LATER).status_code == 303


def test_without_proof_of_work_in_the_settings_nobody_needs_one(
    tmp_path: Path, visit: Visit
) -> None:
    open_house = make_office(
        tmp_path, online_config(("step_minutes = 15", "step_minutes = 15\nproof = false"))
    )
    visitor = open_house.visitor()
    page = visit(visitor, times_address())

    assert page.select("[data-proof]") == [] and "proof.js" not in str(page)
    for hour in range(12):
        assert reserve(visitor, start=f"2026-06-09T{hour:02d}:00:00+02:00").status_code == 303


def test_no_cookie_is_set_on_the_whole_way(office: Office, citizen: FlaskClient) -> None:
    confirm(office, citizen, send_off(citizen))

    assert citizen._cookies == {}
