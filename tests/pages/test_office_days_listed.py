"""Special days that are coming: where they come from, how they are undone, who decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup

from queue_server.domain.appointment import AppointmentState
from queue_server.domain.hours import SpecialDay
from queue_server.store import decisions
from tests.office import Office
from tests.pages.booked_days import (
    CLOSED,
    MORNING,
    WEDNESDAY,
    by_phone,
    decided,
    previewed,
    state_of,
    three_kinds,
    words,
)

Visit = Callable[..., BeautifulSoup]


def test_undoing_opens_the_day_again_and_cancelled_stays_cancelled(office: Office) -> None:
    three_kinds(office)
    client = office.signed_in("Lea")
    asked = words(decided(client, CLOSED))

    answers = [client.post(f"/office/days/{WEDNESDAY}/removal") for _ in range(2)]
    page = BeautifulSoup(client.get(answers[0].location).text, "html.parser")

    assert "bleiben abgesagt" in asked
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "Abgesagte Termine bleiben abgesagt." in words(page)
    assert "Es sind keine besonderen Tage geplant." in words(page)
    by_phone(office, "15:00", day=WEDNESDAY)
    # The list of those who were told off is still there.
    assert "3 Termine fielen aus" in client.get(f"/office/days/{WEDNESDAY}").text


def test_coming_days_stand_with_where_they_come_from(office: Office, visit: Visit) -> None:
    client = office.signed_in("Lea")
    decided(client, CLOSED)
    decided(client, MORNING | {"day": "2026-06-12", "from-2": "14:00", "to-2": "00:00"})

    page = visit(client, "/office/days")
    overview = visit(client, "/office")

    days = [" ".join(day.get_text().split()) for day in page.select(".coming__day")]
    assert days == [
        "Mittwoch, 10. Juni geschlossen: Personalversammlung",
        "Freitag, 12. Juni 08:00–10:00 und 14:00–24:00 Uhr",
    ]
    assert "Mittwoch, 10. Juni: geschlossen" in words(overview)


def test_days_of_the_configuration_are_shown_and_can_be_decided_otherwise(
    office: Office, visit: Visit
) -> None:
    plan_in_config(office, SpecialDay(date(2026, 6, 10), (), "Betriebsausflug"))
    client = office.signed_in("Lea")
    planned = visit(client, "/office/days")

    decided(client, MORNING)
    outdone = visit(client, "/office/days")

    [day] = planned.select(".coming__day")
    assert words(day).startswith("Mittwoch, 10. Juni aus config.toml geschlossen: Betriebsausflug")
    form = visit(client, str(day.select_one("a")["href"]))
    assert form.select_one("#day")["value"] == "2026-06-10"
    assert form.select_one("#notice")["value"] == "Betriebsausflug"
    assert ["Gilt nicht" in words(day) for day in outdone.select(".coming__day")] == [True, False]
    assert words(visit(client, "/office")).count("Mittwoch, 10. Juni") == 1


def test_a_long_list_of_days_shows_the_next_ones_and_opens_to_all(
    office: Office, visit: Visit
) -> None:
    weekly = [date(2026, 6, 10) + timedelta(weeks=number) for number in range(30)]
    plan_in_config(office, *(SpecialDay(day, ()) for day in weekly))

    page = visit(office.signed_in("Lea"), "/office/days")

    assert len(page.select(".coming__day")) == 30
    later = page.select_one("details")
    assert len(later.select(".coming__day")) == 20
    assert words(later.summary) == "20 weitere ab Mittwoch, 19. August"


def plan_in_config(office: Office, *days: SpecialDay) -> None:
    context = office.app.extensions["aufruf"]
    rathaus, *others = context.settings.sites
    sites = (replace(rathaus, special_days=days), *others)
    context.settings = replace(context.settings, sites=sites)


def test_deciding_otherwise_begins_with_what_was_decided(office: Office) -> None:
    client = office.signed_in("Lea")
    page = decided(client, MORNING | {"to-1": "00:00", "notice": "Fest"})

    link = next(a for a in page.select("a.button") if "Anders" in a.get_text())
    form = BeautifulSoup(client.get(str(link["href"])).text, "html.parser")

    values = [form.select_one(f"#{id}")["value"] for id in ("day", "from-1", "to-1", "notice")]
    assert values == [WEDNESDAY, "08:00", "00:00", "Fest"]
    assert form.select_one("#open-other").has_attr("checked")


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"day": ""}, "day", "Bitte wählen Sie einen Tag."),
        ({"day": "morgen"}, "day", "Bitte wählen Sie einen Tag."),
        ({"day": "2026-06-07"}, "day", "heute oder einen späteren Tag"),
        ({"day": "9999-12-31"}, "day", "heute oder einen späteren Tag"),
        ({"from-1": "", "to-1": ""}, "from-1", "Bitte geben Sie die Öffnungszeiten an"),
        ({"to-1": ""}, "from-1", "beide Uhrzeiten"),
        ({"from-1": "acht"}, "from-1", "beide Uhrzeiten"),
        ({"to-1": "08:00"}, "to-1", "nach dem Anfang"),
        ({"from-2": "09:00", "to-2": "11:00"}, "from-2", "überschneiden"),
        ({"notice": "x" * 201}, "notice", "Höchstens 200 Zeichen."),
    ],
)
def test_what_cannot_be_decided_is_said_beside_its_field(
    office: Office, change: dict[str, str], field: str, sentence: str
) -> None:
    client = office.signed_in("Lea")

    page = previewed(client, MORNING | change, status=422)
    posted = client.post("/office/days", data=MORNING | change | {"sure": "1"})

    link = page.select_one(".error-summary a")
    assert link["href"] == f"#{field}" and sentence in link.get_text()
    assert page.select_one(f"#{field}") is not None
    assert posted.status_code == 422
    with office.store.snapshot() as snapshot:
        assert decisions.special_days(snapshot, "rathaus") == []


@pytest.mark.parametrize("day", ["2026-06-10", "morgen", "0001-01-01", "9999-12-31"])
def test_a_day_that_nothing_was_decided_about_is_not_found(office: Office, day: str) -> None:
    assert office.signed_in("Lea").get(f"/office/days/{day}").status_code == 404


def test_a_day_that_is_none_cannot_be_undone(office: Office) -> None:
    assert office.signed_in("Lea").post("/office/days/nie/removal").status_code == 404


@pytest.mark.parametrize("path", ["/office/days", f"/office/days/{WEDNESDAY}/removal"])
def test_only_whoever_leads_decides(office: Office, path: str) -> None:
    booked = by_phone(office, "09:00", day=WEDNESDAY)
    form = CLOSED | {"sure": "1"}

    for name in ("Aylin", "Clara"):
        assert office.signed_in(name).post(path, data=form).status_code == 403
    assert office.visitor().post(path, data=form).location == "/login?next=/office"
    foreign = office.signed_in("Lea").post(
        path, data=form, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert foreign.status_code == 403
    assert state_of(office, booked) is AppointmentState.CONFIRMED
    with office.store.snapshot() as snapshot:
        assert decisions.special_days(snapshot, "rathaus") == []


def test_a_lead_decides_about_their_own_site_alone(office: Office) -> None:
    decided(office.signed_in("Lea"), CLOSED)

    with office.store.snapshot() as snapshot:
        assert [one.notice for one in decisions.special_days(snapshot, "rathaus")] == [
            "Personalversammlung"
        ]
        assert decisions.special_days(snapshot, "nordend") == []


def test_no_name_ever_stands_in_an_address(office: Office) -> None:
    three_kinds(office)
    client = office.signed_in("Lea")

    page = previewed(client, CLOSED)
    answer = client.post("/office/days", data=CLOSED | {"sure": "1", "seen": "3"})

    assert answer.location == f"/office/days/{WEDNESDAY}?seen=3&gone=3"
    assert [a["href"] for a in page.select("a[href*=Erika], a[href*='0431']")] == []
