"""Who may see the kiosk's pages: the device that was paired for this very place."""

from __future__ import annotations

import pytest

from queue_server.actions import staff
from tests.office import Office
from tests.pages.booking_forms import words_of
from tests.pages.test_kiosk_tickets import HOME, draw, refusal_of

PAGES = (HOME, f"{HOME}/groups/M", f"{HOME}/several", f"{HOME}/check-in", f"{HOME}/picture")


@pytest.mark.parametrize("path", PAGES)
def test_a_paired_kiosk_sees_every_page(office: Office, visit, path):
    visit(office.kiosk(), path)


@pytest.mark.parametrize("path", PAGES)
def test_a_device_that_is_not_paired_is_asked_for_its_code(office: Office, visit, path):
    page = visit(office.visitor(), path, 401)

    assert page.select_one("form[action='/devices/pair'] [name=next]")["value"] == HOME
    assert page.select("[name=services]") == []


@pytest.mark.parametrize("stranger", [("display", "wand"), ("kiosk", "nordend-kiosk")])
@pytest.mark.parametrize("path", PAGES)
def test_a_device_of_another_place_sees_nothing_and_is_told_so(office, visit, path, stranger):
    page = visit(office.device(*stranger), path, 403)

    said = words_of(page)
    assert "schon gekoppelt, aber nicht für das Check-in-Terminal „Eingang“" in said
    assert f"„{stranger[1]}“" in said


@pytest.mark.parametrize("stranger", [("display", "wand"), ("kiosk", "nordend-kiosk")])
def test_a_device_of_another_place_draws_nothing(office: Office, stranger):
    answers = [
        draw(office.device(*stranger), "meldewesen").status_code,
        office.device(*stranger).post(f"{HOME}/check-ins", data={"code": "x"}).status_code,
        draw(office.visitor(), "meldewesen").status_code,
    ]

    assert answers == [403, 403, 401]
    assert office.clerk("Aylin").get("/api/v1/sites/rathaus/queue").json["waiting"] == []


def test_a_kiosk_does_not_show_the_ticket_of_another_site(office: Office):
    elsewhere = draw(office.kiosk("nordend-kiosk"), "meldewesen", home="/kiosk/nordend-kiosk")
    token = elsewhere.location.rpartition("/")[2]

    assert "Nicht gefunden" in refusal_of(office.kiosk().get(f"{HOME}/tickets/{token}"), 404)


def test_pairing_leads_back_to_the_kiosk(office: Office, visit):
    device = office.visitor()
    code = staff.expect_device(office.store, "kiosk", "rathaus", "eingang", now=office.clock())
    fields = {i["name"]: i["value"] for i in visit(device, HOME, 401).select("form [name][value]")}

    answer = device.post("/devices/pair", data=fields | {"code": code})

    assert answer.location == HOME
    visit(device, HOME)


def test_an_unknown_kiosk_is_not_found(office: Office, visit):
    visit(office.kiosk(), "/kiosk/keller", 404)


@pytest.mark.parametrize("path", ["tickets", "check-ins", "tickets/abc/slips"])
def test_nothing_changes_by_looking(office: Office, path):
    assert office.kiosk().get(f"{HOME}/{path}").status_code in (404, 405)
