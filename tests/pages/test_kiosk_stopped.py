"""No number, but an appointment at once: stopped services at the kiosk, taken in two touches."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.domain.appointment import CANCELLED
from queue_server.domain.hours import Hours
from queue_server.languages.hyphenation import hardened
from queue_server.store import appointments
from tests.api.bookings import furnish
from tests.office import Office
from tests.pages.conftest import inspect_page
from tests.pages.test_kiosk_next_free import NORDEND, online, touch
from tests.pages.test_kiosk_tickets import (
    HOME,
    draw,
    page_of,
    refusal_of,
    words_of,
)
from tests.stopping import fill_the_day, open_by_hand, site_of, stop

__all__ = ["online"]
TAKE = "form[action$='/bookings']"


def fields_of(form) -> dict[str, list[str]]:
    """What the form sends."""
    found: dict[str, list[str]] = {}
    for each in form.select("input"):
        found.setdefault(each["name"], []).append(each["value"])
    return found


def take(kiosk: FlaskClient, page: BeautifulSoup):
    """Touch "Diesen Termin nehmen"."""
    form = page.select_one(TAKE)
    return kiosk.post(form["action"], data=fields_of(form))


def code_on(page: BeautifulSoup) -> str:
    return page.select_one(".booked__code").get_text()


def booked_at(office: Office, kiosk: FlaskClient, visit, service: str = "kfz") -> BeautifulSoup:
    """The page of an appointment that was just taken."""
    stop(office, service)
    return page_of(kiosk, take(kiosk, visit(kiosk, f"{HOME}/appointments/{service}")))


# -- what is offered ---------------------------------------------------------------------------


def test_a_stopped_service_says_so_and_leads_to_its_next_appointment(office: Office, visit):
    stop(office, "kfz")
    kiosk = office.kiosk()

    home = visit(kiosk, HOME)

    off = [hardened(each.get_text(" ", strip=True)) for each in home.select("a.choice-button--off")]
    assert "Bewohnerparkausweis zurzeit keine Nummern: nächster freier Termin" in off
    assert home.select("button[value=meldewesen]"), "others go on"
    said = words_of(touch(kiosk, home, "Bewohnerparkausweis", visit))
    assert "heute keine Wartenummern mehr aus. Grund: Wasserschaden." in said
    assert "Nächster freier Termin Heute, 09:00 Uhr Diesen Termin nehmen" in said


def test_with_everything_stopped_the_kiosk_says_why_and_offers_appointments(office: Office, visit):
    stop(office)
    kiosk = office.kiosk()

    home = visit(kiosk, HOME)

    assert "Heute geben wir keine Wartenummern mehr aus. Grund: Wasserschaden." in words_of(home)
    assert home.select("[name=services]") == []
    assert "Diesen Termin nehmen" in words_of(touch(kiosk, home, "Personalausweis", visit))


def test_stopped_by_the_forecast_it_says_that_too_many_wait(office: Office, visit):
    fill_the_day(office, "meldewesen")

    said = words_of(visit(office.kiosk("nordend-kiosk"), NORDEND))

    assert "Es warten schon so viele Personen, wie wir bis zum Schluss bedienen können." in said


def test_opened_by_hand_shortly_before_closing_the_kiosk_gives_numbers(office: Office, visit):
    office.clock.pass_time(hours=3, minutes=50)
    kiosk = office.kiosk("nordend-kiosk")
    refusal_of(draw(kiosk, "meldewesen", home=NORDEND), 409)

    open_by_hand(office, site="nordend")

    assert visit(kiosk, NORDEND).select("button[value=meldewesen]")
    assert draw(kiosk, "meldewesen", home=NORDEND).status_code == 303


def test_a_number_that_was_stopped_meanwhile_offers_the_appointment_at_once(office: Office):
    stop(office, "kfz")
    kiosk = office.kiosk()

    answer = draw(kiosk, "kfz")

    refusal_of(answer, 409)
    page = BeautifulSoup(answer.text, "html.parser")
    assert "Für ein anderes Anliegen können Sie weiter eine Wartenummer ziehen." in words_of(page)
    assert page_of(kiosk, take(kiosk, page))


def test_where_nothing_is_free_it_says_so_and_gives_nothing_to_touch(office: Office, visit):
    furnish(office, hours=Hours(days=((),) * 7))

    page = visit(office.kiosk(), f"{HOME}/appointments/kfz")

    assert "In den nächsten 42 Tagen ist alles vergeben" in words_of(page)
    assert page.select(TAKE) == []


# -- taking it ---------------------------------------------------------------------------------


def test_the_page_tells_date_code_and_what_to_bring(office: Office, visit):
    page = booked_at(office, office.kiosk(), visit, "ausweise")

    said = words_of(page)
    assert page.h1.get_text() == "Ihr Termin ist gebucht"
    assert "Heute, 09:00 Uhr Personalausweis beantragen" in said
    assert "Digitales Passfoto" in said
    assert len(code_on(page)) == len("K7Q-M4T-XA9")
    assert page.select_one("[role=img] svg")


def test_its_termincode_checks_in_on_that_day(office: Office, visit):
    kiosk = office.kiosk()
    page = booked_at(office, kiosk, visit)
    office.clock.pass_time(minutes=40)

    ticket = page_of(kiosk, kiosk.post(f"{HOME}/check-ins", data={"code": code_on(page)}))

    assert "Ihr Termin: 09:00 Uhr" in words_of(ticket)


def test_a_photo_of_the_code_on_the_screen_checks_in_too(office: Office, visit):
    kiosk = office.kiosk()
    answer = take_kfz(office, kiosk, visit)
    token = answer.location.partition("/bookings/")[2].partition("?")[0]
    office.clock.pass_time(minutes=40)

    scanned = f"http://127.0.0.1:8000/termin/{token}"
    ticket = page_of(kiosk, kiosk.post(f"{HOME}/check-ins", data={"code": scanned}))

    assert "Ihr Termin: 09:00 Uhr" in words_of(ticket)


def take_kfz(office: Office, kiosk: FlaskClient, visit):
    stop(office, "kfz")
    return take(kiosk, visit(kiosk, f"{HOME}/appointments/kfz"))


def test_a_double_touch_is_one_appointment(office: Office, visit):
    kiosk = office.kiosk()
    stop(office, "kfz")
    page = visit(kiosk, f"{HOME}/appointments/kfz")

    first, again = take(kiosk, page), take(kiosk, page)

    assert first.location.partition("?")[0] == again.location.partition("?")[0]


def test_whoever_was_too_slow_gets_the_next_one_offered(office: Office, visit):
    kiosk, other = office.kiosk(), office.kiosk()
    slow = visit(kiosk, f"{HOME}/appointments/trauung")
    for _ in range(2):  # both counters that serve it
        assert take(other, visit(other, f"{HOME}/appointments/trauung")).status_code == 303

    answer = take(kiosk, slow)

    said = refusal_of(answer, 409)
    assert "Jemand anderes war schneller." in said
    assert "Nächster freier Termin Heute, 09:30 Uhr Diesen Termin nehmen" in said


def test_whoever_changes_their_mind_gives_it_back_in_one_touch(office: Office, visit):
    kiosk = office.kiosk()
    page = booked_at(office, kiosk, visit)
    code = code_on(page)

    for _ in range(2):
        gone = page_of(kiosk, kiosk.post(page.select_one("form[action$=cancellation]")["action"]))

    assert "ist abgesagt" in words_of(gone)
    with office.store.snapshot() as snapshot:
        assert appointments.by_code(snapshot, code).state is CANCELLED


def test_another_sites_appointment_is_not_shown_here(office: Office, visit):
    path = take_kfz(office, office.kiosk(), visit).location.partition("?")[0]
    token = path.rpartition("/")[2]

    refusal_of(office.kiosk("nordend-kiosk").get(f"{NORDEND}/bookings/{token}"), 404)


@pytest.mark.parametrize(
    "change",
    [{"start": "morgen"}, {"start": "2026-06-09T09:00:00"}, {"services": "zoll"}, {"persons": "x"}],
)
def test_a_form_that_is_no_page_of_ours_is_refused(office: Office, visit, change):
    kiosk = office.kiosk()
    form = visit(kiosk, f"{HOME}/appointments/kfz").select_one(TAKE)

    refusal_of(kiosk.post(form["action"], data={**fields_of(form), **change}), 422)


def test_a_runaway_kiosk_does_not_empty_the_calendar(office: Office, visit):
    kiosk = office.kiosk()
    start = fields_of(visit(kiosk, f"{HOME}/appointments/kfz").select_one(TAKE))["start"][0]
    day, statuses = int(start[8:10]), set()
    for n in range(61):
        at = f"2026-06-{day + 1 + n // 40:02}T{8 + n % 40 // 4:02}:{n % 4 * 15:02}:00+02:00"
        data = {"services": "kfz", "persons": "1", "start": at}
        statuses.add(kiosk.post(f"{HOME}/bookings", data=data).status_code)

    assert statuses == {303, 429}


# -- paper -------------------------------------------------------------------------------------


def test_taking_it_prints_the_slip_without_another_touch(printing: Office, paper: Path, visit):
    kiosk = printing.kiosk()
    page = page_of(kiosk, take(kiosk, visit(kiosk, f"{HOME}/appointments/ausweise")))

    printed = paper.read_bytes()
    assert code_on(page).encode() in printed
    assert b"Termin: Montag, 8. Juni" in printed, "paper is read on another day"
    assert b"09:00" in printed and b"Digitales Passfoto" in printed
    assert f"/termin#{code_on(page)}".encode() in printed
    assert "Ihr Zettel wird gedruckt" in words_of(page)


def test_the_same_page_again_prints_nothing_more(printing: Office, paper: Path, visit):
    kiosk = printing.kiosk()
    page = visit(kiosk, f"{HOME}/appointments/kfz")
    take(kiosk, page)
    once = paper.read_bytes()

    take(kiosk, page)

    assert paper.read_bytes() == once


def test_a_slip_can_be_had_again(printing: Office, paper: Path, visit):
    kiosk = printing.kiosk()
    page = page_of(kiosk, take(kiosk, visit(kiosk, f"{HOME}/appointments/kfz")))
    once = paper.read_bytes()

    again = page_of(kiosk, kiosk.post(page.select_one("form[action$=slips]")["action"]))

    assert paper.read_bytes() == once * 2
    assert "Ihr Zettel wird gedruckt" in words_of(again)


def test_a_printer_in_trouble_costs_the_paper_and_not_the_appointment(
    printing: Office, paper: Path, visit
):
    paper.mkdir()
    kiosk = printing.kiosk()

    answer = take(kiosk, visit(kiosk, f"{HOME}/appointments/kfz"))
    page = page_of(kiosk, answer)

    assert "Der Drucker ist gestört Ihr Termin gilt trotzdem." in words_of(page)
    assert code_on(page) and page.select("form[action$=slips]") == []
    again = kiosk.post(f"{urlsplit(answer.location).path}/slips")
    inspect_page(BeautifulSoup(again.text, "html.parser"))
    assert again.status_code == 502


def test_the_desk_sees_it_among_the_appointments_of_the_day(office: Office, visit):
    kiosk = office.kiosk()
    booked_at(office, kiosk, visit)

    said = words_of(visit(office.signed_in("Aylin"), "/desk/appointments"))

    assert "09:00 – Bewohnerparkausweis erwartet" in said
    assert site_of(office).service("kfz").name == "Bewohnerparkausweis"
