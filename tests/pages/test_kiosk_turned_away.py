"""Checking in was refused: each case says why in its own words, and every page has a way on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from queue_server.actions import appointments, booking, confirming
from queue_server.actions.housekeeping import tidy_site
from tests.office import Office
from tests.pages.test_kiosk_check_in import booked, scan
from tests.pages.test_kiosk_tickets import HOME, number_on, page_of, refusal_of

DAY = 24 * 60


def page_after(office: Office, code: str) -> BeautifulSoup:
    return BeautifulSoup(scan(office, code).text, "html.parser")


def cancelled(office: Office, **more):
    appointment = booked(office, **more)
    site = office.app.extensions["aufruf"].site(appointment.site)
    return appointments.cancel_by_token(office.store, site, appointment.token, now=office.clock())


def unconfirmed(office: Office):
    """A citizen has filled in the form and has not opened the link in the e-mail."""
    site = office.app.extensions["aufruf"].site("rathaus")
    return booking.book(
        office.store,
        site,
        ("meldewesen",),
        office.clock() + timedelta(minutes=75),
        email="erika@example.org",
        now=office.clock(),
    )


def draw_instead(office: Office, page: BeautifulSoup) -> BeautifulSoup:
    """Press the button that such a page offers."""
    form = page.select_one(f"form[action='{HOME}/tickets']")
    fields = [(field["name"], field["value"]) for field in form.select("input")]
    kiosk = office.kiosk()
    data = {name: [value for key, value in fields if key == name] for name, _ in fields}
    return page_of(kiosk, kiosk.post(form["action"], data=data))


# -- too early ---------------------------------------------------------------------------------


def test_too_early_says_from_when_and_how_long_still(office: Office):
    said = refusal_of(scan(office, booked(office, minutes=120).code), 409)

    assert "Ihr Termin ist um 10:00 Uhr." in said
    assert "Der Check-in ist ab 09:30 Uhr möglich, also in 1 Std. 30 Min." in said
    assert "Nehmen Sie gern Platz" in said


def test_from_that_very_minute_on_it_works(office: Office):
    code = booked(office, minutes=60).code
    office.clock.pass_time(minutes=29)
    assert "also in 1 Minute." in refusal_of(scan(office, code), 409)

    office.clock.pass_time(minutes=1)

    assert scan(office, code).status_code == 303


def test_whoever_would_be_sooner_without_the_appointment_is_told_and_may(office: Office):
    office.clerk("Aylin", "schalter-1")
    code = booked(office, minutes=120).code

    assert "ziehen Sie jetzt eine Wartenummer" in refusal_of(scan(office, code), 409)
    assert number_on(draw_instead(office, page_after(office, code))) == "M 001"


def test_whoever_would_not_be_sooner_is_not_tempted(office: Office):
    page = page_after(office, booked(office, minutes=120).code)

    assert page.select("form") == [], "no counter is open: nobody knows how long it would take"


# -- another place, another day ----------------------------------------------------------------


def test_another_site_is_named_with_its_address(office: Office):
    code = booked(office, minutes=3 * DAY).code

    answer = office.kiosk("nordend-kiosk").post(
        "/kiosk/nordend-kiosk/check-ins", data={"code": code}
    )

    said = refusal_of(answer, 409)
    assert "Ihr Termin ist am Donnerstag, 11. Juni, um 08:00 Uhr an einem anderen Standort" in said
    assert "Rathaus Marktplatz 1, 12345 Musterstadt" in said


def test_a_site_without_an_address_is_named_and_not_by_its_id(office: Office):
    said = refusal_of(scan(office, booked(office, site="nordend").code), 409)

    assert "Bürgerbüro Nordend" in said
    assert "nordend." not in said


def test_nobody_crosses_the_town_for_an_appointment_that_was_cancelled(office: Office):
    said = refusal_of(scan(office, cancelled(office, site="nordend").code), 410)

    assert "wurde abgesagt" in said
    assert "anderen Standort" not in said


def test_another_day_says_which_and_lets_those_in_a_hurry_draw(office: Office):
    code = booked(office, minutes=3 * DAY).code

    said = refusal_of(scan(office, code), 409)

    assert "Ihr Termin ist am Donnerstag, 11. Juni, um 08:00 Uhr." in said
    assert number_on(draw_instead(office, page_after(office, code))) == "M 001"


def test_a_day_that_has_passed_is_not_announced_as_one_to_come(office: Office):
    code = booked(office).code
    office.clock.pass_time(days=1)

    said = refusal_of(scan(office, code), 409)

    assert "Ihr Termin war am Montag, 8. Juni, um 08:15 Uhr." in said
    assert "kommen Sie an diesem Tag wieder" not in said


# -- an appointment that is none ---------------------------------------------------------------


def test_a_cancelled_appointment_leads_to_a_number_in_one_touch(office: Office):
    code = cancelled(office, persons=2).code

    assert "Der Termin um 08:15 Uhr wurde abgesagt." in refusal_of(scan(office, code), 410)
    assert number_on(draw_instead(office, page_after(office, code))) == "M 001"
    waiting = office.clerk("Aylin").get("/api/v1/sites/rathaus/queue").json["waiting"]
    assert [(t["services"], t["persons"]) for t in waiting] == [(["meldewesen"], 2)]


def test_much_too_late_leads_to_a_number(office: Office):
    code = booked(office).code
    office.clock.pass_time(hours=3)

    said = refusal_of(scan(office, code), 410)

    assert "Ihr Termin war um 08:15 Uhr." in said
    assert "Check-in leider nicht mehr möglich" in said
    assert "Ziehen Sie eine Wartenummer" in said


def test_an_unconfirmed_appointment_can_be_confirmed_on_the_spot(office: Office):
    appointment = unconfirmed(office)
    code = appointment.code
    page = page_after(office, code)

    said = refusal_of(scan(office, code), 409)
    assert "ist noch nicht bestätigt" in said
    assert "unsere E-Mail" in said
    assert page.select_one(f".button--primary[href='{HOME}/check-in']")

    confirming.confirm(
        office.store,
        appointment.token,
        appointment.confirmation_key,
        people_days=0,
        now=office.clock(),
    )
    office.clock.pass_time(minutes=50)

    assert scan(office, code).status_code == 303


@pytest.mark.parametrize("is_tidied", [False, True])
def test_an_expired_booking_says_so_from_its_last_second_on(office: Office, is_tidied):
    code = unconfirmed(office).code
    office.clock.pass_time(minutes=60)
    if is_tidied:
        site = office.app.extensions["aufruf"].site("rathaus")
        tidy_site(office.store, site, now=office.clock())

    said = refusal_of(scan(office, code), 410 if is_tidied else 409)

    assert "wurde nicht rechtzeitig bestätigt" in said
    assert "Ziehen Sie eine Wartenummer" in said


def test_nobody_is_named_whatever_is_refused(office: Office):
    for code in (booked(office, minutes=3 * DAY).code, cancelled(office).code):
        assert "Mustermann" not in scan(office, code).text
