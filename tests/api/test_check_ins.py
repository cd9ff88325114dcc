"""Checking in: every answer that a kiosk may get to a Termincode, typed or pictured."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from queue_server.actions import appointments
from queue_server.qr import qr_png
from tests.api.endpoints import API, START, booked, due
from tests.api.problems import problem, wrong_fields
from tests.office import Office

CHECK_INS = f"{API}/sites/rathaus/check-ins"


def check_in(kiosk: FlaskClient, code: str) -> TestResponse:
    return kiosk.post(CHECK_INS, json={"code": code})


def show(kiosk: FlaskClient, picture: bytes, name: str = "image") -> TestResponse:
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="a.png"\r\n\r\n'
    body = head.encode() + picture + b"\r\n--x--\r\n"
    return kiosk.post(CHECK_INS, data=body, content_type="multipart/form-data; boundary=x")


def test_a_punctual_person_gets_a_ticket_at_check_in(
    office: Office, aylin: FlaskClient, kiosk: FlaskClient
) -> None:
    code = due(office, aylin)["code"]

    answer = check_in(kiosk, code)

    assert answer.status_code == 201
    assert (answer.json["kind"], answer.json["due_at"]) == ("appointment", START)
    assert answer.json["token"] and answer.json["number"] == "M 001"


def test_the_same_scan_twice_is_the_same_ticket(
    office: Office, aylin: FlaskClient, kiosk: FlaskClient
) -> None:
    code = due(office, aylin)["code"]

    first, again = check_in(kiosk, code), check_in(kiosk, code)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["id"] == again.json["id"]


def test_scanning_again_after_the_visit_is_still_the_same_ticket(
    office: Office, aylin: FlaskClient, kiosk: FlaskClient
) -> None:
    code = due(office, aylin)["code"]
    first = check_in(kiosk, code).json
    aylin.post(f"{API}/counters/schalter-1/calls", json={})
    aylin.post(f"{API}/counters/schalter-1/completion", json={})

    again = check_in(kiosk, code)

    assert (again.status_code, again.json["id"]) == (200, first["id"])
    assert again.json["state"] == "served"


@pytest.mark.parametrize(
    "shown", ["{code}", "{lower}", "{bare}", "https://x.example/termin#{code}"]
)
def test_a_code_is_understood_however_it_is_typed(
    office: Office, aylin: FlaskClient, kiosk: FlaskClient, shown: str
) -> None:
    code = due(office, aylin)["code"]
    text = shown.format(code=code, lower=code.lower(), bare=code.replace("-", ""))

    assert check_in(kiosk, text).status_code == 201


@pytest.mark.parametrize("code", ["222-222-222", "x", "' OR 1=1 --", "\N{GRINNING FACE}", "\0"])
def test_an_unknown_code_is_404(kiosk: FlaskClient, code: str) -> None:
    problem(check_in(kiosk, code), 404, "unknown_code")


def test_too_early_says_from_when(office: Office, aylin: FlaskClient, kiosk: FlaskClient) -> None:
    code = booked(office, aylin)["code"]

    refusal = problem(check_in(kiosk, code), 409, "too_early")

    assert "10:00 Uhr" in refusal["detail"] and "09:30 Uhr" in refusal["detail"]


def test_another_day_says_which(office: Office, aylin: FlaskClient, kiosk: FlaskClient) -> None:
    code = booked(office, aylin)["code"]
    office.clock.pass_time(days=-1)

    refusal = problem(check_in(kiosk, code), 409, "other_day")

    assert "Mo 08.06., 10:00 Uhr" in refusal["detail"]


def test_another_site_says_so(office: Office, aylin: FlaskClient) -> None:
    code = due(office, aylin)["code"]

    answer = office.kiosk("nordend-kiosk").post(
        f"{API}/sites/nordend/check-ins", json={"code": code}
    )

    refusal = problem(answer, 409, "other_site")
    assert "Rathaus" in refusal["detail"]


def test_an_appointment_that_was_never_confirmed_is_409(
    office: Office, aylin: FlaskClient, kiosk: FlaskClient
) -> None:
    code = due(office, aylin)["code"]
    _set_state(office, "reserved")

    problem(check_in(kiosk, code), 409, "not_confirmed")


def test_a_cancelled_appointment_is_410(
    office: Office, aylin: FlaskClient, kiosk: FlaskClient
) -> None:
    scene = due(office, aylin)
    office.visitor().delete(f"{API}/appointments/{scene['appointment']}")

    problem(check_in(kiosk, scene["code"]), 410, "cancelled")


def test_a_missed_appointment_is_410_and_says_what_to_do(
    office: Office, aylin: FlaskClient, kiosk: FlaskClient
) -> None:
    code = booked(office, aylin)["code"]
    office.clock.pass_time(hours=9)
    site = office.app.extensions["aufruf"].site("rathaus")
    appointments.mark_missed(office.store, site, now=office.clock())

    refusal = problem(check_in(kiosk, code), 410, "cancelled")

    assert "Wartenummer" in refusal["detail"]


def test_a_late_person_keeps_a_ticket(
    office: Office, aylin: FlaskClient, kiosk: FlaskClient
) -> None:
    code = booked(office, aylin)["code"]
    office.clock.now += timedelta(hours=2, minutes=30)

    assert check_in(kiosk, code).status_code == 201


def test_a_picture_of_the_code_does_too(
    office: Office, aylin: FlaskClient, kiosk: FlaskClient
) -> None:
    code = due(office, aylin)["code"]

    first = show(kiosk, qr_png(f"https://x.example/termin#{code}", 6))
    again = show(kiosk, qr_png(code, 6))

    assert (first.status_code, again.status_code) == (201, 200)


def test_a_large_picture_is_read_whatever_bytes_are_in_it(
    office: Office, aylin: FlaskClient, kiosk: FlaskClient
) -> None:
    # What a phone writes behind its picture (a film of the moment); breaks wherever a block ends.
    picture = qr_png(due(office, aylin)["code"], 6) + b"\r\n" * 200_000

    assert show(kiosk, picture).status_code == 201


def test_a_picture_without_a_code_is_422(kiosk: FlaskClient) -> None:
    problem(show(kiosk, _picture(64, 64)), 422, "no_code_in_image")


def test_a_picture_with_some_other_code_is_422(kiosk: FlaskClient) -> None:
    problem(show(kiosk, qr_png("https://example.org", 6)), 422, "no_code_in_image")


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"<svg/>", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_422(kiosk: FlaskClient, data: bytes) -> None:
    problem(show(kiosk, data), 422, "no_code_in_image")


def test_a_picture_with_too_many_bytes_or_pixels_is_413(kiosk: FlaskClient) -> None:
    problem(show(kiosk, b"\x89PNG" + bytes(9_000_000)), 413, "too_large")
    problem(show(kiosk, _picture(7_100, 7_100)), 413, "too_large")


def test_a_form_without_picture_or_code_names_what_is_missing(kiosk: FlaskClient) -> None:
    wrong = {"image": "missing", "other": "unknown"}

    assert wrong_fields(show(kiosk, b"x", name="other")) == wrong
    assert wrong_fields(kiosk.post(CHECK_INS, json={})) == {"code": "missing"}


def test_a_form_says_which_of_its_fields_is_unknown_like_any_other_body(
    office: Office, aylin: FlaskClient, kiosk: FlaskClient
) -> None:
    code = due(office, aylin)["code"]
    picture = (io.BytesIO(qr_png(code, 6)), "a.png")

    answer = kiosk.post(CHECK_INS, data={"image": picture, "code": code})

    assert wrong_fields(answer) == {"code": "unknown"}
    assert check_in(kiosk, code).status_code == 201


def test_guessing_codes_is_slowed_down_with_a_time_to_wait(
    office: Office, aylin: FlaskClient, kiosk: FlaskClient
) -> None:
    code = due(office, aylin)["code"]
    for _ in range(20):
        problem(check_in(kiosk, "222-222-222"), 404, "unknown_code")

    answer = check_in(kiosk, code)

    problem(answer, 429, "too_many_tries")
    office.clock.pass_time(seconds=int(answer.headers["Retry-After"]))
    assert check_in(kiosk, code).status_code == 201


def _picture(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("1", (width, height), 1).save(file, "PNG")
    return file.getvalue()


def _set_state(office: Office, state: str) -> None:
    facts: dict[str, Any] = {"state": state}
    with office.store.transaction() as tx:
        tx.write("UPDATE appointments SET state = :state", facts)
