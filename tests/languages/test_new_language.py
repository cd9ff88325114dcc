"""A further language is one more file: every word that visitors read comes out of it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.dates import get_day_names
from babel.messages import Catalog
from bs4 import BeautifulSoup

from queue_server import languages
from queue_server.languages import CATALOGUES, EASY_GERMAN, words
from tests.languages.gather import Text, catalogue, said, untranslated, updated, written
from tests.office import HERE, Office, make_office

# Polish has one more plural form than German and English, here it only frames what is German.
LANGUAGE = "pl"
FRAMED = re.compile("⟦[^⟦⟧]*⟧")
LETTERS = re.compile(r"[^\W\d_]{2,}")
# What belongs to the office, to Babel or to nobody.
NOT_OURS = {
    "Aufruf",
    "Deutsch",
    "English",
    "Polski",
    *("Rathaus", "Marktplatz", "Musterstadt", "Bürgerbüro", "Nordend"),
    *get_day_names("wide", "format", LANGUAGE).values(),
    *(name.rstrip(".") for name in get_day_names("short", "stand-alone", LANGUAGE).values()),
    *("openstreetmap", "org"),
}


PERSON = {"Erika", "erika", "example", "de"}


@pytest.fixture(scope="module")
def source() -> dict[Text, list[str]]:
    return said()


@pytest.fixture
def polish(
    tmp_path: Path, source: dict[Text, list[str]], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    folder = tmp_path / "catalogues"
    folder.mkdir()
    # Beside German and English alone, however many languages the server offers.
    shutil.copy(CATALOGUES / "en.po", folder)
    framed = Catalog(locale=LANGUAGE)
    for text in source:
        forms = (f"⟦{text[1]}⟧",) * framed.num_plurals if isinstance(text, tuple) else None
        framed.add(text, forms or f"⟦{text}⟧")
    (folder / f"{LANGUAGE}.po").write_text(written(framed), "utf-8")
    monkeypatch.setattr(languages, "CATALOGUES", folder)
    forget()
    yield folder
    monkeypatch.undo()
    forget()


def forget() -> None:
    """What is known of languages is kept for good, as catalogues do not change while we run."""
    for known in (languages.ready, languages.texts, words.forms):
        known.cache_clear()


@pytest.fixture
def polish_office(polish: Path, tmp_path: Path) -> Iterator[Office]:
    config = (HERE / "office.toml").read_text("utf-8")
    mail = '[mail]\nsmtp_url = "file:letters"\nsender = "termine@musterstadt.example"\n\n[[site]]'
    office = make_office(tmp_path, config.replace("[[site]]", mail, 1))
    yield office
    office.store.close()


def bare(page: BeautifulSoup) -> set[str]:
    """Words that came neither out of the catalogue nor say that they are German."""
    for element in page.select("script, code, [lang=de]"):
        element.decompose()
    spoken = [str(e[name]) for name in ("aria-label", "alt") for e in page.select(f"[{name}]")]
    text, framed = " ".join([page.get_text(" "), *spoken]), 1
    # A sentence may stand in a place of another one.
    while framed:
        text, framed = FRAMED.subn("", text)
    return set(LETTERS.findall(text)) - NOT_OURS


def look(office: Office, path: str, status: int = 200) -> BeautifulSoup:
    answer = office.visitor().get(path, headers={"Accept-Language": LANGUAGE})
    assert answer.status_code == status, (path, answer.text)
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.html is not None and page.html["lang"] == LANGUAGE
    return page


def test_the_house_speaks_it_as_soon_as_the_file_is_there(polish: Path) -> None:
    assert languages.ready() == ("de", "en", LANGUAGE)
    assert languages.own_name(LANGUAGE) == "Polski"
    assert words.minutes(5, LANGUAGE) == f"⟦5{words.NO_BREAK}Minuten⟧"
    assert set(words.forms("{count} Minute", "{count} Minuten", LANGUAGE)) == {
        "one", "few", "many", "other",
    }  # fmt: skip


@pytest.mark.parametrize("begun", ["", (CATALOGUES / "en.po").read_text("utf-8")], ids=["", "copy"])
def test_an_empty_file_or_a_copy_is_a_beginning(
    tmp_path: Path, source: dict[Text, list[str]], begun: str
) -> None:
    path = tmp_path / f"{LANGUAGE}.po"
    path.write_text(begun, "utf-8")

    path.write_text(written(updated(catalogue(path), source)), "utf-8")

    found = catalogue(path)
    assert (str(found.locale), found.num_plurals) == (LANGUAGE, 3)
    plurals = {each for each in source if isinstance(each, tuple)}
    assert set(untranslated(found)) == (plurals if begun else set(source))


def test_leichte_sprache_is_read_again_as_it_was_written(
    tmp_path: Path, source: dict[Text, list[str]]
) -> None:
    path = tmp_path / f"{EASY_GERMAN}.po"
    path.write_text("", "utf-8")

    path.write_text(written(updated(catalogue(path), source)), "utf-8")

    assert path.read_text("utf-8") == written(updated(catalogue(path), source))
    assert catalogue(path).num_plurals == 2


def test_it_can_be_chosen_on_every_page(polish_office: Office) -> None:
    page = look(polish_office, "/")

    assert [link["hreflang"] for link in page.select(".languages a")] == ["de", "en", LANGUAGE]


def test_the_start_page_speaks_nothing_else(polish_office: Office) -> None:
    assert bare(look(polish_office, "/")) == set()
    assert bare(look(polish_office, "/no-such-page", 404)) == set()


@pytest.mark.parametrize(
    "verbs", [(), ("calls", "recall"), ("calls", "arrival", "completion")], ids=str
)
def test_a_ticket_speaks_nothing_else(polish_office: Office, verbs: tuple[str, ...]) -> None:
    clerk = polish_office.signed_in("Aylin", "schalter-1")
    drawn = clerk.post("/api/v1/sites/rathaus/tickets", json={"services": ["meldewesen"]}).json
    for verb in verbs:
        assert clerk.post(f"/api/v1/counters/schalter-1/{verb}", json={}).status_code in (200, 201)

    assert bare(look(polish_office, f"/t/{drawn['token']}")) == set()
    assert bare(look(polish_office, "/t/unknown", 404)) == set()


def test_the_way_to_an_appointment_speaks_nothing_else(polish_office: Office) -> None:
    visitor = polish_office.visitor()
    visitor.environ_base["HTTP_ACCEPT_LANGUAGE"] = LANGUAGE
    wanted = "site=rathaus&services=meldewesen&persons=2"
    assert bare(look(polish_office, "/termin?site=rathaus")) == set()
    assert bare(look(polish_office, f"/termin/documents?{wanted}")) == set()
    times = look(polish_office, f"/termin/times?{wanted}")
    assert bare(copy(times)) == set()

    start = times.select("[name=start]")[0]
    form = start.find_parent("form")
    assert form is not None
    body = {e["name"]: e["value"] for e in form.select("input[type=hidden]")}
    reserved = visitor.post(str(form["action"]), data=body | {"start": start["value"]})
    assert reserved.status_code == 303, reserved.text
    held = reserved.location
    assert bare(look(polish_office, held)) == set()
    refused = visitor.post(f"{held}/details", data={"email": "nobody"})
    assert bare(BeautifulSoup(refused.text, "html.parser")) == set()
    visitor.post(f"{held}/details", data={"email": "erika@example.de", "name": "Erika"})
    assert bare(look(polish_office, f"{held}/summary")) <= PERSON
    assert bare(look(polish_office, f"{held}/cancellation")) == set()
    visitor.post(f"{held}/summary")
    assert bare(look(polish_office, held)) <= PERSON


def copy(page: BeautifulSoup) -> BeautifulSoup:
    return BeautifulSoup(str(page), "html.parser")


def test_arabic_pages_run_from_the_right_and_german_words_on_them_from_the_left(
    polish: Path, tmp_path: Path
) -> None:
    written_here = (polish / "pl.po").read_text("utf-8")
    (polish / "ar.po").write_text(written_here, "utf-8")
    forget()
    office = make_office(tmp_path, (HERE / "office.toml").read_text("utf-8"))

    page = BeautifulSoup(office.visitor().get("/?lang=ar").text, "html.parser")
    office.store.close()

    assert page.html is not None and (page.html["lang"], page.html["dir"]) == ("ar", "rtl")
    german = page.select("body [lang=de]:not([hreflang])")
    assert german and {each.get("dir") for each in german} == {"ltr"}
