"""Every figure opens down to the visits that it counts, and to their events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.domain.events import ForecastGiven
from tests.api.endpoints import API
from tests.office import Office

Visit = Callable[..., BeautifulSoup]
PATH, LIST = "/office/figures", "/office/figures/visits"
MONDAY = "from=2026-06-08&to=2026-06-08"
LACKING = {"outcome": "documents_missing", "missing": ["Wohnungsgeberbestätigung"]}


@pytest.fixture
def lea(office: Office) -> FlaskClient:
    """On Monday one of two came without a document; the other went home."""
    aylin = office.signed_in("Aylin", "schalter-1")
    drawn = []
    for service in ("meldewesen", "kfz"):
        answer = aylin.post(f"{API}/sites/rathaus/tickets", json={"services": [service]})
        drawn.append(answer.json["id"])
    steps: tuple[tuple[int, str, dict[str, Any]], ...] = (
        (6, "calls", {}), (2, "arrival", {}), (10, "completion", LACKING),
    )  # fmt: skip
    for minutes, verb, body in steps:
        office.clock.pass_time(minutes=minutes)
        assert aylin.post(f"{API}/counters/schalter-1/{verb}", json=body).status_code == 200
    aylin.post(f"{API}/tickets/{drawn[1]}/cancellation", json={})
    office.clock.pass_time(days=1)
    return office.signed_in("Lea")


def text(found: Any) -> str:
    assert found is not None
    return " ".join(found.get_text(" ").split())


def visits(page: BeautifulSoup) -> list[list[str]]:
    return [[text(c) for c in row.select("th, td")] for row in page.select("tbody tr")]


@pytest.mark.parametrize("by", ["hour", "weekday", "day", "service", "counter", "kind"])
def test_every_row_leads_to_as_many_visits_as_it_counts(
    lea: FlaskClient, visit: Visit, by: str
) -> None:
    page = visit(lea, f"{PATH}?{MONDAY}&by={by}")

    rows = page.select(".figures__table :is(tbody, tfoot) tr:has(th a)")
    assert len(rows) >= 4
    for row in rows:
        listed = visit(lea, str(row.select_one("a")["href"]))
        assert len(visits(listed)) == int(text(row.select_one("td")))


def test_a_visit_shows_its_minutes_and_its_events(lea: FlaskClient, visit: Visit) -> None:
    [row] = visits(visit(lea, f"{LIST}?{MONDAY}&service=meldewesen"))

    number, day, service, end, wait, walking, serving, events = row
    assert (day, service) == ("08.06.2026", "Wohnsitz anmelden, ohne Termin")
    assert (end, wait, walking, serving) == (
        "bedient, Unterlagen fehlten", "6,0", "2,0", "10,0",
    )  # fmt: skip
    assert events.startswith("08:00 Nummer") and number
    assert "08:06 aufgerufen (Schalter 1) 08:08 erschienen 08:18 abgeschlossen" in events


def test_what_people_forget_stands_in_a_table_that_leads_to_them(
    lea: FlaskClient, visit: Visit
) -> None:
    section = visit(lea, f"{PATH}?{MONDAY}").select_one("[aria-labelledby=forgotten-title]")
    assert section is not None

    [row] = section.select("tbody tr")

    assert text(row) == "Wohnsitz anmelden Wohnungsgeberbestätigung 1 100 %"
    assert len(visits(visit(lea, str(row.select_one("a")["href"])))) == 1


def test_the_week_says_in_every_cell_what_its_shade_means(lea: FlaskClient, visit: Visit) -> None:
    came, waited = visit(lea, f"{PATH}?{MONDAY}").select("table.heat")

    assert [text(head) for head in came.select("thead th")] == ["Uhr", "Montag"]
    assert text(came.select_one("td")) == "2,0" and text(waited.select_one("td")) == "6,0"
    assert len(visits(visit(lea, str(came.select_one("td a")["href"])))) == 2


def test_forecasts_lead_to_those_who_were_told_them(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    aylin = office.signed_in("Aylin", "schalter-1")
    drawn = aylin.post(f"{API}/sites/rathaus/tickets", json={"services": ["kfz"]}).json["id"]
    told = {"low_minutes": 1, "likely_minutes": 3, "high_minutes": 9}
    with office.store.transaction() as tx:
        tx.record(ForecastGiven(at=office.clock(), site="rathaus", ticket=int(drawn), **told))
    office.clock.pass_time(minutes=4)
    assert aylin.post(f"{API}/counters/schalter-1/calls", json={}).status_code == 200
    today = "from=2026-06-09&to=2026-06-09"

    page = visit(lea, f"{PATH}?{today}")

    [kept] = page.select(".facts a[href*=forecast]")
    assert text(kept) == "Vorhersage traf zu"
    assert len(visits(visit(lea, str(kept["href"])))) == 1
    assert visits(visit(lea, f"{LIST}?{today}&forecast=later")) == []


def test_two_periods_stand_side_by_side(lea: FlaskClient, visit: Visit) -> None:
    page = visit(lea, f"{PATH}?{MONDAY}&then=2026-06-01")

    rows = visits(page.select_one("[aria-labelledby=compared-title]"))
    assert ["Besuche", "2", "0", "+2"] in rows
    assert ["Wartezeit im Mittel (min)", "6,0", "–", "–"] in rows
    assert rows[8] == ["Nicht erschienen", "0 %", "–", "–"]


def test_a_day_to_compare_with_that_is_none_is_told_at_its_field(
    lea: FlaskClient, visit: Visit
) -> None:
    page = visit(lea, f"{PATH}?{MONDAY}&then=damals", status=422)

    assert text(page.select_one("#then-error")) == "Bitte wählen Sie einen Tag."


@pytest.mark.parametrize(
    "query", ["hour=%3Cb%3E", "weekday=9", "day=morgen", "kind=x", "end=x", "missing=Nase"]
)
def test_what_nobody_can_have_asked_for_lists_nobody(
    lea: FlaskClient, visit: Visit, query: str
) -> None:
    page = visit(lea, f"{LIST}?{MONDAY}&{query}&page=99")

    assert visits(page) == [] and "kein Besuch" in text(page.main)


def test_only_those_who_lead_see_visits(office: Office, visit: Visit) -> None:
    assert visit(office.signed_in("Aylin"), LIST, status=403).h1 is not None
    assert office.visitor().get(LIST).status_code == 303
