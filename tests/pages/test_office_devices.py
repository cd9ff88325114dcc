"""Devices on the office's overview: there or not, seen and heard, waiting for their code."""

from __future__ import annotations

from collections.abc import Callable

from bs4 import BeautifulSoup

from queue_server.actions import housekeeping, staff
from queue_server.store.identities import devices
from queue_server.version import VERSION
from queue_server.web.devices import KioskReport
from tests.office import Office
from tests.pages.overview_sections import section

Visit = Callable[..., BeautifulSoup]


def test_devices_say_whether_they_are_there_and_can_be_heard(office: Office, visit: Visit) -> None:
    client = office.signed_in("Lea")
    fresh = section(visit(client, "/office"), "devices")
    office.device("display", "wand")
    office.kiosk()
    with office.store.snapshot() as snapshot:
        wall = next(one for one in devices(snapshot, "rathaus") if one.role == "display")

    housekeeping.report_display(office.store, wall, "blocked", now=office.clock())
    silent = section(visit(client, "/office"), "devices")
    housekeeping.report_display(office.store, wall, "running", now=office.clock())
    heard = section(visit(client, "/office"), "devices")
    office.clock.pass_time(minutes=20)
    gone = section(visit(client, "/office"), "devices")

    assert fresh.count("nicht gekoppelt") == 2 and "Kopplungscode" not in fresh
    blocked = "Ton aus Der Browser wartet auf eine Berührung"
    assert f"Wartebereich Anzeige {blocked} zuletzt 08:00 Uhr" in silent
    assert "Wartebereich Anzeige in Ordnung zuletzt 08:00 Uhr" in heard
    assert "Eingang Check-in-Terminal gekoppelt" in heard
    assert "Wartebereich Anzeige meldet sich nicht zuletzt 08:00 Uhr" in gone


def test_a_kiosk_says_how_it_is_and_is_missed_when_it_is_silent(
    office: Office, visit: Visit
) -> None:
    client, watch = office.signed_in("Lea"), office.app.extensions["aufruf"].kiosks
    office.kiosk()

    def shown() -> str:
        return section(visit(client, "/office"), "devices")

    assert "Eingang Check-in-Terminal gekoppelt" in shown()
    watch.report("eingang", KioskReport(office.clock(), VERSION, "ready"))
    assert (
        f"Eingang Check-in-Terminal in Ordnung Version {VERSION}, Kamera bereit, ohne Drucker "
        "zuletzt 08:00 Uhr"
    ) in shown()
    watch.report("eingang", KioskReport(office.clock(), VERSION, "absent"))
    assert "Eingang Check-in-Terminal Kamera fehlt" in shown()
    office.clock.pass_time(minutes=4)
    assert "Eingang Check-in-Terminal meldet sich nicht zuletzt 08:00 Uhr" in shown()


def test_a_kiosk_that_never_reports_after_a_start_is_missed_too(
    office: Office, visit: Visit
) -> None:
    client = office.signed_in("Lea")
    office.kiosk()
    visit(client, "/office")
    office.clock.pass_time(minutes=4)

    said = section(visit(client, "/office"), "devices")

    assert "Eingang Check-in-Terminal meldet sich nicht" in said


def test_the_office_sees_until_when_a_pairing_code_is_good(office: Office, visit: Visit) -> None:
    staff.expect_device(office.store, "kiosk", "rathaus", "eingang", now=office.clock())
    office.clock.pass_time(hours=1)
    waiting = section(visit(office.signed_in("Lea"), "/office"), "devices")
    office.clock.pass_time(days=7)
    expired = section(visit(office.signed_in("Lea"), "/office"), "devices")

    assert "nicht gekoppelt Kopplungscode gilt bis" in waiting and "15.06." in waiting
    assert "nicht gekoppelt Kopplungscode abgelaufen" in expired


def test_a_display_says_which_page_it_shows_and_an_old_one_is_told(
    office: Office, visit: Visit
) -> None:
    lea, versions = office.signed_in("Lea"), office.app.extensions["aufruf"].display_versions
    office.device("display", "wand")
    with office.store.snapshot() as snapshot:
        wall = next(one for one in devices(snapshot, "rathaus") if one.role == "display")
    housekeeping.report_display(office.store, wall, "running", now=office.clock())

    def shown() -> tuple[str, str]:
        page = visit(lea, "/office/devices")
        return section(visit(lea, "/office"), "devices"), " ".join(page.main.get_text(" ").split())

    assert not any("veraltete Seite" in words for words in shown())
    versions.heard("wand", VERSION)
    overview, listed = shown()
    assert "veraltete Seite" not in overview and f"in Ordnung Version {VERSION};" in listed
    versions.heard("wand", "0.1")
    overview, listed = shown()
    assert "veraltete Seite Version 0.1" in overview and "veraltete Seite Version 0.1;" in listed
    versions.heard("wand", "")
    assert "ältere Version" in shown()[0]


def test_a_kiosk_that_has_not_loaded_the_new_page_is_told(office: Office, visit: Visit) -> None:
    client, watch = office.signed_in("Lea"), office.app.extensions["aufruf"].kiosks
    office.kiosk()

    watch.report("eingang", KioskReport(office.clock(), "0.1", "ready"))

    assert "Check-in-Terminal veraltete Seite Version 0.1" in section(
        visit(client, "/office"), "devices"
    )
