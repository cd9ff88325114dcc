"""Letters on the office's overview and the warning at the desk: they wait, they are refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bs4 import BeautifulSoup

from queue_server.store import letters
from queue_server.store.letters import LetterKind, LetterState
from tests.office import Office
from tests.pages.booked_days import by_phone, switch_mail_on
from tests.pages.overview_sections import section

Visit = Callable[..., BeautifulSoup]


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
