"""How a wall looks as its office wants it: theme, pages, several sites, languages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from display.information import pages_of, rendered
from display.words import again, spoken_by
from queue_server.domain.site import InformationPage
from queue_server.domain.theme import Theme, ratio
from queue_server.web.theme import DARK, LIGHT, css, roles
from tests.cast import BERLIN, MONDAY, moment
from tests.office import HERE, Office, make_office
from tests.pages.booked_days import rathaus

Visit = Callable[..., BeautifulSoup]
CREST = "<svg xmlns='http://www.w3.org/2000/svg'/>"
LOOKS = """
[site.translated.en]
"Schalter" = "Counter"
"Der Eingang ist hinten." = "The entrance is at the back."

[site.theme]
name = "Musterstadt"
crest = "wappen.svg"
color = "#ffd84d"
dark = true

[[site.page]]
text = "# Neu\\n\\n<b>kein HTML</b> [kein Link](https://example.org)"
[site.page.translated]
en = "# New"
tr = "# Yeni"
[[site.page]]
text = "vorbei"
until = "2026-06-07"
[[site.page]]
picture = "wappen.svg"
alt = "Der Eingang ist hinten."
displays = ["info"]

[[site.display]]
id = "info"
layout = "calls_information"
languages = ["de", "en"]
[[site.display]]
id = "beide"
sites = ["rathaus", "nordend"]

