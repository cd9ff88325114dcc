"""What stands in the letters: all that was promised, in both languages, in text and in HTML."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from tests.mail.conftest import PUBLIC, Mailroom
from tests.mail.letters_of_all_kinds import (
    EMAIL,
    KINDS,
    LANGUAGES,
    NAME,
    NOTICE,
    appointment_of,
    in_both,
    letter_of,
    said,
)
from tests.town import Town

ALL = [(kind, language) for kind in KINDS for language in LANGUAGES]
LINK = re.compile(r"https://\S+")
# What falls apart when it is laid out from the right: Termincodes, addresses of pages, telephones.
LATIN_ALONE = re.compile(r"^\s*([2-9A-Z]{3}(-[2-9A-Z]{3}){2}|https://\S+|[0-9][0-9 /-]{6,})\s*$")
# Words that no German sentence of ours has, and none that stands in an English one.
ENGLISH = re.compile(
    r"\b(the|your|you|appointment|please|hello|time|when|where|for|fee|phone|service|cancel)\b",
    re.IGNORECASE,
)
GERMAN = re.compile(
    r"\b(der|die|das|Sie|Ihr|Ihre|Ihren|Termin\w*|bitte|Guten|Uhr|Zeit|Wann|Wo|Dauer|Gebühr|und|am)"
    r"\b|[Dd]ienstag|März"
)
# What is in no language of ours: names and addresses of the office.
NAMES = re.compile(
    r"https?://\S+|termin\.ics|Marktplatz \d|Rathaus Musterstadt|\d+ Musterstadt|" + NAME
)


# -- every letter --------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_text_and_html_name_time_place_and_concerns(
    town: Town, mailroom: Mailroom, kind: str, language: str
) -> None:
    letter = letter_of(town, mailroom, kind, language)

    start = appointment_of(town).start_at
    day = {"de": ("Dienstag", "März"), "en": ("Tuesday", "March")}[language]
    for word in (*day, f"{start.hour + 1:02d}:00", "2026", "Rathaus Musterstadt"):
        assert in_both(letter, word)
    assert in_both(letter, "Marktplatz 1, 24000 Musterstadt")
    for service in {"de": ("Meldewesen", "Ausweise"), "en": ("Register a new", "Identity cards")}[
        language
    ]:
        assert in_both(letter, service)
    assert in_both(letter, {"de": "2 Personen", "en": "2 people"}[language])
    assert in_both(letter, "04321 987-0")


@pytest.mark.parametrize("kind", KINDS)
def test_a_german_letter_has_no_english_left_over(
    town: Town, mailroom: Mailroom, kind: str
) -> None:
    letter = letter_of(town, mailroom, kind, "de")

    for text in (letter.subject, letter.text, said(letter.html)):
        assert ENGLISH.findall(NAMES.sub("", text)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_english_letter_has_no_german_left_over(
    town: Town, mailroom: Mailroom, kind: str
) -> None:
    letter = letter_of(town, mailroom, kind, "en")

    for text in (letter.subject, letter.text, said(letter.html)):
        assert GERMAN.findall(NAMES.sub("", text).replace(NOTICE, "")) == []


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_the_subject_says_what_it_is_about_and_holds_no_code(
    town: Town, mailroom: Mailroom, kind: str, language: str
) -> None:
    letter = letter_of(town, mailroom, kind, language)

    appointment = appointment_of(town)
    assert {"de": "Dienstag, ", "en": "Tuesday, "}[language] in letter.subject
    assert "\xa0" not in letter.subject and len(letter.subject) < 90
    for secret in (appointment.code, appointment.token, NAME.split()[0], EMAIL):
        assert secret not in letter.subject


@pytest.mark.parametrize("kind", KINDS)
def test_html_asks_no_other_server_for_anything(town: Town, mailroom: Mailroom, kind: str) -> None:
    """No picture from afar, so no read receipt; no script, no form, no font."""
    page = BeautifulSoup(letter_of(town, mailroom, kind).html, "html.parser")

    assert page.select("script, form, iframe, link, object, video, base") == []
    assert [img["src"] for img in page.select("img") if not img["src"].startswith("cid:")] == []
    assert "url(" not in str(page) and "@import" not in str(page)
    assert page.html is not None and page.html["lang"] == "de"
    assert all(img.get("alt") for img in page.select("img"))
    assert len(page.select("h1")) == 1
    assert [t for t in page.select("table") if t.get("role") != "presentation"] == []


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_the_button_and_the_bare_link_lead_to_the_same_place(
    town: Town, mailroom: Mailroom, kind: str, language: str
) -> None:
    letter = letter_of(town, mailroom, kind, language)

    page = BeautifulSoup(letter.html, "html.parser")
    button, bare, *ways = page.select("a[href^=https]")
    assert button["href"] == bare["href"] == bare.get_text()
    assert LINK.findall(letter.text) == [a["href"] for a in (button, *ways)]
    assert str(button["href"]).startswith(PUBLIC)


# -- what each one is for ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("language", "side"), [("ar", "rtl"), ("fa", "rtl"), ("tr", "ltr")])
def test_a_letter_runs_as_its_script_does(
    town: Town, mailroom: Mailroom, kind: str, language: str, side: str
) -> None:
    html = letter_of(town, mailroom, kind, language).html
    page = BeautifulSoup(html, "html.parser")

    # Many mailboxes drop the outer two, so that what lies inside has to say it again.
    outer = [page.html, page.body, page.find("h1").find_parent("table")]  # type: ignore[union-attr]
    assert [each["dir"] for each in outer if each] == [side] * 3
    assert f"text-align:{'right' if side == 'rtl' else 'left'}" in html


@pytest.mark.parametrize("kind", KINDS)
def test_codes_links_and_telephones_are_read_from_left_to_right_in_every_letter(
    town: Town, mailroom: Mailroom, kind: str
) -> None:
    page = BeautifulSoup(letter_of(town, mailroom, kind, "ar").html, "html.parser")

    said = [each for each in page.find_all(string=LATIN_ALONE) if not each.find_parent("title")]

    assert said
    for each in said:
        assert each.find_parent(dir=True)["dir"] == "ltr", each  # type: ignore[index]


def test_what_the_office_wrote_keeps_its_own_direction(town: Town, mailroom: Mailroom) -> None:
    page = BeautifulSoup(letter_of(town, mailroom, "booked", "ar").html, "html.parser")

    fees = page.find_all(string="37,00 €")

    assert fees and all(fee.find_parent(dir=True)["dir"] == "auto" for fee in fees)  # type: ignore[index]
