"""The link in the e-mail: only its key confirms, in time, and twice is once."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from queue_server.actions import confirming
from tests.api.bookings import LATER, asked, book_by_rules
from tests.api.endpoints import API, START, booked
from tests.api.problems import problem, wrong_fields
from tests.office import Office


def confirm(office: Office, scene: dict[str, str], **change: object) -> object:
    path = f"{API}/appointments/{scene['appointment']}/confirmation"
    return office.visitor().post(path, json={"key": scene["key"], **change})


def look(office: Office, scene: dict[str, str]) -> dict[str, object]:
    found: dict[str, object] = (
        office.visitor().get(f"{API}/appointments/{scene['appointment']}").json
    )
    return found


def expire(office: Office) -> int:
    """As the server does once a minute."""
    site = office.app.extensions["aufruf"].settings.site("rathaus")
    return confirming.expire(office.store, site, now=office.clock())


def test_the_key_of_the_email_confirms_and_gives_the_code(office: Office) -> None:
    scene = asked(office)
    assert "code" not in look(office, scene)

    answer = confirm(office, scene)

    assert answer.status_code == 200
    assert (answer.json["state"], answer.json["expires_at"]) == ("confirmed", None)
    assert len(answer.json["code"]) == 11 and look(office, scene) == answer.json


def test_confirming_twice_is_no_mistake(office: Office) -> None:
    scene = asked(office)
    first = confirm(office, scene)

    again = confirm(office, scene)

    assert (again.status_code, again.json) == (200, first.json)


def test_without_the_key_nothing_is_confirmed(office: Office) -> None:
    scene = asked(office)
    path = f"{API}/appointments/{scene['appointment']}/confirmation"

    for key in (
        "",
        "wrong",
        scene["appointment"],
        scene["key"][:-1],
        scene["key"] + "x",
        "ä" * 999,
    ):
        problem(confirm(office, scene, key=key), 403, "bad_key")
    problem(office.visitor().post(path, json={}), 403, "bad_key")
    problem(office.visitor().post(path), 403, "bad_key")
    assert wrong_fields(confirm(office, scene, key=7)) == {"key": "type"}
    assert look(office, scene)["state"] == "preconfirmed"


def test_the_wrong_key_is_refused_also_when_it_is_confirmed_already(office: Office) -> None:
    scene = asked(office)
    confirm(office, scene)

    problem(confirm(office, scene, key="wrong"), 403, "bad_key")


def test_a_clerks_booking_has_no_key_that_could_be_guessed(
    office: Office, aylin: FlaskClient
) -> None:
    scene = {**booked(office, aylin), "key": ""}

    problem(confirm(office, scene), 403, "bad_key")


def test_at_its_last_second_the_link_still_works(office: Office) -> None:
    scene = asked(office)
    office.clock.pass_time(minutes=59, seconds=59)

    assert confirm(office, scene).status_code == 200


@pytest.mark.parametrize("tidied", [False, True])
def test_once_it_has_expired_it_is_gone_before_and_after_tidying(
    office: Office, tidied: bool
) -> None:
    scene = asked(office)
    office.clock.pass_time(minutes=60)
    if tidied:
        assert expire(office) == 1

    problem(confirm(office, scene), 410, "expired")
    found = look(office, scene)
    assert (found["state"], found["expires_at"]) == ("expired", None)


@pytest.mark.parametrize("tidied", [False, True])
def test_what_has_expired_is_not_cancelled_before_and_after_tidying(
    office: Office, tidied: bool
) -> None:
    scene = asked(office)
    office.clock.pass_time(minutes=60)
    if tidied:
        assert expire(office) == 1

    answer = office.visitor().delete(f"{API}/appointments/{scene['appointment']}")

    problem(answer, 409, "move_refused")
    assert look(office, scene)["state"] == "expired"


def test_the_time_to_confirm_is_configured(office: Office) -> None:
    book_by_rules(office, hold_minutes=5)
    scene = asked(office)
    office.clock.pass_time(minutes=5)

    problem(confirm(office, scene), 410, "expired")


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_was_cancelled_is_not_confirmed(office: Office, when: str) -> None:
    scene = asked(office)
    if when == "after":
        confirm(office, scene)
    office.visitor().delete(f"{API}/appointments/{scene['appointment']}")

    problem(confirm(office, scene), 410, "cancelled")


def test_guessing_keys_is_slowed_down_right_keys_are_not(office: Office) -> None:
    scene = asked(office)
    for _ in range(25):
        assert confirm(office, scene).status_code == 200
    for _ in range(20):
        problem(confirm(office, scene, key="guess"), 403, "bad_key")

    answer = confirm(office, scene)

    problem(answer, 429, "too_many_tries")
    office.clock.pass_time(seconds=int(answer.headers["Retry-After"]))
    assert confirm(office, scene).status_code == 200


def test_what_is_not_confirmed_is_not_moved_and_says_what_to_do(office: Office) -> None:
    scene = asked(office)
    path = f"{API}/appointments/{scene['appointment']}/start"

    refusal = problem(office.visitor().put(path, json={"start": LATER}), 409, "move_refused")

    assert "noch nicht bestätigt" in refusal["detail"] and "E-Mail" in refusal["detail"]
    assert look(office, scene)["start"] == START


def test_a_cancelled_appointment_is_named_as_such_when_it_is_moved(office: Office) -> None:
    scene = asked(office)
    path = f"{API}/appointments/{scene['appointment']}"
    office.visitor().delete(path)

    refusal = problem(office.visitor().put(f"{path}/start", json={"start": LATER}), 409,
                      "move_refused")  # fmt: skip

    assert refusal["detail"] == "Dieser Termin wurde abgesagt oder ist verfallen."


def test_moving_keeps_the_lead_time_and_the_horizon(office: Office) -> None:
    scene = asked(office)
    confirm(office, scene)
    path = f"{API}/appointments/{scene['appointment']}/start"

    for start in ("2026-06-08T08:45:00+02:00", "2026-07-21T09:00:00+02:00"):
        problem(office.visitor().put(path, json={"start": start}), 409, "slot_taken")
    for start in ("2026-06-08T09:00:00+02:00", "2026-07-20T08:00:00+02:00"):
        assert office.visitor().put(path, json={"start": start}).json["start"] == start


def test_moving_to_its_own_time_is_fine_at_any_time(office: Office) -> None:
    scene = asked(office)
    confirm(office, scene)
    office.clock.pass_time(minutes=90)
    path = f"{API}/appointments/{scene['appointment']}/start"

    assert office.visitor().put(path, json={"start": START}).status_code == 200


def test_cancelling_twice_is_once_in_every_state(office: Office) -> None:
    scene = asked(office)
    path = f"{API}/appointments/{scene['appointment']}"

    states = [office.visitor().delete(path).json["state"] for _ in range(2)]

    assert states == ["cancelled"] * 2
