"""Checking in at the kiosk: by typed or scanned Termincode, by picture, and every "no"."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from queue_server.actions import appointments
from queue_server.domain.codes import code_link, new_code
from queue_server.qr import qr_png
from tests.office import HERE, Office
from tests.pages.test_kiosk_tickets import HOME, number_on, office_of, page_of, refusal_of, words_of


@pytest.fixture
def blind(tmp_path: Path) -> Iterator[Office]:
    """An office whose kiosk has no camera."""
    config = (HERE / "office.toml").read_text()
    office = office_of(config.replace('printer = ""', "camera = false"), tmp_path)
    yield office
    office.store.close()


def booked(office: Office, *, minutes: int = 15, site: str = "rathaus"):
    """A confirmed appointment that begins in so many minutes."""
    house = office.app.extensions["aufruf"]
    return appointments.book_by_clerk(
        house.store,
        house.site(site),
        ("meldewesen",),
        office.clock() + timedelta(minutes=minutes),
        persons=1,
        name="Erika Mustermann",
        email="",
        phone="",
        language="de",
        clerk=1,
        people_days=0,
        now=office.clock(),
    )


def scan(office: Office, text: str):
    return office.kiosk().post(f"{HOME}/check-ins", data={"code": text})


def picture(office: Office, data: bytes):
    files = {"image": (io.BytesIO(data), "code.png")}
    return office.kiosk().post(f"{HOME}/check-ins", data=files, content_type="multipart/form-data")


LAYOUTS = {
    "as printed": str,
    "small and spaced": lambda code: code.lower().replace("-", " "),
    "link": lambda code: code_link("https://rathaus.example", code),
    "US scanner on a German system": lambda code: (
        f"httpsÖ--rathaus.example-termin§{code.replace('-', 'ß')}"
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_code_checks_in_however_it_was_scanned(office: Office, layout):
    code = booked(office).code

    page = page_of(office.kiosk(), scan(office, LAYOUTS[layout](code)))

    assert number_on(page) == "M 001"
    assert "Angemeldet für 08:15 Uhr" in words_of(page)


def test_the_same_code_twice_is_the_same_ticket_and_names_nobody(office: Office):
    code = booked(office).code

    first, again = scan(office, code), scan(office, code)

    assert first.location == again.location
    assert "Mustermann" not in office.kiosk().get(first.location).text


def test_a_late_person_is_told_how_it_goes_on(office: Office):
    code = booked(office).code
    office.clock.pass_time(minutes=40)

    said = words_of(page_of(office.kiosk(), scan(office, code)))

    assert "Ihr Termin war um 08:15 Uhr." in said
    assert "als hätten Sie um 08:15 Uhr eine Nummer gezogen" in said


def test_too_early_says_when(office: Office):
    said = refusal_of(scan(office, booked(office, minutes=120).code), 409)

    assert "Ihr Termin ist um 10:00 Uhr. Der Check-in ist ab 09:30 Uhr möglich." in said


def test_another_day_says_which(office: Office):
    said = refusal_of(scan(office, booked(office, minutes=3 * 24 * 60).code), 409)

    assert "Ihr Termin ist am Do 11.06., 08:00 Uhr." in said


def test_another_site_is_named_and_not_by_its_id(office: Office):
    said = refusal_of(scan(office, booked(office, site="nordend").code), 409)

    assert "an einem anderen Standort: Bürgerbüro Nordend." in said
    assert "nordend." not in said


def test_a_cancelled_appointment_leads_to_a_number(office: Office):
    appointment = booked(office)
    appointments.cancel_by_token(office.store, appointment.token, now=office.clock())

    said = refusal_of(scan(office, appointment.code), 410)

    assert "wurde abgesagt" in said
    assert "hier eine Wartenummer ziehen" in said


def test_much_too_late_leads_to_a_number(office: Office):
    code = booked(office).code
    office.clock.pass_time(hours=3)

    assert "Check-in ist leider nicht mehr möglich" in refusal_of(scan(office, code), 410)


@pytest.mark.parametrize("text", ["", "Guten Tag", "K7Q-M4T-XA2", "https://elsewhere.example/x"])
def test_whatever_is_no_code_of_ours_is_refused_on_the_spot(office: Office, text):
    answer = scan(office, text)

    assert "Diesen Termincode kennen wir nicht." in refusal_of(answer, 404)
    page = BeautifulSoup(answer.text, "html.parser")
    typed = page.select_one("#code")
    assert typed["value"] == (text if len(text) <= 11 else "")
    assert typed["aria-invalid"] == "true"


def test_guessing_is_slowed_down(office: Office):
    for _ in range(20):
        assert scan(office, new_code()).status_code == 404

    answer = scan(office, booked(office).code)

    assert "Zu viele Versuche. Bitte warten Sie" in refusal_of(answer, 429)
    assert int(answer.headers["Retry-After"]) > 0


def test_a_picture_of_the_code_checks_in(office: Office):
    link = code_link("https://rathaus.example", booked(office).code)

    page = page_of(office.kiosk(), picture(office, qr_png(link, 6)))

    assert number_on(page) == "M 001"


@pytest.mark.parametrize("data", [b"", b"no picture", qr_png("https://elsewhere.example", 6)])
def test_a_picture_without_a_termincode_says_what_to_do(office: Office, data):
    assert "kein Code zu erkennen" in refusal_of(picture(office, data), 422)


def test_a_picture_that_is_too_large_is_refused_with_a_sentence(office: Office):
    answer = office.kiosk().post(
        f"{HOME}/check-ins",
        data=bytes(9 * 1024 * 1024),
        content_type="multipart/form-data; boundary=x",
    )

    assert "Das Bild ist zu groß." in refusal_of(answer, 413)


def test_the_reader_of_codes_may_use_webassembly_and_no_page_may(office: Office):
    kiosk = office.kiosk()

    worker = kiosk.get("/static/kiosk/qr-worker.js")
    page = kiosk.get(f"{HOME}/check-in")

    worker.close()
    assert worker.mimetype == "text/javascript"
    assert "'wasm-unsafe-eval'" in worker.headers["Content-Security-Policy"]
    assert "'wasm-unsafe-eval'" not in page.headers["Content-Security-Policy"]


def test_a_kiosk_without_camera_speaks_of_none(blind: Office, visit):
    kiosk = blind.kiosk()
    page = visit(kiosk, f"{HOME}/check-in")

    assert page.select("[data-camera], [data-photo], [data-upload]") == []
    assert "Kamera" not in page.main.get_text()
    assert kiosk.get(f"{HOME}/picture").status_code == 404
