"""What each kind of letter is for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup

from queue_server.actions import appointments
from queue_server.domain.hours import SpecialDay
from queue_server.domain.site import CheckinRules
from queue_server.scanning import read_code_texts
from tests.mail.conftest import PUBLIC, TUESDAY, Mailroom
from tests.mail.letters_of_all_kinds import (
    EMAIL,
    LANGUAGES,
    NAME,
    NOTICE,
    WITH_CODE,
    appointment_of,
    furnish,
    in_both,
    letter_of,
)
from tests.town import Town


def test_the_confirmation_has_the_key_and_says_until_when(town: Town, mailroom: Mailroom) -> None:
    letter = letter_of(town, mailroom, "confirmation")

    asked = appointment_of(town)
    link = f"{PUBLIC}/termin/{asked.token}/confirmation?key={asked.confirmation_key}"
    assert letter.link_to("/confirmation") == link
    assert in_both(letter, "bis Montag, 2. März, 09:00 Uhr")
    assert in_both(letter, "Sie haben keinen Termin vorgemerkt? Dann tun Sie bitte nichts")


def test_the_confirmation_holds_neither_code_nor_name(town: Town, mailroom: Mailroom) -> None:
    """The address is not proven yet: no stranger may have words of their own sent to others."""
    letter = letter_of(town, mailroom, "confirmation")

    assert appointment_of(town).code not in letter.raw.decode()
    assert "Yılmaz" not in letter.text + letter.html
    assert "Guten Tag," in letter.text and letter.calendar == b""


@pytest.mark.parametrize(("kind", "language"), [(k, n) for k in WITH_CODE for n in LANGUAGES])
def test_a_letter_with_the_code_has_all_that_a_visit_needs(
    town: Town, mailroom: Mailroom, kind: str, language: str
) -> None:
    letter = letter_of(town, mailroom, kind, language)

    visit = appointment_of(town)
    words = {
        "de": ("Wohnungsgeberbestätigung", "digitales Passfoto", "gebührenfrei", "37,00 €",
               "etwa 50 Minuten", "Guten Tag " + NAME),
        "en": ("Confirmation from the landlord", "digital photo", "free of charge", "37.00 €",
               "about 50 minutes", "Hello " + NAME),
    }[language]  # fmt: skip
    for word in (visit.code, *words):
        assert in_both(letter, word)
    own = f"{PUBLIC}/termin/{visit.token}"
    assert letter.link_to("/termin/") == own
    for way in ("/start", "/cancellation"):
        assert letter.link_to(way) == own + way and f'href="{own}{way}"' in letter.html


@pytest.mark.parametrize("kind", WITH_CODE)
def test_the_picture_holds_the_link_with_the_code(
    town: Town, mailroom: Mailroom, kind: str
) -> None:
    letter = letter_of(town, mailroom, kind)

    html = BeautifulSoup(letter.html, "html.parser")
    (name,) = [img["src"].removeprefix("cid:") for img in html.select("img")]
    (picture,) = [p for p in letter.message.walk() if p.get_content_type() == "image/png"]
    assert picture["Content-ID"] == f"<{name}>"
    assert read_code_texts(bytes(picture.get_payload(decode=True))) == [
        f"{PUBLIC}/termin#{appointment_of(town).code}"
    ]


def test_the_letter_says_from_when_until_when_and_how_late(town: Town, mailroom: Mailroom) -> None:
    town.change(checkin=CheckinRules(early_minutes=20, grace_minutes=5, late_until_minutes=60))

    letter = letter_of(town, mailroom, "booked")

    assert in_both(letter, "ab 08:40 Uhr")
    assert in_both(letter, "Bis 09:05 Uhr sind Sie pünktlich")
    assert in_both(letter, "Nach 10:00 Uhr verfällt der Termin")


def test_a_visit_for_one_thing_by_one_person_is_told_plainly(
    town: Town, mailroom: Mailroom
) -> None:
    furnish(town)
    town.booked("Kfz", email=EMAIL, day=TUESDAY)
    mailroom.collect()

    text = mailroom.written().text

    assert "Person" not in text and "bringen" not in text and "Gebühr" not in text


def test_whoever_has_to_cancel_says_why_and_offers_another_time(
    town: Town, mailroom: Mailroom
) -> None:
    letter = letter_of(town, mailroom, "cancelled_by_office")

    assert in_both(letter, NOTICE) and in_both(letter, "Das tut uns leid")
    assert letter.link_to("/times") == (
        f"{PUBLIC}/termin/times?site=rathaus&services=meldewesen&services=ausweise&persons=2"
    )


def test_the_notice_may_stand_in_the_configuration(town: Town, mailroom: Mailroom) -> None:
    furnish(town)
    town.booked("Kfz", email=EMAIL, day=TUESDAY)
    town.change(special_days=(SpecialDay(TUESDAY, (), "Betriebsausflug"),))
    town.decide_day(TUESDAY)
    mailroom.collect()

    assert in_both(mailroom.written(), "Betriebsausflug")


def test_another_time_is_offered_in_the_language_of_the_letter(
    town: Town, mailroom: Mailroom
) -> None:
    letter = letter_of(town, mailroom, "cancelled_by_office", "en")

    assert letter.link_to("/times").endswith("&persons=2&lang=en")


def test_what_can_only_be_booked_by_phone_is_not_offered_online(
    town: Town, mailroom: Mailroom
) -> None:
    furnish(town)
    town.change_service("Kfz", bookable=False)
    town.cancel_booking(town.booked("Kfz", email=EMAIL, day=TUESDAY))
    mailroom.collect()

    letter = mailroom.written()

    assert "/times" not in letter.text + letter.html
    assert in_both(letter, "04321 987-0")


def test_a_clerk_who_cancels_for_somebody_does_not_beg_their_pardon(
    town: Town, mailroom: Mailroom
) -> None:
    furnish(town)
    booked = town.booked("Kfz", email=EMAIL, day=TUESDAY)
    clerk = town.clerk("Aylin").id
    appointments.cancel_by_clerk(town.store, town.site(), booked.id, clerk=clerk, now=town.now)
    mailroom.collect()

    letter = mailroom.written()

    assert letter.subject == "Ihr Termin am Dienstag, 3. März, 08:10 Uhr ist abgesagt"
    assert "leid" not in letter.text and in_both(letter, "Brauchen Sie weiterhin einen Termin")


def test_a_service_that_the_catalogue_no_longer_has_keeps_no_letter(
    town: Town, mailroom: Mailroom
) -> None:
    furnish(town)
    town.booked("Kfz", "Meldewesen", email=EMAIL, day=TUESDAY)
    town.change(services=tuple(s for s in town.site().services if s.id != "kfz"))
    mailroom.collect()

    assert in_both(mailroom.written(), "Meldewesen")


def test_an_unknown_language_is_answered_in_german(town: Town, mailroom: Mailroom) -> None:
    assert "Guten Tag" in letter_of(town, mailroom, "booked", "tlh").text


@pytest.mark.parametrize("language, hello", [("uk", "Добрий день, {}!"), ("ar", "مرحباً {}،")])
def test_everybody_is_greeted_as_their_language_does(
    town: Town, mailroom: Mailroom, language: str, hello: str
) -> None:
    assert in_both(letter_of(town, mailroom, "booked", language), hello.format(NAME))


def test_times_are_those_of_the_clock_on_the_wall_on_both_sides_of_the_change(
    town: Town, mailroom: Mailroom
) -> None:
    furnish(town)
    for day in (date(2026, 3, 27), date(2026, 3, 30)):
        town.booked("Kfz", email=EMAIL, day=day, at="09:00")
        mailroom.collect()

        assert in_both(mailroom.written(), "09:00 Uhr")
    assert timedelta() == town.site().zone.dst(town.now.replace(tzinfo=None))


def test_a_name_cannot_write_html(town: Town, mailroom: Mailroom) -> None:
    furnish(town)
    town.booked("Kfz", email=EMAIL, day=TUESDAY, name="<a href='https://evil.example'>Hier</a>")
    mailroom.collect()

    html = mailroom.written().html

    assert "<a href='https://evil" not in html and "&lt;a href=" in html
