"""A refusal that tells a time tells it as the clocks of its own site go, not of the first one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.office import HERE, Office, make_office

START = "2026-06-08T10:00:00+01:00"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The branch lies an hour west of the town hall."""
    before, branch = (HERE / "office.toml").read_text("utf-8").split('id = "nordend"', 1)
    branch = branch.replace("Europe/Berlin", "Atlantic/Canary")
    office = make_office(tmp_path, f'{before}id = "nordend"{branch}')
    yield office
    office.store.close()


def appointment_at_the_branch(office: Office) -> str:
    body = {"services": ["meldewesen"], "start": START}
    answer = office.signed_in("Clara").post("/api/v1/sites/nordend/appointments", json=body)
    assert answer.status_code == 201, answer.text
    code: str = answer.json["code"]
    return code


def check_in(client: FlaskClient, code: str) -> str:
    answer = client.post("/api/v1/sites/nordend/check-ins", json={"code": code})
    assert (answer.status_code, answer.json["code"]) == (409, "too_early")
    detail: str = answer.json["detail"]
    return detail


def test_a_kiosk_of_the_branch_hears_when_to_come_in_its_own_time(office: Office) -> None:
    code = appointment_at_the_branch(office)

    assert "um 10:00 Uhr" in check_in(office.kiosk("nordend-kiosk"), code)


def test_the_page_of_that_kiosk_says_the_same(office: Office) -> None:
    code = appointment_at_the_branch(office)

    page = office.kiosk("nordend-kiosk").post("/kiosk/nordend-kiosk/check-ins", data={"code": code})

    assert "10:00" in page.text and "11:00" not in page.text
