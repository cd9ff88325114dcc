"""The front desk: numbers for people who ask, appointments by phone, check-in by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.domain.codes import code_link, parse_code
from queue_server.domain.ticket import TicketState
from queue_server.scanning import read_code_texts
from queue_server.web.qr import qr_png, qr_svg
from tests.office import Office
from tests.pages.desk_forms import alert, draw, press, said, state_of

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


# -- numbers ---------------------------------------------------------------------------------


def test_a_number_is_issued_with_precedence_in_one_form(office: Office, visit: Visit) -> None:
    client = office.clerk("Lea")
    draw(office, "meldewesen")

    visit(client, "/desk/tickets/new")
    slip = press(client, "tickets", services=["meldewesen"], persons="3", reason="mobility")
    row = parsed(client.get("/desk")).select_one("[data-waiting] tbody tr")

    assert slip.select_one(".slip__number").get_text() == "M 002"
    assert "Niemand ist vorher dran." in slip.get_text()
    assert "Eingeschränkte Mobilität" in slip.get_text()
    assert row.th.get_text() == "M 002" and "(3 Personen)" in row.get_text()


def test_the_slip_of_a_number_carries_the_way_to_follow_it(office: Office) -> None:
    client = office.clerk("Lea")

    slip = press(client, "tickets", services=["meldewesen"], persons="1")

    with office.store.snapshot() as snapshot:
        token = snapshot.row("SELECT token FROM tickets")["token"]
    settings = office.app.extensions["aufruf"].settings
    assert qr_svg(f"{settings.public_url}/t/{token}").split("d=")[-1][:40] in str(slip)


def test_the_same_form_sent_twice_is_one_number(office: Office) -> None:
    client = office.clerk("Lea")
    form = {"services": ["meldewesen"], "persons": "1", "key": "the-form"}

    pages = [press(client, "tickets", **form) for _ in range(2)]

    assert {page.h1.get_text() for page in pages} == {"Nummer M 001"}


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"services": ["trauung"], "persons": "1"}, "nur mit Termin möglich"),
        ({"services": ["meldewesen"], "persons": "9"}, "höchstens 5 Personen"),
        ({"services": [""], "persons": "1"}, "Bitte prüfen Sie Ihre Angaben."),
        ({"services": ["nix"], "persons": "1"}, "wird hier nicht angeboten"),
        ({"services": ["meldewesen"], "persons": "zwei"}, "Bitte prüfen Sie Ihre Angaben."),
        ({"services": ["meldewesen"], "persons": "1", "language": "xx"}, "Bitte prüfen Sie"),
    ],
)
def test_a_number_that_may_not_be_issued_is_refused_in_the_form(
    office: Office, form: dict[str, object], sentence: str
) -> None:
    answer = office.clerk("Lea").post("/desk/tickets", data=form)

    page = parsed(answer)
    assert answer.status_code == 422
    assert sentence in page.select_one(".error-summary").get_text()
    assert page.title.get_text().startswith("Fehler: Nummer ausgeben")


def test_precedence_needs_a_reason_and_the_reason_is_seen_by_clerks_alone(
    office: Office, visit: Visit
) -> None:
    client = office.clerk("Aylin", "schalter-1")
    draw(office, "meldewesen")

    none = client.post("/desk/tickets/1/precedence", data={"reason": ""})
    wrong = client.post("/desk/tickets/1/precedence", data={"reason": "rich"})
    done = press(client, "tickets/1/precedence", reason="emergency")

    assert (none.status_code, wrong.status_code) == (422, 422)
    assert said(done) == "M 001 hat jetzt Vorrang."
    assert "Notfall" in visit(client, "/desk/tickets/1").get_text()
    board = office.visitor().get("/api/v1/sites/rathaus/board").text
    assert "emergency" not in board and "Notfall" not in board


def test_a_number_is_withdrawn(office: Office, visit: Visit) -> None:
    client = office.clerk("Aylin")
    draw(office, "meldewesen")

    page = visit(client, "/desk/tickets/1")
    done = press(client, "tickets/1/cancellation")
    again = client.post("/desk/tickets/1/cancellation")

    assert page.select_one("details form[action$=cancellation]") is not None
    assert said(done) == "M 001 ist zurückgezogen."
    assert state_of(office, 1) is TicketState.CANCELLED
    assert again.status_code == 409 and "abgemeldet" in alert(again)
    assert "Dieser Besuch ist beendet." in visit(client, "/desk/tickets/1").get_text()


# -- appointments ----------------------------------------------------------------------------


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
    assert len(page.select("[name=other_day]")) == 6


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
        ({"persons": "9"}, "höchstens 5 Personen"),
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
    assert standings == ["angemeldet", "verspätet", "erwartet"]
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
    assert "Der Check-in ist ab 15:30 Uhr möglich" in early.text
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

    assert page.select_one(".code") is None and "abgemeldet" in page.get_text()
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


def test_the_desk_survives_a_service_that_config_no_longer_has(
    office: Office, visit: Visit
) -> None:
    client = office.clerk("Aylin", "schalter-1")
    draw(office, "meldewesen")
    with office.store.transaction() as tx:
        tx.write("""UPDATE tickets SET services = '["gone"]', service = 'gone'""")
    office.clock.now += timedelta(minutes=1)

    page = visit(client, "/desk")

    assert "gone" in page.select_one("[data-waiting] tbody tr").get_text()
