"""Booking, holding a time: once for each form, under limits, and kindly refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.domain.appointment import CONFIRMED, RESERVED
from tests.office import Office
from tests.pages.booked_days import by_phone
from tests.pages.booking_forms import (
    LATER,
    ONE_VISIT,
    START,
    calendar_form,
    confirm,
    found,
    held_cells,
    hold,
    parsed,
    press,
    reserve,
    token_of,
    words_of,
)

Visit = Callable[..., BeautifulSoup]


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
