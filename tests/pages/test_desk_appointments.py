"""The front desk: appointments by phone, check-in by hand, moved and cancelled."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.domain.codes import code_link, parse_code
from queue_server.qr import qr_png, qr_svg
from queue_server.scanning import read_code_texts
from tests.office import Office
from tests.pages.desk_forms import press, said

Visit = Callable[..., BeautifulSoup]
PHONE_CALL = {
    "services": ["meldewesen", "", ""],
    "persons": "2",
    "name": "Erika Mustermann",
    "phone": "0123 456",
    "email": "",
    "day": "2026-06-08",
}


def parsed(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def booked(client: FlaskClient, start: str = "2026-06-08T08:15:00+02:00") -> BeautifulSoup:
    """Book by phone for this start; the page with the Termincode."""
    return press(client, "appointments", **PHONE_CALL, start=start)


def code_on(page: BeautifulSoup) -> str:
    found = page.select_one(".booked .code")
    assert found is not None
    return found.get_text()


def test_free_times_are_buttons_and_no_name_ever_stands_in_an_address(
    office: Office, visit: Visit
) -> None:
    client = office.clerk("Lea")

    empty = visit(client, "/desk/appointments/new")
    page = parsed(client.post("/desk/appointments/times", data=PHONE_CALL))

    assert {form["method"] for form in empty.select("form.booking")} == {"post"}
    times = [button.get_text() for button in page.select("[name=start]")]
    assert times[:3] == ["08:00", "08:15", "08:30"]
    assert page.select_one("#name")["value"] == "Erika Mustermann"
    assert page.select_one("#times-day").get_text(" ", strip=True) == "Frei am Montag, 8. Juni"
    assert len(page.select("[name=other_day]")) == 7


def test_another_day_is_pressed(office: Office) -> None:
    form = PHONE_CALL | {"other_day": "2026-06-10"}

    page = parsed(office.clerk("Lea").post("/desk/appointments/times", data=form))

    assert "Mittwoch, 10. Juni" in page.select_one("#times-day").get_text()
    assert page.select_one("[name=start]")["value"] == "2026-06-10T00:00:00+02:00"


def test_an_appointment_is_booked_by_phone_and_its_code_read_out(
    office: Office, visit: Visit
) -> None:
    client = office.clerk("Lea")

    page = booked(client)
    code = code_on(page)

    assert page.h1.get_text() == "Termin am Montag, 8. Juni, 08:15 Uhr"
    assert parse_code(code) == code
    spelled = page.select_one(".booked__spelled").get_text()
    assert re.fullmatch(r"(\w \w \w) – (\w \w \w) – (\w \w \w)", spelled)
    assert spelled.replace(" ", "").replace("–", "-") == code
    assert "Erika Mustermann" in page.get_text()
    slip = page.select_one(".slip")
    assert "Wohnungsgeberbestätigung" in slip.get_text()
    visit(client, "/desk/appointments/1")


def test_the_codes_picture_is_the_one_that_the_kiosk_reads(office: Office) -> None:
    page = booked(office.clerk("Lea"))

    settings = office.app.extensions["aufruf"].settings
    link = code_link(settings.public_url, code_on(page))
    drawn = page.select_one(".booked__qr svg path:last-child")["d"]
    assert drawn in qr_svg(link)
    assert read_code_texts(qr_png(link, 4)) == [link]


def test_a_taken_time_is_refused_and_the_form_keeps_what_was_said(office: Office) -> None:
    client = office.clerk("Lea")
    start = "2026-06-08T08:15:00+02:00"
    for _ in range(2):
        booked(client, start)

    answer = client.post("/desk/appointments", data={**PHONE_CALL, "start": start})

    page = parsed(answer)
    assert answer.status_code == 422
    assert "nicht mehr frei" in page.select_one(".error-summary").get_text()
    assert page.select_one("#name")["value"] == "Erika Mustermann"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "erika"}, "Bitte prüfen Sie die E-Mail-Adresse"),
        ({"start": "gestern"}, "Bitte prüfen Sie Ihre Angaben."),
        ({"start": "2026-06-08T08:15:00"}, "Bitte prüfen Sie Ihre Angaben."),
        ({"services": ["nix"]}, "wird hier nicht angeboten"),
        ({"persons": "9"}, "Personen für dieses Anliegen"),
    ],
)
def test_what_cannot_be_booked_is_said_in_the_form(
    office: Office, change: dict[str, object], sentence: str
) -> None:
    form = {**PHONE_CALL, "start": "2026-06-08T08:15:00+02:00", **change}

    answer = office.clerk("Lea").post("/desk/appointments", data=form)

    assert answer.status_code == 422
    assert sentence in parsed(answer).select_one(".error-summary").get_text()


def test_without_a_pressed_time_nothing_is_booked(office: Office) -> None:
    client = office.clerk("Lea")

    answer = client.post("/desk/appointments", data=PHONE_CALL)

    assert answer.status_code == 200 and parsed(answer).select("[name=start]")
    assert "Keine Termine an diesem Tag" in client.get("/desk/appointments").text


def test_todays_appointments_stand_with_their_standing(office: Office, visit: Visit) -> None:
    client = office.clerk("Lea")
    for start in ("08:15", "08:30", "10:00"):
        booked(client, f"2026-06-08T{start}:00+02:00")
    press(client, "check-ins", appointment="1")
    office.clock.pass_time(minutes=45)

    rows = visit(client, "/desk/appointments").select("tbody tr")
    tomorrow = visit(client, "/desk/appointments?day=2026-06-09")

    standings = [row.select_one(".badge").get_text() for row in rows]
    assert standings == ["wartet", "verspätet", "erwartet"]
    assert [bool(row.select("form")) for row in rows] == [False, True, True]
    assert "Keine Termine" in tomorrow.get_text()


@pytest.mark.parametrize("spoken", ["{code}", "{lower}", "{blank}"])
def test_a_person_is_checked_in_with_the_typed_code(office: Office, spoken: str) -> None:
    client = office.clerk("Lea")
    code = code_on(booked(client))
    typed = spoken.format(code=code, lower=code.lower(), blank=code.replace("-", " "))

    done = press(client, "check-ins", code=typed)

    assert said(done) == "Angemeldet mit der Nummer M 001."
    row = done.select_one("[data-waiting] tbody tr")
    assert "Termin 08:15" in row.get_text() and "row--booked" in row["class"]


def test_a_check_in_that_is_not_possible_is_said_beside_the_list(office: Office) -> None:
    client = office.clerk("Lea")
    booked(client, "2026-06-08T16:00:00+02:00")

    unknown = client.post("/desk/check-ins", data={"code": "AAA-AAA-AAA"})
    early = client.post("/desk/check-ins", data={"appointment": "1"})
    other = office.clerk("Clara").post("/desk/check-ins", data={"appointment": "1"})

    assert [answer.status_code for answer in (unknown, early, other)] == [422, 422, 422]
    assert "kennen wir nicht" in parsed(unknown).select_one(".error-summary").get_text()
    assert "Der Check-in ist ab 15:30 Uhr möglich" in parsed(early).get_text()
    assert "Das gibt es hier nicht." in other.text


def test_a_booked_person_is_called_by_name_at_the_counter_alone(office: Office) -> None:
    client = office.clerk("Aylin", "schalter-1")
    booked(client)
    press(client, "check-ins", appointment="1")
    office.clock.pass_time(minutes=20)

    page = press(client, "calls", counter="schalter-1")

    person = page.select_one(".person").get_text(" ", strip=True)
    for words in ("Termin 08:15", "Gebucht für Erika Mustermann", "2 Personen", "min gewartet"):
        assert words in person
    for path in ("board", "queue"):
        assert "Mustermann" not in client.get(f"/api/v1/sites/rathaus/{path}").text


def test_an_appointment_is_moved_and_keeps_its_code(office: Office, visit: Visit) -> None:
    client = office.clerk("Lea")
    code = code_on(booked(client))

    visit(client, "/desk/appointments/1/start")
    page = press(client, "appointments/1/start", start="2026-06-08T11:00:00+02:00")
    wrong = client.post("/desk/appointments/1/start", data={"start": "2026-06-07T11:00:00+02:00"})

    assert page.h1.get_text().endswith("11:00 Uhr") and code_on(page) == code
    assert wrong.status_code == 422 and "nicht mehr frei" in wrong.text


def test_an_appointment_is_cancelled_and_cannot_be_used_any_more(
    office: Office, visit: Visit
) -> None:
    client = office.clerk("Lea")
    code = code_on(booked(client))

    page = press(client, "appointments/1/cancellation")
    again = client.post("/desk/appointments/1/cancellation")
    late = client.post("/desk/check-ins", data={"code": code})

    assert page.select_one(".code") is None and "abgesagt" in page.get_text()
    assert again.status_code == 422
    assert "abgesagt" in late.text
    assert visit(client, "/desk/appointments/1").select_one("form[action$=cancellation]") is None


def test_another_sites_appointment_is_unknown(office: Office) -> None:
    booked(office.clerk("Lea"))
    clara = office.clerk("Clara")

    for path in ("appointments/1", "appointments/1/start"):
        assert clara.get(f"/desk/{path}").status_code == 404
    assert clara.post("/desk/appointments/1/cancellation").status_code == 404
    assert "Mustermann" not in clara.get("/desk/appointments?day=2026-06-08").text


@pytest.mark.parametrize("day", ["morgen", "2026-13-01"])
def test_a_day_that_is_none_is_refused(office: Office, day: str) -> None:
    assert office.clerk("Lea").get(f"/desk/appointments?day={day}").status_code == 422


def test_a_day_beyond_the_calendar_is_today(office: Office, visit: Visit) -> None:
    page = visit(office.clerk("Lea"), "/desk/appointments?day=9999-12-31")

    assert page.h1.get_text() == "Termine heute"
