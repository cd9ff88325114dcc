"""The overview for the head of office: who may come in, backups, personal data, the days ahead."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from queue_server.actions import appointments, backing_up, housekeeping
from queue_server.settings.keeping import Backup
from tests.office import Office
from tests.pages.booked_days import by_phone, chosen, online, rathaus
from tests.pages.overview_sections import section

Visit = Callable[..., BeautifulSoup]


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
    context = office.app.extensions["aufruf"]
    context.settings = replace(settings, backup=Backup(at=""))
    assert "ausgeschaltet" in section(visit(office.signed_in("Lea"), "/office"), "backups")


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
    housekeeping.tidy_records(office.store, now=office.clock())
    tidied = section(visit(office.signed_in("Lea"), "/office"), "kept")

    assert "Von niemandem" in nobody and "nichts überfällig" in nobody
    assert "2 Personen" in kept and "Frühester Besuch Montag, 8. Juni" in kept
    assert "Nächste Löschung nach dem nächsten Besuch" in kept and "nichts überfällig" in kept
    assert "Nächste Löschung 09.06., 14:00 Uhr" in missed and "nichts überfällig" in missed
    assert "überfällig" in overdue and "nichts überfällig" not in overdue
    assert "1 Person" in tidied and "nichts überfällig" in tidied


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
