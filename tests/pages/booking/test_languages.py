"""Booking in English: chosen once in the address, it stays to the end, and the letter speaks it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.office import Office, make_office
from tests.pages.booking_forms import (
    EMAIL,
    confirm,
    found,
    key_of,
    online_config,
    parsed,
    press,
    token_of,
    words_of,
)

Visit = Callable[..., BeautifulSoup]
TRANSLATED = """max_persons = 5

[site.service.translated.en]
name = "Register a new address"
group_name = "Registration"
fee = "free of charge"
documents = ["identity card or passport", "landlord's confirmation"]
"""
GERMAN = re.compile(r"[äöüßÄÖÜ„]|\b(?:Sie|Ihr|Ihre|und|Uhr|Termin|Zeit|Anliegen|Wohnsitz)\b")
# The office's own words and the other language's own name are German on every page.
OWN_WORDS = "[lang]:not([lang=en]), title"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path, online_config(("max_persons = 5", TRANSLATED)))


def is_english(page: BeautifulSoup) -> bool:
    for part in page.select(OWN_WORDS):
        part.decompose()
    assert GERMAN.findall(words_of(page)) == []
    return page.html is not None and page.html["lang"] == "en"


def read(client: FlaskClient, visit: Visit, address: str) -> BeautifulSoup:
    """An English page; it is read twice, because looking for German words takes it apart."""
    assert is_english(visit(client, address, language="en"))
    return visit(client, address, language="en")


def test_a_language_once_chosen_stays_to_the_end(
    office: Office, citizen: FlaskClient, visit: Visit
) -> None:
    [form] = read(citizen, visit, "/termin?site=rathaus&lang=en").select("main form")
    chosen = parsed(press(citizen, form, services=["meldewesen"]))
    assert "Register a new address" in words_of(chosen) and is_english(chosen)
    documents = "/termin/documents?site=rathaus&services=meldewesen&lang=en"
    onward = read(citizen, visit, documents).select_one("a.button--primary")
    assert onward is not None
    [*_, form] = read(citizen, visit, str(onward["href"])).select("form")
    details = press(citizen, form, start="2026-06-09T10:00:00+02:00").headers["Location"]
    [form] = read(citizen, visit, details).select("main form")
    assert is_english(parsed(press(citizen, form, email="nobody")))
    summary = press(citizen, form, email=EMAIL).headers["Location"]
    [form] = read(citizen, visit, summary).select("main form")
    waiting = press(citizen, form).headers["Location"]
    read(citizen, visit, waiting)

    assert found(office, token_of(waiting)).language == "en"


def test_whoever_booked_in_english_reads_english_wherever_the_link_is_opened(
    office: Office, citizen: FlaskClient, visit: Visit
) -> None:
    form = {"site": "rathaus", "services": "meldewesen", "start": "2026-06-09T10:00:00+02:00"}
    held = citizen.post("/termin/reservation?lang=en", data=form).headers["Location"]
    token = token_of(held)
    elsewhere = office.visitor()
    citizen.post(f"/termin/{token}/details", data={"email": EMAIL})
    citizen.post(f"/termin/{token}/summary")

    read(elsewhere, visit, f"/termin/{token}/confirmation?key={key_of(office, token)}")
    confirm(office, elsewhere, token)
    for path in ("", "/start", "/cancellation"):
        read(elsewhere, visit, f"/termin/{token}{path}")


@pytest.mark.parametrize(
    "address",
    ["/termin?site=rathaus", "/termin/documents?site=rathaus&services=meldewesen",
     "/termin/times?site=rathaus&services=meldewesen&day=2026-06-12&part=morning"],
)  # fmt: skip
def test_every_step_offers_the_same_page_in_the_other_language(
    citizen: FlaskClient, visit: Visit, address: str
) -> None:
    page = visit(citizen, address)

    german, english = page.select(".languages [hreflang=de], .languages [hreflang=en]")
    assert (words_of(german), words_of(english)) == ("Deutsch", "English")
    other = visit(citizen, str(english["href"]), language="en")
    assert len(other.select("input")) >= len(page.select("input")), "nothing is lost on the way"


def test_a_refused_form_still_offers_the_other_language(citizen: FlaskClient, visit: Visit) -> None:
    taken = {"site": "rathaus", "services": "meldewesen", "start": "2026-06-09T10:07:00+02:00"}
    answer = citizen.post("/termin/reservation", data=taken)
    assert answer.status_code == 409
    times = offered(parsed(answer))["en"]
    assert times.startswith("/termin/times?") and "services=meldewesen" in times
    read(citizen, visit, times)

    held = citizen.post("/termin/reservation", data=taken | {"start": "2026-06-09T10:00:00+02:00"})
    token = token_of(held.headers["Location"])
    wrong = citizen.post(f"/termin/{token}/details", data={"email": "nobody"})
    assert wrong.status_code == 422
    again = citizen.get(offered(parsed(wrong))["en"], follow_redirects=True)
    assert (again.status_code, again.request.path) == (200, f"/termin/{token}")
    assert is_english(parsed(again))


def test_an_error_page_offers_the_other_language_and_never_another_website(
    citizen: FlaskClient,
) -> None:
    missing = citizen.get("/termin/times?site=atlantis&services=meldewesen")
    assert (
        offered(parsed(missing))["en"] == "/termin/times?site=atlantis&services=meldewesen&lang=en"
    )
    elsewhere = citizen.get("/", environ_overrides={"PATH_INFO": "//evil.example/x"})
    assert offered(parsed(elsewhere))["en"] == "/evil.example/x?lang=en"
    nowhere = citizen.post("/termin/nowhere/nothing")
    assert offered(parsed(nowhere))["en"] == "/?lang=en"


def offered(page: BeautifulSoup) -> dict[str, str]:
    links = page.select(".languages a")
    return {str(link["hreflang"]): str(link["href"]) for link in links}
