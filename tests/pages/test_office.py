"""The overview for the head of office: letters, personal data, devices, the days ahead."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from queue_server.actions import appointments, backing_up, housekeeping, staff
from queue_server.settings.keeping import Backup
from queue_server.store import letters
from queue_server.store.identities import devices
from queue_server.store.letters import LetterKind, LetterState
from queue_server.web.kiosk_watch import KioskReport
from tests.office import Office
from tests.pages.booked_days import by_phone, chosen, online, rathaus, switch_mail_on

Visit = Callable[..., BeautifulSoup]
SECTIONS = {
    "letters": "letters-title", "days": "days-title", "special": "special-title",
    "devices": "devices-title", "kept": "kept-title", "backups": "backups-title",
}  # fmt: skip


def section(page: BeautifulSoup, name: str) -> str:
    found = page.select_one(f"[aria-labelledby={SECTIONS[name]}]")
    assert found is not None
    return " ".join(found.get_text(" ").split())


def letter(office: Office, appointment: int, *, trouble: str = "", refused: bool = False) -> None:
    """A letter that waits, or was refused."""
    now = office.clock()
    with office.store.transaction() as tx:
        letters.make(tx, "rathaus", appointment, LetterKind.BOOKED, appointment, now)
        [made] = letters.of(tx, appointment)
        if refused:
            letters.end(tx, made, LetterState.REFUSED, now, trouble)
        elif trouble:
            letters.again(tx, made, now + timedelta(minutes=1), trouble)


# -- backups -------------------------------------------------------------------------------------


def test_the_office_sees_the_backups_and_what_keeps_them_from_being_made(
    office: Office, visit: Visit
) -> None:
    lea, settings = office.signed_in("Lea"), office.app.extensions["aufruf"].settings

    def night(days: int) -> str:
        office.clock.pass_time(days=days)
        backing_up.back_up(office.store, settings, now=office.clock())
        return section(visit(office.signed_in("Lea"), "/office"), "backups")

    assert "in der nächsten Nacht" in section(visit(lea, "/office"), "backups")
    assert "in der nächsten Nacht" in night(0)
    said = night(1)
    assert "1 Sicherung von 7 Tagen" in said and "03:30" in said and "fällig" not in said
    settings.backup_folder.rename(settings.backup_folder.with_name("away"))
    settings.backup_folder.write_text("somebody put a file here")
    said = night(1)
    assert "fehlgeschlagen" in said and "kann nicht geschrieben werden" in said
    figures = office.visitor().get("/metrics").text
    assert "aufruf_backup_late 1.0" in figures and "aufruf_unwiped_seconds 0.0" in figures
    house = office.app.extensions["aufruf"]
    house.settings = replace(settings, backup=Backup(at=""))
    assert "ausgeschaltet" in section(visit(office.signed_in("Lea"), "/office"), "backups")


# -- who may come in -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/office", "/office/state", "/office/days"])
def test_whoever_is_not_signed_in_signs_in_and_comes_back(office: Office, path: str) -> None:
    answer = office.visitor().get(path)

    assert (answer.status_code, answer.location) == (303, "/login?next=/office")


@pytest.mark.parametrize(
    "path", ["/office", "/office/days", "/office/days/preview", "/office/days/2026-06-10"]
)
def test_a_clerk_is_kindly_shown_the_way_back(office: Office, visit: Visit, path: str) -> None:
    page = visit(office.signed_in("Aylin"), path, status=403)

    assert page.h1.get_text() == "Für die Leitung"
    assert page.select_one("main a[href='/desk']") is not None


def test_the_desk_shows_the_way_to_the_office_only_to_those_who_may_go(
    office: Office, visit: Visit
) -> None:
    lea, aylin = (visit(office.signed_in(name), "/desk") for name in ("Lea", "Aylin"))

    assert lea.select_one("a[href='/office'][data-key=o]") is not None
    assert aylin.select("[href^='/office']") == []
    assert "Leitung" not in office.signed_in("Aylin").get("/desk/keys").text


# -- letters --------------------------------------------------------------------------------------


def test_switched_off_mail_is_said_before_anything_else(office: Office, visit: Visit) -> None:
    letter(office, by_phone(office, "10:00", email="erika@b.example").id)

    words = section(visit(office.signed_in("Lea"), "/office"), "letters")

    assert "ausgeschaltet" in words and "Warten 1" in words


def test_letters_that_wait_are_counted_with_their_trouble_in_words(
    office: Office, visit: Visit
) -> None:
    switch_mail_on(office)
    client = office.signed_in("Lea")
    calm = section(visit(client, "/office"), "letters")
    letter(office, by_phone(office, "10:00", email="erika@b.example").id)
    on_the_way = section(visit(client, "/office"), "letters")
    booked = by_phone(office, "11:00", email="erika@b.example")
    letter(office, booked.id, trouble="server timeout")

    troubled = section(visit(client, "/office"), "letters")
    office.clock.pass_time(minutes=11)
    stuck = section(visit(client, "/office"), "letters")

    assert "alle gesendet" in calm
    assert "unterwegs" in on_the_way and "Warten 1" in on_the_way
    assert "Störung" in troubled and "Der Mailserver antwortet nicht." in troubled
    assert "bleiben liegen" in stuck and "Warten 2, die älteste seit 08:00 Uhr" in stuck
    assert "Der Mailserver antwortet nicht." in stuck


def test_a_refused_letter_is_shown_with_the_appointments_time_and_never_its_address(
    office: Office, visit: Visit
) -> None:
    switch_mail_on(office)
    booked = by_phone(office, "10:00", name="Erika", email="erika@b.example")
    letter(office, booked.id, trouble="recipient unknown 550", refused=True)

    page = visit(office.signed_in("Lea"), "/office")

    link = page.select_one(f"a[href='/desk/appointments/{booked.id}']")
    assert link is not None and " ".join(link.get_text().split()) == "Termin Mo 08.06., 10:00 Uhr"
    assert "Diese Adresse gibt es nicht." in section(page, "letters")
    assert "erika@b.example" not in page.get_text() and "Erika" not in page.get_text()


def test_another_sites_letters_are_not_ours(office: Office, visit: Visit) -> None:
    switch_mail_on(office)
    booked = by_phone(office, "10:00", email="erika@b.example")
    with office.store.transaction() as tx:
        letters.make(tx, "nordend", booked.id, LetterKind.BOOKED, 1, office.clock())

    assert "Warten 0" in section(visit(office.signed_in("Lea"), "/office"), "letters")


def test_the_desk_warns_those_who_can_do_something_about_stuck_letters(
    office: Office, visit: Visit
) -> None:
    switch_mail_on(office)
    letter(office, by_phone(office, "10:00", email="erika@b.example").id)
    lea, aylin = office.signed_in("Lea"), office.signed_in("Aylin")

    soon = visit(lea, "/desk")
    office.clock.pass_time(minutes=11)
    late, others = visit(lea, "/desk"), visit(aylin, "/desk")

    assert "1 wartet seit 08.06., 08:00 Uhr." in " ".join(late.get_text().split())
    assert "wartet seit" not in soon.get_text() and "wartet seit" not in others.get_text()
    assert "1 wartet" in " ".join(lea.get("/desk/today").text.split())


# -- personal data --------------------------------------------------------------------------------


def test_the_oldest_personal_record_is_the_proof_that_people_are_forgotten(
    office: Office, visit: Visit
) -> None:
    client = office.signed_in("Lea")
    nobody = section(visit(client, "/office"), "kept")
    by_phone(office, "10:00", name="Erika")
    by_phone(office, "10:00", day="2026-06-09", name="Jörg")

    kept = section(visit(client, "/office"), "kept")
    office.clock.pass_time(hours=6)
    site = office.app.extensions["aufruf"].site("rathaus")
    housekeeping.tidy_site(office.store, site, now=office.clock())
    missed = section(visit(office.signed_in("Lea"), "/office"), "kept")
    office.clock.pass_time(days=1, minutes=26)
    overdue = section(visit(office.signed_in("Lea"), "/office"), "kept")
    housekeeping.tidy_house(office.store, now=office.clock())
    tidied = section(visit(office.signed_in("Lea"), "/office"), "kept")

    assert "Von niemandem" in nobody and "nichts überfällig" in nobody
    assert "2 Personen" in kept and "Frühester Besuch Montag, 8. Juni" in kept
    assert "Nächste Löschung nach dem nächsten Besuch" in kept and "nichts überfällig" in kept
    assert "Nächste Löschung 09.06., 14:00 Uhr" in missed and "nichts überfällig" in missed
    assert "überfällig" in overdue and "nichts überfällig" not in overdue
    assert "1 Person" in tidied and "nichts überfällig" in tidied


# -- devices --------------------------------------------------------------------------------------


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
    watch.report("eingang", KioskReport(office.clock(), "0.4", "ready"))
    assert (
        "Eingang Check-in-Terminal in Ordnung Version 0.4, Kamera bereit, ohne Drucker "
        "zuletzt 08:00 Uhr"
    ) in shown()
    watch.report("eingang", KioskReport(office.clock(), "0.4", "absent"))
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


# -- the days ahead -------------------------------------------------------------------------------


def test_the_next_days_count_what_is_booked_and_what_waits_for_its_link(
    office: Office, visit: Visit
) -> None:
    gone = by_phone(office, "09:00")
    for clock in ("10:00", "11:00"):
        by_phone(office, clock)
    online(office, "12:00", day="2026-06-09")
    chosen(office, "13:00", day="2026-06-09")
    appointments.cancel_by_token(office.store, rathaus(office), gone.token, now=office.clock())
    client = office.signed_in("Lea")

    now = table(visit(client, "/office"))
    office.clock.pass_time(minutes=15)
    later = table(visit(client, "/office"))

    assert now["Heute"] == ["rund um die Uhr", "2", "0"]
    assert now["Di 09.06."] == ["rund um die Uhr", "0", "2"]
    assert len(now) == 14
    # The form was never sent off, and its time is over.
    assert later["Di 09.06."] == ["rund um die Uhr", "0", "1"]


def table(page: BeautifulSoup) -> dict[str, list[str]]:
    return {
        row.th.get_text(strip=True): [cell.get_text(strip=True) for cell in row.select("td")]
        for row in page.select("[aria-labelledby=days-title] tbody tr")
    }


def test_the_script_gets_the_same_state_without_the_frame(office: Office) -> None:
    client = office.signed_in("Lea")

    whole, part = client.get("/office").text, client.get("/office/state").text

    assert part.count("data-state") == 1
    assert "<html" not in part
    assert re.sub(r"\s+", " ", part).strip() in re.sub(r"\s+", " ", whole)
