"""A day is closed or opens at other hours: preview, confirmation, phone list, undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from queue_server.domain.appointment import AppointmentState
from queue_server.domain.hours import SpecialDay
from queue_server.store import journal, letters, special_days
from queue_server.store.letters import LetterKind, LetterState
from tests.office import Office
from tests.pages.booked_days import (
    WEDNESDAY,
    by_phone,
    chosen,
    online,
    state_of,
    switch_mail_on,
)

Visit = Callable[..., BeautifulSoup]
CLOSED = {"day": WEDNESDAY, "open": "closed", "notice": "Personalversammlung"}
MORNING = {"day": WEDNESDAY, "open": "other", "from-1": "08:00", "to-1": "10:00"}
CANCELLED, CONFIRMED = AppointmentState.CANCELLED, AppointmentState.CONFIRMED


def words(page: Tag) -> str:
    return " ".join(page.get_text(" ").split())


def previewed(client: FlaskClient, form: dict[str, str], status: int = 200) -> BeautifulSoup:
    answer = client.get("/office/days/preview", query_string=form)
    assert answer.status_code == status, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def decided(client: FlaskClient, form: dict[str, Any]) -> BeautifulSoup:
    """Confirm, and look at where it leads."""
    answer = client.post("/office/days", data=form | {"sure": "1"})
    assert answer.status_code == 303, answer.text
    return BeautifulSoup(client.get(answer.location).text, "html.parser")


def listed(page: BeautifulSoup, title: str) -> list[list[str]]:
    rows = page.select(f"section[aria-labelledby={title}] tbody tr")
    return [[cell.get_text(strip=True) for cell in row.select("th, td")][:3] for row in rows]


def three_kinds(office: Office) -> None:
    """One with an address, one with a phone number, one with a name alone."""
    by_phone(office, "09:00", day=WEDNESDAY, name="Erika", email="erika@b.example", phone="0431 1")
    by_phone(office, "11:00", day=WEDNESDAY, name="Jörg", phone="0431 2")
    by_phone(office, "12:00", day=WEDNESDAY, name="Olga")


def test_the_preview_says_who_falls_out_and_changes_nothing(office: Office, visit: Visit) -> None:
    switch_mail_on(office)
    three_kinds(office)
    client = office.signed_in("Lea")
    with office.store.snapshot() as snapshot:
        before = journal.version(snapshot, "rathaus")

    page = previewed(client, CLOSED)

    assert (
        "3 Termine fallen aus: 1 bekommt eine E-Mail, 1 ist nur am Telefon zu erreichen, "
        "1 ist so nicht zu erreichen." in words(page)
    )
    assert listed(page, "phones-title") == [["11:00", "Jörg", "0431 2"]]
    assert listed(page, "nobodies-title") == [["12:00", "Olga", "–"]]
    assert "Personalversammlung" in words(page) and "geschlossen" in words(page)
    with office.store.snapshot() as snapshot:
        assert journal.version(snapshot, "rathaus") == before
    visit(client, f"/office/days/preview?day={WEDNESDAY}&open=closed")


def test_other_hours_only_cancel_what_they_have_no_place_for(office: Office) -> None:
    three_kinds(office)
    fits = by_phone(office, "08:00", day=WEDNESDAY)
    overhangs = by_phone(office, "09:45", day=WEDNESDAY, service="trauung")
    client = office.signed_in("Lea")

    page = previewed(client, MORNING)
    decided(client, MORNING)

    assert "3 Termine fallen aus" in words(page)
    assert state_of(office, fits) is CONFIRMED and state_of(office, overhangs) is CANCELLED


def test_without_mail_everybody_has_to_be_told_by_a_person(office: Office) -> None:
    three_kinds(office)

    page = previewed(office.signed_in("Lea"), CLOSED)

    assert "E-Mails sind ausgeschaltet" in words(page)
    assert [row[1] for row in listed(page, "phones-title")] == ["Erika", "Jörg"]


def test_nothing_happens_before_somebody_has_ticked_that_they_mean_it(office: Office) -> None:
    booked = by_phone(office, "09:00", day=WEDNESDAY)
    client = office.signed_in("Lea")

    answer = client.post("/office/days", data=CLOSED)

    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 422
    assert "Bitte bestätigen Sie" in page.select_one(".error-summary").get_text()
    assert page.select_one("[name=notice]")["value"] == "Personalversammlung"
    assert page.title.get_text().startswith("Fehler: ")
    assert state_of(office, booked) is CONFIRMED


def test_a_day_without_appointments_needs_no_tick(office: Office) -> None:
    client = office.signed_in("Lea")

    page = previewed(client, CLOSED)
    answer = client.post("/office/days", data=CLOSED)

    assert page.select("[name=sure]") == [] and "Kein Termin fällt aus." in words(page)
    assert answer.status_code == 303


def test_the_result_lists_those_to_be_phoned(office: Office, visit: Visit) -> None:
    switch_mail_on(office)
    three_kinds(office)
    client = office.signed_in("Lea")

    page = decided(client, CLOSED | {"seen": "3"})

    assert "3 Termine fielen aus: 1 bekommt eine E-Mail" in words(page)
    assert listed(page, "phones-title") == [["11:00", "Jörg", "0431 2"]]
    assert "Seit der Vorschau" not in words(page)
    again = visit(client, f"/office/days/{WEDNESDAY}")
    assert listed(again, "phones-title") == listed(page, "phones-title")


def test_somebody_who_books_after_the_preview_is_cancelled_too_and_counted(office: Office) -> None:
    three_kinds(office)
    client = office.signed_in("Lea")
    seen = previewed(client, CLOSED).select_one("[name=seen]")["value"]
    late = by_phone(office, "14:00", day=WEDNESDAY, name="Nadine", phone="0431 9")

    page = decided(client, CLOSED | {"seen": seen})

    assert state_of(office, late) is CANCELLED
    assert "4 Termine fielen aus" in words(page)
    assert "Dort waren es 3, abgesagt wurden 4." in words(page)
    assert "Nadine" in [row[1] for row in listed(page, "phones-title")]


def test_the_confirmation_sent_twice_says_the_same(office: Office) -> None:
    three_kinds(office)
    client = office.signed_in("Lea")

    first, second = (decided(client, CLOSED | {"seen": "3"}) for _ in range(2))

    assert "3 Termine fielen aus" in words(first) and "3 Termine fielen aus" in words(second)
    assert "Seit der Vorschau" not in words(second)


def test_whose_letter_comes_back_moves_to_the_phone_list(office: Office) -> None:
    switch_mail_on(office)
    three_kinds(office)
    client = office.signed_in("Lea")
    before = decided(client, CLOSED)
    with office.store.transaction() as tx:
        letters.make(tx, "rathaus", 1, LetterKind.CANCELLED_BY_OFFICE, 9, office.clock())
        [letter] = letters.of(tx, 1)
        letters.end(tx, letter, LetterState.REFUSED, office.clock(), "recipient unknown 550")

    page = BeautifulSoup(client.get(f"/office/days/{WEDNESDAY}").text, "html.parser")

    assert [row[1] for row in listed(before, "phones-title")] == ["Jörg"]
    assert [row[1] for row in listed(page, "phones-title")] == ["Erika", "Jörg"]


def test_bookings_that_wait_for_their_link_fall_out_and_chosen_times_are_no_appointments(
    office: Office,
) -> None:
    switch_mail_on(office)
    held, form = online(office, "10:00", day=WEDNESDAY), chosen(office, "11:00", day=WEDNESDAY)
    client = office.signed_in("Lea")

    page = previewed(client, CLOSED)
    result = decided(client, CLOSED | {"seen": "1"})

    assert "1 Termin fällt aus: 1 bekommt eine E-Mail." in words(page)
    assert "1 Uhrzeit wird gerade gebucht" in words(page)
    assert state_of(office, held) is CANCELLED and state_of(office, form) is CANCELLED
    assert "1 Termin fiel aus" in words(result) and "Seit der Vorschau" not in words(result)


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


def test_days_of_the_configuration_are_shown_and_not_changeable(
    office: Office, visit: Visit
) -> None:
    plan_in_config(office, SpecialDay(date(2026, 6, 10), (), "Betriebsausflug"))
    client = office.signed_in("Lea")
    planned = visit(client, "/office/days")

    decided(client, MORNING)
    outdone = visit(client, "/office/days")

    [day] = planned.select(".coming__day")
    assert "Betriebsausflug Aus config.toml, dort zu ändern." in words(day)
    assert day.select("a, button") == []
    assert ["Gilt nicht" in words(day) for day in outdone.select(".coming__day")] == [True, False]
    assert words(visit(client, "/office")).count("Mittwoch, 10. Juni") == 1


def plan_in_config(office: Office, *days: SpecialDay) -> None:
    house = office.app.extensions["aufruf"]
    rathaus, *others = house.settings.sites
    sites = (replace(rathaus, special_days=days), *others)
    house.settings = replace(house.settings, sites=sites)


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
        assert special_days.every(snapshot, "rathaus") == []


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
    assert state_of(office, booked) is CONFIRMED
    with office.store.snapshot() as snapshot:
        assert special_days.every(snapshot, "rathaus") == []


def test_a_lead_decides_about_their_own_site_alone(office: Office) -> None:
    decided(office.signed_in("Lea"), CLOSED)

    with office.store.snapshot() as snapshot:
        assert [one.notice for one in special_days.every(snapshot, "rathaus")] == [
            "Personalversammlung"
        ]
        assert special_days.every(snapshot, "nordend") == []


def test_no_name_ever_stands_in_an_address(office: Office) -> None:
    three_kinds(office)
    client = office.signed_in("Lea")

    page = previewed(client, CLOSED)
    answer = client.post("/office/days", data=CLOSED | {"sure": "1", "seen": "3"})

    assert answer.location == f"/office/days/{WEDNESDAY}?seen=3&gone=3"
    assert [a["href"] for a in page.select("a[href*=Erika], a[href*='0431']")] == []
