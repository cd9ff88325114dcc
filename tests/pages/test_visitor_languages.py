"""Visitors' pages in German and in English: as the address says, or as the browser prefers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from queue_server.domain.hours import Span
from queue_server.store import decisions
from tests.office import HERE, Office, make_office
from tests.pages.english import ENGLISH, draw, german_left, ours, words

Visit = Callable[..., BeautifulSoup]
TRANSLATED = """
[site.service.translated.en]
name = "Register a new address"
group_name = "Registration"
fee = "free of charge"
documents = ["identity card or passport", "landlord's confirmation"]
"""
SPECIAL = """
[[site.special_day]]
day = "2026-06-10"
hours = ["08:00-10:00"]
notice = "Betriebsausflug"
"""


def config() -> str:
    """The office of the tests with letters, English names and special days."""
    text = (HERE / "office.toml").read_text("utf-8")
    text = text.replace("[[site]]", '[mail]\nsmtp_url = "file:letters"\n' "sender = "
                        '"termine@musterstadt.example"\n\n[[site]]', 1)  # fmt: skip
    text = text.replace('timezone = "Europe/Berlin"', 'land = "SH"\nphone = "040 66969-100"', 1)
    return text.replace("max_persons = 5\n", "max_persons = 5\n" + TRANSLATED + SPECIAL, 1)


@pytest.fixture
def booking_office(tmp_path: Path) -> Iterator[Office]:
    office = make_office(tmp_path, config())
    yield office
    office.store.close()


@pytest.fixture
def english(office: Office) -> FlaskClient:
    """Somebody whose browser prefers English."""
    client = office.visitor()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = ENGLISH["Accept-Language"]
    return client


# -- which language ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "query", "language"),
    [
        ("", "", "de"),
        ("de-DE,de;q=0.9", "", "de"),
        ("en-GB,en;q=0.9,de;q=0.5", "", "en"),
        ("fr,en;q=0.8", "", "en"),
        ("en-GB,de;q=0.9", "", "en"),
        ("en;q=0,tr", "", "tr"),
        ("de;q=0,*;q=0.5", "", "de"),
        ("fr", "", "de"),
        ("tlh, */*", "", "de"),
        ("de", "?lang=en", "en"),
        ("en", "?lang=de", "de"),
        ("en", "?lang=tlh", "en"),
        ("", "?lang=../../etc", "de"),
    ],
)
def test_the_address_goes_before_the_browser_and_german_is_for_all_others(
    office: Office, header: str, query: str, language: str
) -> None:
    answer = office.visitor().get(f"/{query}", headers={"Accept-Language": header})

    assert f'<html lang="{language}"' in answer.text


def test_the_switch_names_each_language_in_itself_and_stays_on_the_page(
    office: Office, visit: Visit
) -> None:
    page = visit(office.visitor(), "/?site=nordend")

    german, english = page.select(".languages [hreflang=de], .languages [hreflang=en]")
    assert (german["lang"], german["aria-current"], german.get_text()) == ("de", "true", "Deutsch")
    assert (english["lang"], english["hreflang"], english.get_text()) == ("en", "en", "English")
    assert english["href"] == "/?site=nordend&lang=en" and english.get("aria-current") is None
    assert page.select_one(".languages")["aria-label"] == "Sprache"


def test_a_chosen_language_stays_in_every_link_and_form_of_ours(
    office: Office, visit: Visit
) -> None:
    token = draw(office)["token"]
    visitor = office.visitor()

    for path in ("/", f"/t/{token}", f"/t/{token}/return", "/t/unknown"):
        status = 404 if path == "/t/unknown" else 200
        page = visit(visitor, f"{path}?lang=en", status, language="en")
        for link in ours(page):
            assert "lang=en" in link or link == "/login", (path, link)


def test_nothing_is_carried_when_the_browser_asks_for_the_language_anyway(
    english: FlaskClient, visit: Visit
) -> None:
    page = visit(english, "/", language="en")

    assert [link for link in ours(page) if "lang=" in link] == []


# -- the start page ------------------------------------------------------------------------


def test_the_start_page_is_complete_in_english(booking_office: Office, visit: Visit) -> None:
    booking_office.signed_in("Bernd", "schalter-2")

    page = visit(booking_office.visitor(), "/?lang=en", language="en")

    assert german_left(page) == []
    assert "Open 24 hours Nobody is waiting 1 counter is open" in words(page, ".now")
    assert "Register a new address" in words(page, ".groups")


def test_names_that_nobody_translated_are_marked_as_german(
    booking_office: Office, visit: Visit
) -> None:
    page = visit(booking_office.visitor(), "/?lang=en", language="en")

    registration, passports = page.select(".service__summary")[:2]
    assert registration.select("[lang]") == []
    assert [each["lang"] for each in passports.select("[lang]")] == ["de"]
    assert page.select(".group__name")[0].get_text(strip=True) == "Registration"
    body = page.select(".service__body")[1]
    assert {each["lang"] for each in body.select(".documents [lang]")} == {"de"}


def test_a_german_page_marks_nothing(booking_office: Office, visit: Visit) -> None:
    page = visit(booking_office.visitor(), "/")

    assert page.select("main [lang]") == []


def test_booking_is_the_first_thing_to_do_when_letters_can_be_sent(
    booking_office: Office, visit: Visit
) -> None:
    page = visit(booking_office.visitor(), "/")

    [button] = page.select("main .button--primary")
    assert button.get_text(strip=True) == "Termin buchen"
    assert button["href"] == "/termin?site=rathaus"
    service = page.select(".service__body")[0].select_one("a")
    assert isinstance(service, Tag)
    assert service["href"] == "/termin?site=rathaus&services=meldewesen"


def test_without_letters_nobody_is_led_to_a_form_that_ends_nowhere(
    office: Office, visit: Visit
) -> None:
    page = visit(office.visitor(), "/")

    assert page.select("main .button--primary") == []
    assert "am Telefon oder am Empfang" in words(page, "[aria-labelledby=with-appointment]")


def test_special_days_of_the_next_fortnight_are_announced(
    booking_office: Office, visit: Visit
) -> None:
    with booking_office.store.transaction() as tx:
        decisions.put_special_day(tx, "rathaus", date(2026, 6, 11), (), "Wasserschaden")
        decisions.put_special_day(tx, "rathaus", date(2026, 6, 12), (Span(600, 720),), "")
        decisions.put_special_day(tx, "rathaus", date(2026, 6, 25), (), "zu weit weg")

    german = visit(booking_office.visitor(), "/")
    english = visit(booking_office.visitor(), "/?lang=en", language="en")

    assert ahead(german) == [
        "Am Mittwoch, 10. Juni, geöffnet von 08:00 bis 10:00 Uhr: Betriebsausflug",
        "Am Donnerstag, 11. Juni, geschlossen: Wasserschaden",
        "Am Freitag, 12. Juni, geöffnet von 10:00 bis 12:00 Uhr",
    ]
    assert ahead(english)[0] == "Open on Wednesday, 10 June, from 08:00 to 10:00: Betriebsausflug"
    assert english.select_one(".now__ahead [lang=de]").get_text() == "Betriebsausflug"


def ahead(page: BeautifulSoup) -> list[str]:
    return [" ".join(line.get_text().split()) for line in page.select(".now__ahead li")]


def test_public_holidays_are_named_and_days_like_others_are_not(
    booking_office: Office, visit: Visit
) -> None:
    booking_office.clock.pass_time(days=197)

    german = visit(booking_office.visitor(), "/")
    english = visit(booking_office.visitor(), "/?lang=en", language="en")

    assert ahead(german)[0] == "Am Freitag, 25. Dezember, geschlossen: Erster Weihnachtstag"
    assert ahead(english) == [
        "Closed on Friday, 25 December: Christmas Day",
        "Closed on Saturday, 26 December: Second Day of Christmas",
        "Closed on Friday, 1 January: New Year's Day",
    ]


def test_the_words_of_a_page_that_stays_open_come_with_it(english: FlaskClient) -> None:
    page = BeautifulSoup(english.get("/").text, "html.parser")

    waiting = page.select_one("[data-waiting]")
    assert waiting is not None and waiting["data-none"] == "Nobody is waiting"
    assert "people are waiting" in str(waiting["data-forms"])
    assert '"language": "en"' in str(page.select("[data-words]")[0]["data-words"])


# -- the own ticket ------------------------------------------------------------------------


# -- what goes wrong -----------------------------------------------------------------------


def test_a_page_that_is_not_there_can_still_be_read_in_another_language(office: Office) -> None:
    page = BeautifulSoup(office.visitor().get("/termin/unknown-page/x").text, "html.parser")

    assert [link["hreflang"] for link in page.select(".languages a")][:1] == ["de"]


# -- what the office has written ---------------------------------------------------------------

OWN_WORDS = """
[site.translated.en]
"Betriebsausflug" = "Staff outing"
"""


def test_the_offices_own_words_are_translated_or_marked_german(
    tmp_path: Path, visit: Visit
) -> None:
    office = make_office(tmp_path, config().replace(TRANSLATED, TRANSLATED + OWN_WORDS, 1))
    page = visit(office.visitor(), "/?lang=en", language="en")
    office.store.close()

    assert "Staff outing" in page.get_text() and "Betriebsausflug" not in page.get_text()
    assert (page.h1.get_text(), page.h1["lang"]) == ("Rathaus", "de"), "that has no English"
