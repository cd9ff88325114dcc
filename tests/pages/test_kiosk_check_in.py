"""Checking in at the kiosk: by typed or scanned Termincode, by picture, and every "no"."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.actions import appointments
from queue_server.domain.codes import code_link, new_code
from queue_server.qr import qr_png
from tests.office import HERE, Office
from tests.pages.test_kiosk_tickets import (
    HOME,
    draw,
    number_on,
    office_of,
    page_of,
    refusal_of,
    words_of,
)


@pytest.fixture
def blind(tmp_path: Path) -> Iterator[Office]:
    """An office whose kiosk has no camera."""
    config = (HERE / "office.toml").read_text()
    office = office_of(config.replace('printer = ""', "camera = false"), tmp_path)
    yield office
    office.store.close()


def booked(
    office: Office, *services: str, minutes: int = 15, site: str = "rathaus", persons: int = 1
):
    """A confirmed appointment that begins in so many minutes."""
    context = office.app.extensions["aufruf"]
    return appointments.book_by_clerk(
        context.store,
        context.site(site),
        services or ("meldewesen",),
        office.clock() + timedelta(minutes=minutes),
        persons=persons,
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


def frame(kiosk: FlaskClient, data: bytes):
    """What the camera sends of itself when it can't read a code."""
    files = {"image": (io.BytesIO(data), "code.jpg")}
    return kiosk.post(f"{HOME}/frames", data=files, content_type="multipart/form-data")


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
    assert "Ihr Termin: 08:15 Uhr" in words_of(page)


def test_the_same_code_twice_is_the_same_ticket_and_names_nobody(office: Office):
    code = booked(office).code

    first, again = scan(office, code), scan(office, code)

    assert first.location == again.location
    assert "Mustermann" not in office.kiosk().get(first.location).text


def test_a_late_person_is_told_how_it_goes_on(office: Office):
    code = booked(office).code
    office.clock.pass_time(minutes=40)

    said = words_of(page_of(office.kiosk(), scan(office, code)))

    assert "Schön, dass Sie da sind. Ihr Termin war um 08:15 Uhr." in said
    assert "als hätten Sie um 08:15 Uhr eine Nummer gezogen" in said


def test_whoever_comes_back_is_told_the_number_they_have(office: Office):
    code = booked(office).code
    scan(office, code)
    office.clock.pass_time(minutes=5)

    page = page_of(office.kiosk(), scan(office, code))

    assert "Sie sind schon angemeldet: M 001" in words_of(page)
    assert number_on(page) == "M 001"


def test_the_code_on_a_slip_leads_to_the_own_number(office: Office):
    kiosk = office.kiosk()
    token = draw(kiosk, "meldewesen").location.rpartition("/")[2]

    page = page_of(kiosk, scan(office, f"https://rathaus.example/t/{token}"))

    assert "Sie haben schon eine Nummer: M 001" in words_of(page)


def test_the_slip_of_another_site_is_none_here(office: Office):
    kiosk = office.kiosk()
    token = draw(kiosk, "meldewesen").location.rpartition("/")[2]
    body = {"code": f"https://rathaus.example/t/{token}"}

    answer = office.kiosk("nordend-kiosk").post("/kiosk/nordend-kiosk/check-ins", data=body)

    assert "Das ist kein Termincode von uns." in refusal_of(answer, 404)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Diesen Termincode kennen wir nicht."),
        ("?!", "Diesen Termincode kennen wir nicht."),
        ("K7Q-M4T-XA2", "Diesen Termincode kennen wir nicht."),
        ("https://elsewhere.example/x", "Das ist kein Termincode von uns."),
        ("WIFI:T:WPA;S:Gast;P:geheim;;", "Das ist kein Termincode von uns."),
    ],
)
def test_whatever_is_no_code_of_ours_is_refused_on_the_spot(office: Office, text, said):
    answer = scan(office, text)

    assert said in refusal_of(answer, 404)
    page = BeautifulSoup(answer.text, "html.parser")
    typed = page.select_one("#code")
    assert typed["value"] == (text if len(text) <= 11 else "")
    assert typed["aria-invalid"] == "true"


def test_guessing_is_slowed_down(office: Office):
    kiosk = office.kiosk()
    for _ in range(20):
        assert kiosk.post(f"{HOME}/check-ins", data={"code": new_code()}).status_code == 404

    answer = kiosk.post(f"{HOME}/check-ins", data={"code": booked(office).code})

    assert "Zu viele Versuche. Bitte warten Sie" in refusal_of(answer, 429)
    assert int(answer.headers["Retry-After"]) > 0


def test_a_picture_of_the_code_checks_in(office: Office):
    link = code_link("https://rathaus.example", booked(office).code)

    page = page_of(office.kiosk(), picture(office, qr_png(link, 6)))

    assert number_on(page) == "M 001"


@pytest.mark.parametrize("data", [b"", b"no picture", qr_png("https://elsewhere.example", 6)])
def test_a_picture_without_a_termincode_says_what_to_do(office: Office, data):
    assert "kein Code zu erkennen" in refusal_of(picture(office, data), 422)


# -- frames that the kiosk's own camera could not read -----------------------------------------


def test_a_frame_checks_in_as_a_picture_does(office: Office):
    link = code_link("https://rathaus.example", booked(office).code)

    page = page_of(office.kiosk(), frame(office.kiosk(), qr_png(link, 6)))

    assert number_on(page) == "M 001"


def test_a_frame_with_a_code_that_is_refused_says_why(office: Office):
    link = code_link("https://rathaus.example", booked(office, minutes=120).code)

    assert "ab 09:30 Uhr möglich" in refusal_of(frame(office.kiosk(), qr_png(link, 6)), 409)


@pytest.mark.parametrize("data", [b"", b"no picture", qr_png("https://elsewhere.example", 6)])
def test_a_frame_without_a_termincode_is_nothing_to_speak_of(office: Office, data):
    answer = frame(office.kiosk(), data)

    assert (answer.status_code, answer.data) == (204, b"")


def test_a_kiosk_that_sends_frame_after_frame_is_not_read_for_a_while(office: Office):
    kiosk = office.kiosk()
    for _ in range(60):
        frame(kiosk, b"no picture")
    link = qr_png(code_link("https://rathaus.example", booked(office).code), 6)

    assert frame(kiosk, link).status_code == 204
    office.clock.pass_time(minutes=1)
    assert frame(kiosk, link).status_code == 303


def test_frames_are_only_taken_from_the_kiosk_itself(office: Office):
    for client in (office.visitor(), office.kiosk("nordend-kiosk")):
        assert frame(client, b"x").status_code in (401, 403)


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
