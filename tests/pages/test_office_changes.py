"""Whatever was changed, at the desk, on the pages or by a command, can be looked up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from bs4 import BeautifulSoup

from queue_server.actions import days, staff, stops, tokens
from queue_server.domain import events
from queue_server.office.changes import KINDS, MOST_SHOWN
from queue_server.store import identities
from tests.office import Office

Visit = Callable[..., BeautifulSoup]
CHANGES = "/office/changes"
TUESDAY = date(2026, 6, 9)


def id_of(office: Office, name: str) -> int:
    with office.store.snapshot() as snapshot:
        clerk = identities.clerk_named(snapshot, name)
    assert clerk is not None
    return clerk.id


def rows_of(page: BeautifulSoup) -> list[str]:
    return [" ".join(row.get_text(" ").split()) for row in page.select("tbody tr")]


def test_every_link_leads_to_the_page_and_each_kind_can_be_seen_alone(
    office: Office, visit: Visit
) -> None:
    now, site = office.clock(), office.app.extensions["aufruf"].settings.site("rathaus")
    lea, aylin = office.signed_in("Lea"), id_of(office, "Aylin")
    staff.set_password(office.store, "Bernd", "ein Hash", now=now)
    staff.expect_device(office.store, "display", "rathaus", "wand", by_command=True, now=now)
    stops.stop(office.store, site, clerk=aylin, reason="Wasserschaden", now=now)
    stops.open_again(office.store, site, clerk=aylin, service="kfz", reason="trocken", now=now)
    tokens.add(office.store, "Akte", "rathaus", "read", now=now)
    tokens.revoke(office.store, "Akte", now=now)
    days.decide_day(office.store, site, TUESDAY, [], clerk=aylin, now=now)

    told = rows_of(visit(lea, CHANGES))

    for line in (
        "08:00 Uhr aufruf clerk Bernd: neues Passwort",
        "08:00 Uhr aufruf device wand: Kopplungscode gemacht",
        "08:00 Uhr aufruf token Akte darf Warteschlange ansehen",
        "08:00 Uhr aufruf token Akte: Rechte entzogen (Warteschlange ansehen)",
        "08:00 Uhr Aylin Alle Wartenummern angehalten (Wasserschaden)",
        "08:00 Uhr Aylin Wartenummern für „Bewohnerparkausweis“ von Hand freigegeben (trocken)",
        "08:00 Uhr Aylin Dienstag, 9. Juni: geschlossen",
    ):
        assert line in told
    for kind in KINDS:
        page = visit(lea, f"{CHANGES}?kind={kind.id}")
        assert page.select_one("nav [aria-current='page'][href*=kind]").text == kind.title
    assert len(rows_of(visit(lea, f"{CHANGES}?kind=stops"))) == 2
    assert "Davon steht hier nichts" in visit(lea, f"{CHANGES}?kind=persons").get_text()


def test_what_is_older_follows_on_pages_of_their_own(office: Office, visit: Visit) -> None:
    lea = office.signed_in("Lea")
    with office.store.transaction() as tx:
        for number in range(MOST_SHOWN + 2):
            tx.record(events.DeviceChanged(at=office.clock(), site="rathaus",
                                           device=f"wand-{number}", change="revoked"))  # fmt: skip

    first = visit(lea, f"{CHANGES}?kind=devices")
    older = str(first.select_one("nav[aria-label=Seiten] a")["href"])
    second = visit(lea, older)

    assert [len(rows_of(page)) for page in (first, second)] == [MOST_SHOWN, 2]
    assert "wand-0:" in rows_of(second)[-1]
    links = [link["href"] for link in second.select("nav[aria-label=Seiten] a")]
    assert links == [f"{CHANGES}?kind=devices"]


@pytest.mark.parametrize("asked", ["kind=gibt-es-nicht", "kind=%00", "kind=settings'"])
def test_a_kind_that_there_is_not_is_not_found(office: Office, visit: Visit, asked: str) -> None:
    visit(office.signed_in("Lea"), f"{CHANGES}?{asked}", status=404)


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "%00", "1"])
def test_a_place_that_can_not_be_read_is_the_beginning_or_shows_nothing(
    office: Office, visit: Visit, before: str
) -> None:
    visit(office.signed_in("Lea"), f"{CHANGES}?before={before}")
