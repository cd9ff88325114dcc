"""Pairing kiosks and displays: a code works once, a token can be taken back."""

from __future__ import annotations

import json

import pytest

from queue_server.actions import staff
from tests.api.problems import problem, wrong_fields
from tests.office import Office

TICKETS = "/api/v1/sites/rathaus/tickets"
DRAW = {"services": ["kfz"]}


def code_for(office: Office, role: str = "kiosk", place: str = "eingang") -> str:
    return staff.expect_device(office.store, role, "rathaus", place, now=office.clock())


def test_pairing_tells_a_program_its_token_and_place(office: Office) -> None:
    answer = office.visitor().post("/devices/pair", json={"code": code_for(office)})

    assert answer.json.keys() == {"token", "role", "site", "place"}
    assert (answer.json["role"], answer.json["site"], answer.json["place"]) == (
        "kiosk", "rathaus", "eingang",
    )  # fmt: skip


def test_the_device_cookie_is_long_lived_and_out_of_reach_for_scripts(office: Office) -> None:
    cookie = (
        office.visitor()
        .post("/devices/pair", json={"code": code_for(office)})
        .headers["Set-Cookie"]
    )

    assert cookie.startswith("aufruf_device=")
    assert all(flag in cookie for flag in ("HttpOnly", "SameSite=Lax", "Max-Age=34560000"))


@pytest.mark.parametrize(("role", "place"), [("kiosk", "eingang"), ("display", "wand")])
def test_a_screen_stays_paired_for_as_long_as_it_is_used(
    office: Office, role: str, place: str
) -> None:
    screen, path = office.device(role, place), f"/{role}/{place}"
    paired = screen.get_cookie("aufruf_device")

    renewed = screen.get(path).headers.get_all("Set-Cookie")

    # Browsers forget every cookie after 400 days.
    assert len(renewed) == 1 and paired and "Max-Age=34560000" in renewed[0]
    assert renewed[0].startswith(f"aufruf_device={paired.value};")
    assert "Set-Cookie" not in office.visitor().get(path).headers


def test_a_device_may_show_its_token_as_bearer(office: Office) -> None:
    token = office.visitor().post("/devices/pair", json={"code": code_for(office)}).json["token"]

    def draw(value: str) -> int:
        headers = {"Authorization": value}
        return office.visitor().post(TICKETS, json=DRAW, headers=headers).status_code

    assert [draw(f"Bearer {token}"), draw(f"bearer  {token} ")] == [201, 201]
    assert [draw("Bearer wrong"), draw("Bearer"), draw(token), draw(f"Basic {token}")] == [401] * 4


def test_a_pairing_code_works_once_only(office: Office) -> None:
    code = code_for(office)
    assert office.visitor().post("/devices/pair", json={"code": code}).status_code == 200

    answer = office.visitor().post("/devices/pair", json={"code": code})

    problem(answer, 403, "bad_pairing_code")
    assert "Set-Cookie" not in answer.headers


def test_a_person_types_the_code_and_lands_on_the_kiosk(office: Office) -> None:
    code = code_for(office).lower().replace("-", " ")

    answer = office.visitor().post("/devices/pair", data={"code": code})

    assert (answer.status_code, answer.location) == (303, "/kiosk/eingang")


def test_a_wrong_code_gives_the_form_back(office: Office) -> None:
    answer = office.visitor().post("/devices/pair", data={"code": "<b>222"})

    assert answer.status_code == 401
    assert "Kopplungscode" in answer.text and "<b>222" not in answer.text


@pytest.mark.parametrize("body", [{"code": ""}, {"code": "\ud800"}])
def test_nonsense_is_no_pairing_code(office: Office, body: object) -> None:
    answer = office.visitor().post(
        "/devices/pair", data=json.dumps(body), content_type="application/json"
    )

    problem(answer, 403, "bad_pairing_code")


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"code": "missing"}),
        ({"code": 7}, {"code": "type"}),
        ({"code": "222-222-222", "role": "kiosk"}, {"role": "unknown"}),
    ],
)
def test_wrong_and_unknown_fields_of_a_pairing_are_named(
    office: Office, body: dict[str, object], wrong: dict[str, str]
) -> None:
    assert wrong_fields(office.visitor().post("/devices/pair", json=body)) == wrong


def test_guessing_pairing_codes_is_slowed_down(office: Office) -> None:
    client = office.visitor()
    for _ in range(10):
        problem(client.post("/devices/pair", json={"code": "x"}), 403, "bad_pairing_code")

    answer = client.post("/devices/pair", json={"code": code_for(office)})

    problem(answer, 429, "too_many_tries")
    office.clock.pass_time(seconds=int(answer.headers["Retry-After"]))
    assert client.post("/devices/pair", json={"code": code_for(office)}).status_code == 200


def test_a_pairing_code_that_is_too_old_says_so_and_how_to_get_a_new_one(office: Office) -> None:
    code = code_for(office)
    office.clock.pass_time(days=7, seconds=1)

    answer = office.visitor().post("/devices/pair", json={"code": code})

    refusal = problem(answer, 403, "pairing_code_expired")
    assert "aufruf device add" in refusal["detail"]
    page = office.visitor().post("/devices/pair", data={"code": code})
    assert page.status_code == 401 and "Dieser Kopplungscode ist zu alt." in page.text


def test_pairing_anew_ends_the_pairing_that_this_browser_had(office: Office) -> None:
    browser, copy = office.kiosk(), office.visitor()
    copy.set_cookie("aufruf_device", browser.get_cookie("aufruf_device").value)  # type: ignore[union-attr]
    assert copy.post(TICKETS, json=DRAW).status_code == 201

    assert browser.post("/devices/pair", json={"code": code_for(office)}).status_code == 200

    assert browser.post(TICKETS, json=DRAW).status_code == 201
    problem(copy.post(TICKETS, json=DRAW), 401, "not_signed_in")


def test_a_program_that_pairs_another_device_keeps_the_one_it_speaks_for(office: Office) -> None:
    first = office.visitor().post("/devices/pair", json={"code": code_for(office)}).json["token"]
    bearer = {"Authorization": f"Bearer {first}"}

    second = office.visitor().post("/devices/pair", json={"code": code_for(office)}, headers=bearer)

    assert second.status_code == 200
    assert office.visitor().post(TICKETS, json=DRAW, headers=bearer).status_code == 201


def test_a_revoked_kiosk_draws_nothing_any_more(office: Office) -> None:
    kiosk = office.kiosk()
    assert kiosk.post(TICKETS, json=DRAW).status_code == 201
    staff.revoke_devices(office.store, "eingang", now=office.clock())

    problem(kiosk.post(TICKETS, json=DRAW), 401, "not_signed_in")


def test_revoking_uses_up_an_open_code_too(office: Office) -> None:
    code = code_for(office)
    staff.revoke_devices(office.store, "eingang", now=office.clock())

    problem(office.visitor().post("/devices/pair", json={"code": code}), 403, "bad_pairing_code")


def test_a_display_draws_no_tickets(office: Office) -> None:
    problem(office.device("display", "wand").post(TICKETS, json=DRAW), 403, "not_allowed")


def test_a_kiosk_sees_no_queue_and_calls_nobody(office: Office) -> None:
    kiosk = office.kiosk()

    problem(kiosk.get("/api/v1/sites/rathaus/queue"), 401, "not_signed_in")
    problem(kiosk.post("/api/v1/counters/schalter-1/calls", json={}), 401, "not_signed_in")
