"""What one client spends on one kind of try costs neither other kinds nor other clients."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.actions import staff
from tests.api.bookings import API, asked
from tests.office import Office

WRONG_CODE = "K7Q-M4T-XA8"
CHECK_INS = f"{API}/sites/rathaus/check-ins"


def from_everywhere(client: FlaskClient, path: str, body: object, tries: int) -> list[int]:
    """The statuses of so many tries, each from an address of its own."""
    return [
        client.post(
            path, json=body, environ_overrides={"REMOTE_ADDR": f"203.0.{n >> 8}.{n & 255}"}
        ).status_code
        for n in range(tries)
    ]


def pair(office: Office, code: str, address: str) -> TestResponse:
    return office.visitor().post(
        "/devices/pair", json={"code": code}, environ_overrides={"REMOTE_ADDR": address}
    )


def test_two_hundred_wrong_keys_leave_every_kiosk_as_it_was(office: Office) -> None:
    kiosk, token = office.kiosk(), asked(office)["appointment"]
    path = f"{API}/appointments/{token}/confirmation"

    assert set(from_everywhere(office.visitor(), path, {"key": "x" * 22}, 250)) == {403}

    assert kiosk.post(CHECK_INS, json={"code": WRONG_CODE}).status_code == 404
    assert kiosk.post("/kiosk/eingang/check-ins", data={"code": WRONG_CODE}).status_code == 404
    assert kiosk.post(f"{API}/sites/rathaus/tickets", json={"services": ["kfz"]}).status_code == 201


def test_a_kiosk_at_which_somebody_types_wrong_codes_stops_no_other(office: Office) -> None:
    one, other = office.kiosk(), office.kiosk()
    statuses = [one.post(CHECK_INS, json={"code": WRONG_CODE}).status_code for _ in range(25)]
    assert statuses.count(404) == 20

    assert other.post(CHECK_INS, json={"code": WRONG_CODE}).status_code == 404


def test_five_networks_that_guess_pairing_codes_do_not_keep_a_kiosk_from_being_paired(
    office: Office,
) -> None:
    for n in range(50):
        pair(office, "K7Q-M4T-XA9", f"2001:db8:{n % 5:x}::1")
    code = staff.expect_device(office.store, "kiosk", "rathaus", "eingang", now=office.clock())

    assert pair(office, code, "192.0.2.1").status_code == 200


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_is_set_by_an_hour_locks_no_kiosk_out(office: Office, hours: int) -> None:
    kiosk, aylin = office.kiosk(), office.signed_in("Aylin", "schalter-1")
    tickets = f"{API}/sites/rathaus/tickets"
    for _ in range(3):
        assert kiosk.post(tickets, json={"services": ["meldewesen"]}).status_code == 201
        kiosk.post(CHECK_INS, json={"code": WRONG_CODE})
    office.clock.now += timedelta(hours=hours)

    assert kiosk.post(tickets, json={"services": ["meldewesen"]}).status_code == 201
    assert kiosk.post(CHECK_INS, json={"code": WRONG_CODE}).status_code == 404
    assert kiosk.post("/kiosk/eingang/tickets", data={"services": "kfz"}).status_code == 303
    assert aylin.post(f"{API}/counters/schalter-1/calls", json={}).status_code == 200