[[site.service]]"""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    (tmp_path / "wappen.svg").write_text(CREST, "utf-8")
    text = (HERE / "office.toml").read_text("utf-8").replace("\n[[site.service]]", LOOKS, 1)
    office = make_office(tmp_path, text)
    yield office
    office.store.close()


@pytest.mark.parametrize("color", ["#00525c", "#ffd84d", "#1d2f6f", "#000000", "#ffffff"])
@pytest.mark.parametrize(("page", "text"), [LIGHT, DARK])
def test_whatever_the_colour_every_text_on_the_wall_has_seven_to_one(
    color: str, page: str, text: str
) -> None:
    found = roles(Theme(color=color, accent=color), page, text)

    pairs = [("on-primary", "primary"), ("on-attention", "attention")]
    pairs += [("primary-strong", "primary-pale"), ("on-primary-strong", "primary-strong")]
    for above, below in pairs:
        assert ratio(found[above], found[below]) >= 7, (above, below)
    assert ratio(text, found["primary-pale"]) >= 7
    assert ratio(found["primary-line"], page) >= 3


def test_the_page_and_the_text_of_both_schemes_are_those_of_the_stylesheets() -> None:
    folder = HERE.parent / "queue_server" / "web" / "static" / "css"
    tokens = (folder / "tokens.css").read_text() + (folder / "dark.css").read_text()
    named = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", tokens))
    for role, colors in (("page", (LIGHT[0], DARK[0])), ("text", (LIGHT[1], DARK[1]))):
        assert [named[n] for n in re.findall(rf"--color-{role}: var\(--(\w+)\)", tokens)] == [
            *colors
        ]


def test_a_wall_wears_the_theme_of_its_site(office: Office, visit: Visit) -> None:
    page = visit(office.visitor(), "/display/wand")

    assert page.html["data-scheme"] == "dark"
    assert page.select_one(".wall__town").get_text() == "Musterstadt"
    for link in ("/static/css/dark.css", "/theme/rathaus.css"):
        assert page.select(f'link[href="{link}"]'), link
    sheet = office.visitor().get("/theme/rathaus.css")
    assert (sheet.mimetype, sheet.text) == ("text/css", css(Theme(color="#ffd84d")))
    crest = office.visitor().get(page.select_one(".wall__crest")["src"])
    assert (crest.mimetype, crest.text) == ("image/svg+xml", CREST)
    for place, wears in (("eingang", True), ("nordend-kiosk", False)):
        kiosk = visit(office.kiosk(place), f"/kiosk/{place}")
        assert bool(kiosk.select('link[href^="/theme/"]')) is wears
    plain = visit(office.visitor(), "/display/nordend-wand")
    assert plain.html["data-scheme"] == "light" and not plain.select(".wall__crest")
    assert office.visitor().get("/theme/nordend/crest").status_code == 404


def test_a_wall_has_its_pages_and_none_that_is_over(office: Office, visit: Visit) -> None:
    pages = visit(office.visitor(), "/display/info").select("[data-page]:not(#calls)")

    assert [page.get_text(" ", strip=True) for page in pages] == [
        "Neu <b>kein HTML</b> [kein Link](https://example.org)",
        "New",
        "The entrance is at the back.",
    ]
    assert [page.get("lang") for page in pages] == ["de", "en", None]
    picture = office.visitor().get(pages[2].select_one("img")["src"])
    assert picture.text == CREST
    assert office.visitor().get("/display/wand/pictures/2").status_code == 404
    assert office.visitor().get("/display/info/pictures/9").status_code == 404
    assert not visit(office.visitor(), "/display/wand").select("#info")


def test_a_picture_says_in_the_languages_of_the_wall_what_it_shows(
    office: Office, visit: Visit
) -> None:
    [page] = visit(office.visitor(), "/display/info").select("#info [data-page]:has(img)")

    picture, other = page.select_one("img"), page.select_one(".visually-hidden")
    assert (picture["alt"], picture["lang"]) == ("Der Eingang ist hinten.", "de")
    assert (other.get_text(), other["lang"]) == ("The entrance is at the back.", "en")


@pytest.mark.parametrize(
    ("languages", "said"),
    [
        (("de", "en"), [("Hinten", "de"), ("At the back", "en")]),
        (("en", "tr"), [("At the back", "en")]),
        (("tr", "ar"), [("Hinten", "de")]),
    ],
)
def test_a_picture_is_told_in_german_where_no_language_of_the_wall_has_words(
    office: Office, languages: tuple[str, ...], said: list[tuple[str, str]]
) -> None:
    page = InformationPage(picture="wappen.svg", alt="Hinten")
    site = replace(rathaus(office), pages=(page,), translated={"en": {"Hinten": "At the back"}})

    [shown] = pages_of(site, site.displays[0], MONDAY, languages)

    assert [(each.text, each.language) for each in shown.alts] == said


def test_a_text_is_never_more_than_headings_lists_and_emphasis() -> None:
    html = str(rendered("## Neu\n\n- **a** <script>x</script>\n\n![b](http://c) <http://d>"))

    assert set(re.findall(r"<(\w+)", html)) == {"h3", "ul", "li", "strong", "p"}


def test_two_sites_on_one_wall_say_where_each_call_is(office: Office, visit: Visit) -> None:
    for name, site, counter in (
        ("Clara", "nordend", "nordend-1"),
        ("Aylin", "rathaus", "schalter-1"),
    ):
        clerk = office.clerk(name, counter)
        clerk.post(f"/api/v1/sites/{site}/tickets", json={"services": ["meldewesen"]})
        office.clock.pass_time(seconds=1)
        assert clerk.post(f"/api/v1/counters/{counter}/calls", json={}).status_code == 200

    page = visit(office.visitor(), "/display/beide")

    assert [site.get_text() for site in page.select("#rows .call__site")] == [
        "Rathaus",
        "Bürgerbüro Nordend",
    ]
    assert len(json.loads(page.select_one("#calls")["data-watched"])) == 2


def test_the_wall_knows_its_words_in_each_of_its_languages(office: Office, visit: Visit) -> None:
    sayings = json.loads(
        visit(office.visitor(), "/display/info").select_one("#calls")["data-sayings"]
    )

    assert list(sayings) == ["de", "en"]
    assert sayings["de"]["wait"] == "Bitte warten Sie auf Ihren Aufruf"
    assert sayings["en"]["wait"] != sayings["de"]["wait"]
    assert spoken_by(["xx"]) == ["de"]
    assert (sayings["de"]["stand"], sayings["en"]["stand"]) == ("Stand {time}", "As of {time}")


def test_counters_have_their_names_in_each_language_that_the_office_wrote(
    office: Office, visit: Visit
) -> None:
    places = json.loads(
        visit(office.visitor(), "/display/info").select_one("#calls")["data-places"]
    )

    assert places["de"] == {}
    assert places["en"]["Schalter 1"] == "Counter 1"


def test_the_next_opening_is_said_as_people_say_it() -> None:
    now, opens = moment(MONDAY, "07:00"), moment(MONDAY, "14:30")

    assert again(opens, BERLIN, now, "de") == "Wieder heute um 14:30\u00a0Uhr"
    later = again(moment(MONDAY, "08:00"), BERLIN, moment(MONDAY.replace(day=1), "12:00"), "de")
    assert later == "Wieder am Montag, 2.\u00a0März, um 8\u00a0Uhr"
