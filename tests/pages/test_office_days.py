"""A day is closed or opens at other hours: preview, confirmation, phone list, undo."""

from __future__ import annotations

from collections.abc import Callable

from bs4 import BeautifulSoup

from queue_server.domain.appointment import AppointmentState
from queue_server.store import journal, letters
from queue_server.store.letters import LetterKind, LetterState
from tests.office import Office
from tests.pages.booked_days import (
    CLOSED,
    MORNING,
    WEDNESDAY,
    by_phone,
    chosen,
    decided,
    online,
    previewed,
    state_of,
    switch_mail_on,
    three_kinds,
    words,
)

Visit = Callable[..., BeautifulSoup]
CANCELLED, CONFIRMED = AppointmentState.CANCELLED, AppointmentState.CONFIRMED


def listed(page: BeautifulSoup, title: str) -> list[list[str]]:
    rows = page.select(f"section[aria-labelledby={title}] tbody tr")
    return [[cell.get_text(strip=True) for cell in row.select("th, td")][:3] for row in rows]


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
