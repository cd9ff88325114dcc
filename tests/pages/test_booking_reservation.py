"""Booking, holding a time: once for each form, under limits, and kindly refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.domain.appointment import CONFIRMED, RESERVED
from queue_server.domain.codes import new_token
from tests.office import Office, make_office
from tests.pages.booked_days import by_phone
from tests.pages.booking_forms import (
    LATER,
    START,
    VISIT,
    calendar_form,
    confirm,
    found,
    held_cells,
    hold,
    online_config,
    parsed,
    press,
    send_off,
    solved,
    times_address,
    token_of,
    words_of,
)

Visit = Callable[..., BeautifulSoup]
RESERVATION = "/termin/reservation"
# A quarter of an hour in cells of five minutes.
ONE_VISIT = 3


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path, online_config())


@pytest.fixture
def citizen(office: Office) -> FlaskClient:
    return office.visitor()


def reserve(client: FlaskClient, **more: Any) -> Any:
    return client.post(RESERVATION, data=VISIT | {"start": START, "token": new_token()} | more)


def test_the_chosen_time_is_held_for_as_long_as_the_page_says(
    office: Office, citizen: FlaskClient, visit: Visit
) -> None:
    address = hold(citizen)

    page = visit(citizen, address)

    assert found(office, token_of(address)).state is RESERVED
    assert "bis 08:15 Uhr für Sie vorgemerkt" in words_of(page)
    [held] = page.select("[data-held-until]")
    assert held["data-held-until"] == "2026-06-08T06:15:00+00:00"
    assert held["data-now"] == "2026-06-08T06:00:00+00:00"
    assert reserve(office.visitor()).status_code == 303, "the other counter"
    assert reserve(office.visitor()).status_code == 409
    office.clock.pass_time(minutes=14, seconds=59)
    assert reserve(office.visitor()).status_code == 409
    office.clock.pass_time(seconds=1)
    assert "Frist abgelaufen" in words_of(visit(citizen, address))


def test_the_same_form_twice_holds_one_time(office: Office, citizen: FlaskClient) -> None:
    form = calendar_form(citizen)

    answers = [press(citizen, form, start=START) for _ in range(3)]

    assert {answer.headers["Location"] for answer in answers} == {answers[0].headers["Location"]}
    assert held_cells(office) == ONE_VISIT


def test_going_back_and_choosing_another_time_gives_the_first_one_back(
    office: Office, citizen: FlaskClient
) -> None:
    form = calendar_form(citizen)
    first = press(citizen, form, start=START).headers["Location"]
    office.clock.pass_time(minutes=5)

    second = press(citizen, form, start=LATER).headers["Location"]

    assert second == first and held_cells(office) == ONE_VISIT
    held = found(office, token_of(second))
    assert held.start_at.isoformat() == "2026-06-09T09:00:00+00:00"
    assert held.expires_at == office.clock() + timedelta(minutes=15)


def test_changing_the_time_on_the_way_carries_what_is_held(
    office: Office, citizen: FlaskClient, visit: Visit
) -> None:
    address = hold(citizen)
    link = visit(citizen, address).find("a", string=lambda text: bool(text) and "Andere" in text)

    calendar = visit(citizen, str(link["href"]))  # type: ignore[index]
    assert "Vorgemerkt: Dienstag, 9. Juni, 10:00 Uhr" in words_of(calendar)
    [*_, form] = calendar.select("form")
    answer = press(citizen, form, start=LATER)

    assert answer.headers["Location"] != address, "the token of an address opens nothing any more"
    assert citizen.get(address).status_code == 404
    assert held_cells(office) == ONE_VISIT


def test_changing_the_concerns_carries_what_is_held(office: Office, citizen: FlaskClient) -> None:
    token = token_of(hold(citizen))
    page = parsed(citizen.get(f"/termin?site=rathaus&services=meldewesen&token={token}"))
    [form] = page.select("main form")
    documents = parsed(press(citizen, form, services=["meldewesen", "kfz"]))
    onward = documents.select_one("a.button--primary")
    [*_, calendar] = parsed(citizen.get(str(onward["href"]))).select("form")  # type: ignore[index]

    answer = press(citizen, calendar, start=LATER)

    newer = token_of(answer.headers["Location"])
    assert found(office, newer).services == ("meldewesen", "kfz")
    assert held_cells(office) == 5, "25 minutes"


def test_two_tabs_hold_two_times_until_one_of_them_is_left(
    office: Office, citizen: FlaskClient
) -> None:
    one, other = hold(citizen), hold(citizen, LATER)

    assert one != other and held_cells(office) == 2 * ONE_VISIT


def test_a_booking_that_was_sent_off_is_not_changed_by_an_old_form(
    office: Office, citizen: FlaskClient
) -> None:
    form = calendar_form(citizen)
    token = token_of(press(citizen, form, start=START).headers["Location"])
    confirm(office, citizen, token)

    again = token_of(press(citizen, form, start=LATER).headers["Location"])

    assert again != token and found(office, again).state is RESERVED
    assert found(office, token).state is CONFIRMED


def test_a_token_that_has_not_the_shape_of_one_is_not_taken(
    office: Office, citizen: FlaskClient
) -> None:
    for hour, token in enumerate(("", "x", "<script>", "x" * 5000)):
        start = f"2026-06-09T{hour:02d}:00:00+02:00"
        address = reserve(citizen, token=token, start=start).headers["Location"]
        assert token_of(address) != token and found(office, token_of(address)).state is RESERVED


def test_an_expired_token_begins_anew(office: Office, citizen: FlaskClient) -> None:
    form = calendar_form(citizen)
    first = token_of(press(citizen, form, start=START).headers["Location"])
    office.clock.pass_time(minutes=16)

    second = token_of(press(citizen, form, start=LATER).headers["Location"])

    assert second != first and found(office, second).state is RESERVED


def test_a_time_that_has_gone_shows_the_reason_and_what_is_near(
    office: Office, citizen: FlaskClient
) -> None:
    for _ in range(2):
        by_phone(office, "10:00", day="2026-06-09")

    answer = press(citizen, calendar_form(citizen), start=START)
    page = parsed(answer)

    assert answer.status_code == 409
    assert page.title is not None and page.title.get_text().startswith("Fehler: Uhrzeit wählen")
    [link] = page.select(".error-summary a")
    assert "nicht mehr frei" in words_of(link) and page.select_one(str(link["href"])) is not None
    assert "Nahe an Ihrer Wunschzeit" in words_of(page)
    assert [words_of(button) for button in page.select("button[name=start]")] == [
        "Dienstag, 9. Juni, 09:30 Uhr", "Dienstag, 9. Juni, 09:45 Uhr",
        "Dienstag, 9. Juni, 10:15 Uhr",
    ]  # fmt: skip
    assert words_of(page.select_one(".day [aria-current] .place__name")) == "Dienstag, 9. Juni"


def test_without_a_time_the_page_asks_for_one(citizen: FlaskClient) -> None:
    for start in ("", "morgen", "2026-06-09T10:00:00", "0001-01-01T00:00:00+14:00",
                  "9999-12-31T23:59:59+00:00"):  # fmt: skip
        answer = press(citizen, calendar_form(citizen, day="2026-06-10"), start=start)

        assert answer.status_code == 422
        assert "Bitte wählen Sie eine Uhrzeit." in answer.text
        page = parsed(answer)
        assert words_of(page.select_one(".day [aria-current] .place__name")) == "Mittwoch, 10. Juni"


@pytest.mark.parametrize(
    "start",
    ["2026-06-09T10:01:00+02:00", "2026-06-08T07:00:00+02:00", "2026-06-08T08:15:00+02:00",
     "2027-06-10T11:30:00+02:00", "2999-06-10T11:30:00+02:00"],
)  # fmt: skip
def test_only_times_of_the_calendar_are_held(
    office: Office, citizen: FlaskClient, start: str
) -> None:
    assert reserve(citizen, start=start).status_code == 409
    assert held_cells(office) == 0


def test_a_form_with_other_services_than_offered_holds_nothing(
    office: Office, citizen: FlaskClient
) -> None:
    for services in ("nachlass", "archiv", "raumfahrt", ""):
        assert reserve(citizen, services=services).status_code == 422
    assert held_cells(office) == 0


# -- limits ---------------------------------------------------------------------------------


def test_without_a_proof_a_client_may_book_ten_times_an_hour(
    office: Office, citizen: FlaskClient
) -> None:
    hours = [f"2026-06-09T{hour:02d}:00:00+02:00" for hour in range(12)]
    answers = [reserve(citizen, start=start) for start in hours]

    assert [answer.status_code for answer in answers] == [303] * 10 + [429] * 2
    assert "Ohne JavaScript" in answers[-1].text and "6 Minuten" in answers[-1].text
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
