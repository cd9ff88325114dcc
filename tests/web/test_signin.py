"""Signing in and out: cookies, throttling, and how a session ends."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.actions import staff
from tests.api.problems import problem, wrong_fields
from tests.office import PASSWORD, Office

QUEUE = "/api/v1/sites/rathaus/queue"
ELSEWHERE = (
    "https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)",
    "/\t/evil.example", "//[", "evil", "/x\r\n", "/desk\r\nSet-Cookie: a=b", "/desk\0", "/desk\n",
    "/desk%0d%0a", "/desk/%2e%2e//evil.example", "/desk/../login", "/desk\\evil", "/desk/ä",
    "/desk?next=//evil.example", "/desk#x", "/ desk", "/desk//x", "/deskevil", "/api/v1/sites",
    "/logout", "/t/token",
)  # fmt: skip
RIGHT = {"username": "Aylin", "password": PASSWORD}


def sign_in(
    client: FlaskClient, name: str = "Aylin", password: str = PASSWORD, **more: str
) -> TestResponse:
    # Written with escapes, so that a lone surrogate can be sent too.
    body = json.dumps({"username": name, "password": password})
    return client.post("/login", data=body, content_type="application/json", **more)  # type: ignore[arg-type]


def is_signed_in(client: FlaskClient) -> bool:
    return client.get(QUEUE).status_code == 200


def test_a_program_signs_in_with_json(office: Office) -> None:
    client = office.visitor()
    assert not is_signed_in(client)

    answer = sign_in(client)

    assert answer.json == {"name": "Aylin", "site": "rathaus", "role": "clerk"}
    assert is_signed_in(client)


def test_a_person_signs_in_with_a_form_and_goes_on_to_the_page(office: Office) -> None:
    client = office.visitor()

    answer = client.post(
        "/login", data={"username": "Aylin", "password": PASSWORD, "next": "/desk"}
    )

    assert (answer.status_code, answer.location) == (303, "/desk")
    assert is_signed_in(client)


@pytest.mark.parametrize("next", ELSEWHERE)
def test_the_way_on_never_leaves_this_site(office: Office, next: str) -> None:
    answer = office.visitor().post(
        "/login", data={"username": "Aylin", "password": PASSWORD, "next": next}
    )

    assert (answer.status_code, answer.location) == (303, "/desk")
    for page in ("/login", "/devices/pair"):
        shown = office.visitor().get(page, query_string={"next": next})
        assert shown.status_code == 200 and 'name="next" value=""' in shown.text
    by_query = office.visitor().post("/login", query_string={"next": next}, data=RIGHT)
    assert (by_query.status_code, by_query.location) == (303, "/desk")


@pytest.mark.parametrize(
    "next", ["/desk", "/office/figures?from=2026-06-01&by=day", "/kiosk/eingang", "/display/wand-2"]
)
def test_the_way_on_leads_back_to_the_page_that_asked(office: Office, next: str) -> None:
    answer = office.visitor().post("/login", data={**RIGHT, "next": next})

    assert (answer.status_code, answer.location) == (303, next)


def test_the_session_cookie_is_out_of_reach_for_scripts_and_foreign_pages(office: Office) -> None:
    plain = sign_in(office.visitor()).headers["Set-Cookie"]
    over_tls = sign_in(office.visitor(), base_url="https://localhost").headers["Set-Cookie"]

    assert plain.startswith("aufruf_session=")
    assert all(flag in plain for flag in ("HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Secure" not in plain and "Secure" in over_tls


@pytest.mark.parametrize(
    ("name", "password"),
    [("Aylin", "wrong"), ("Nobody", PASSWORD), ("", ""), ("aylin' --", "x"), ("Aylin", "\ud800"),
     ("\ud800", PASSWORD), ("Aylin", "x" * 50_000)],
)  # fmt: skip
def test_a_wrong_name_and_a_wrong_password_sound_the_same(
    office: Office, name: str, password: str
) -> None:
    problem(sign_in(office.visitor(), name, password), 401, "wrong_password")


def test_a_wrong_password_gives_the_form_back_without_the_password(office: Office) -> None:
    answer = office.visitor().post("/login", data={"username": "Aylin", "password": "falsch-123"})

    assert answer.status_code == 401 and "Benutzername oder Passwort ist falsch." in answer.text
    assert "falsch-123" not in answer.text and "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("body", [b"{", b"[" * 50_000, b"[]", b"1", b"null"])
def test_a_body_that_can_not_be_read_is_400(office: Office, body: bytes) -> None:
    answer = office.visitor().post("/login", data=body, content_type="application/json")

    problem(answer, 400, "bad_request")


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"username": 1, "password": {}}, {"username": "type", "password": "type"}),
        ({"pasword": "x"}, {"pasword": "unknown"}),
    ],
)
def test_wrong_and_unknown_fields_of_a_sign_in_are_named(
    office: Office, more: dict[str, object], wrong: dict[str, str]
) -> None:
    answer = office.visitor().post("/login", json={**RIGHT, **more})

    assert wrong_fields(answer) == wrong
    assert "Set-Cookie" not in answer.headers
    missing = office.visitor().post("/login", json={"username": "Aylin"})
    assert wrong_fields(missing) == {"password": "missing"}


def test_trying_passwords_is_slowed_down_until_the_time_is_over(office: Office) -> None:
    client = office.visitor()
    for _ in range(10):
        problem(sign_in(client, "Nobody", "guess"), 401, "wrong_password")

    answer = sign_in(client)

    refusal = problem(answer, 429, "too_many_tries")
    seconds = int(answer.headers["Retry-After"])
    assert f"{seconds} Sekunden" in refusal["detail"]
    office.clock.pass_time(seconds=seconds)
    assert sign_in(client).status_code == 200


def test_signing_out_ends_the_session_and_closes_the_counter(office: Office) -> None:
    aylin, lea = office.signed_in("Aylin", "schalter-1"), office.signed_in("Lea")
    token = aylin.get_cookie("aufruf_session").value  # type: ignore[union-attr]

    assert aylin.post("/logout", json={}).status_code == 204

    assert aylin.get_cookie("aufruf_session") is None
    aylin.set_cookie("aufruf_session", token)
    assert not is_signed_in(aylin), "the token itself is worth nothing any more"
    assert not any(counter["open"] for counter in lea.get(QUEUE).json["counters"])


def test_signing_out_twice_or_without_signing_in_is_fine(office: Office) -> None:
    client = office.visitor()

    assert client.post("/logout", json={}).status_code == 204
    assert client.post("/logout", data={}).location == "/login"


def test_signing_out_by_link_does_nothing(office: Office) -> None:
    aylin = office.signed_in("Aylin")

    assert aylin.get("/logout").status_code == 405
    assert is_signed_in(aylin)


def test_signing_in_anew_ends_the_session_that_this_browser_had(office: Office) -> None:
    browser, copy, elsewhere = (
        office.signed_in("Aylin"),
        office.visitor(),
        office.signed_in("Aylin"),
    )
    copy.set_cookie("aufruf_session", browser.get_cookie("aufruf_session").value)  # type: ignore[union-attr]
    assert is_signed_in(copy)

    assert sign_in(browser).status_code == 200

    assert is_signed_in(browser) and not is_signed_in(copy)
    assert is_signed_in(elsewhere), "another browser's session is another one's"


def test_signing_in_as_somebody_else_closes_the_counter_of_whoever_was_there(
    office: Office,
) -> None:
    browser = office.signed_in("Aylin", "schalter-1")

    assert sign_in(browser, "Lea").status_code == 200

    assert not any(counter["open"] for counter in browser.get(QUEUE).json["counters"])


def test_signing_in_anew_as_the_same_clerk_keeps_the_counter_open(office: Office) -> None:
    browser = office.signed_in("Aylin", "schalter-1")

    assert sign_in(browser).status_code == 200

    assert [c["counter"] for c in browser.get(QUEUE).json["counters"] if c["open"]] == [
        "schalter-1"
    ]


def test_a_wrong_password_ends_no_session(office: Office) -> None:
    browser = office.signed_in("Aylin")

    assert sign_in(browser, password="falsch-123").status_code == 401

    assert is_signed_in(browser)


def test_a_new_password_ends_every_session(office: Office) -> None:
    clients = [office.signed_in("Aylin"), office.signed_in("Aylin")]
    staff.set_password(
        office.store, "Aylin", staff.hash_password("ganz-neu-123"), now=office.clock()
    )

    assert not any(is_signed_in(client) for client in clients)
    assert sign_in(office.visitor()).status_code == 401
    assert sign_in(office.visitor(), password="ganz-neu-123").status_code == 200


def test_a_removed_clerk_is_out_at_once(office: Office) -> None:
    aylin = office.signed_in("Aylin")
    staff.remove_clerk(office.store, "Aylin", now=office.clock())

    assert not is_signed_in(aylin)
    problem(sign_in(office.visitor()), 401, "wrong_password")


def test_a_session_ends_after_a_day_of_silence_and_lives_while_it_is_used(office: Office) -> None:
    busy, silent = office.signed_in("Aylin"), office.signed_in("Bernd")
    for _ in range(3):
        office.clock.pass_time(hours=6)
        assert is_signed_in(busy)

    assert not is_signed_in(silent)


def test_a_session_ends_after_a_working_week_even_when_it_is_always_used(office: Office) -> None:
    aylin = office.signed_in("Aylin")
    for _ in range(13):
        office.clock.pass_time(hours=12)
        assert is_signed_in(aylin)

    office.clock.pass_time(seconds=1)

    assert not is_signed_in(aylin)
