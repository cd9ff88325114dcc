"""Booking, the first steps: which concerns, for how many persons, and what to bring."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.api.endpoints import API
from tests.office import Office, make_office
from tests.pages.booking_forms import (
    PHONE,
    START,
    VISIT,
    online_config,
    parsed,
    press,
    times_address,
    words_of,
)

Visit = Callable[..., BeautifulSoup]
CHOSEN = "/termin/documents?site=rathaus&services=meldewesen"
ONLINE_URL = 'minutes = 15\nonline_url = "https://www.ausweis.example/antrag"\nfee = "46,00 €"'


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path, online_config(('minutes = 15\nfee = "46,00 €"', ONLINE_URL)))


def offered(page: BeautifulSoup) -> list[str]:
    return [str(box["value"]) for box in page.select("input[name=services]")]


def ticked(page: BeautifulSoup) -> list[str]:
    return [str(box["value"]) for box in page.select("input[name=services][checked]")]


def test_what_cannot_be_booked_online_is_never_shown(office: Office, visit: Visit) -> None:
    page = visit(office.visitor(), "/termin?site=rathaus")

    assert offered(page) == ["meldewesen", "ausweise", "kfz", "trauung", "fundbuero"]
    assert "Nachlass" not in words_of(page), "not bookable"
    assert "Archiv" not in words_of(page), "its only counter takes no appointments"


def test_a_site_that_offers_nothing_online_is_not_shown(tmp_path: Path, visit: Visit) -> None:
    change = ('name = "Platz 1"', 'name = "Platz 1"\nbookable = false')
    closed = make_office(tmp_path, online_config(change))

    assert "Nordend" not in words_of(visit(closed.visitor(), "/termin"))
    there = words_of(visit(closed.visitor(), "/termin?site=nordend"))
    assert "Online buchen geht zurzeit nicht" in there


def test_sites_are_links_and_an_unknown_one_is_a_friendly_page(
    office: Office, visit: Visit
) -> None:
    page = visit(office.visitor(), "/termin")
    assert [a["href"] for a in page.select(".place")] == [
        "/termin?site=rathaus", "/termin?site=nordend",
    ]  # fmt: skip

    assert offered(visit(office.visitor(), "/termin?site=nordend")) == ["meldewesen"]
    visit(office.visitor(), "/termin?site=mars", 404)


def test_a_link_may_choose_beforehand(office: Office, visit: Visit) -> None:
    page = visit(office.visitor(), "/termin?site=rathaus&services=ausweise&services=kfz&persons=2")

    assert ticked(page) == ["ausweise", "kfz"]
    assert page.select_one("select option[selected]")["value"] == "2"  # type: ignore[index]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "Bitte wählen Sie mindestens ein Anliegen."),
        ("services=nachlass", "gibt es hier online nicht"),
        ("services=ausweise&services=archiv", "gibt es hier online nicht"),
        ("services=raumfahrt", "gibt es hier online nicht"),
        ("services=ausweise&persons=2", "„Personalausweis beantragen“ geht in einem Termin nur"),
        ("services=meldewesen&persons=9", "für höchstens 5 Personen"),
        ("services=meldewesen&persons=0", "für wie viele Personen"),
        ("services=meldewesen&persons=viele", "für wie viele Personen"),
        ("services=meldewesen&persons=²", "für wie viele Personen"),
    ],
)
@pytest.mark.parametrize("page", ["documents", "times"])
def test_what_cannot_be_booked_so_is_said_beside_its_field(
    office: Office, visit: Visit, query: str, says: str, page: str
) -> None:
    found = visit(office.visitor(), f"/termin/{page}?site=rathaus&{query}", 422)

    assert found.title is not None and found.title.get_text().startswith("Fehler: Termin buchen")
    [link] = found.select(".error-summary a")
    assert says in words_of(link)
    assert found.select_one(str(link["href"])) is not None
    assert says in words_of(found.select_one(".field__error"))


def test_a_refused_choice_keeps_what_can_be_kept(office: Office, visit: Visit) -> None:
    query = "services=ausweise&services=raumfahrt&persons=3"
    page = visit(office.visitor(), f"/termin/documents?site=rathaus&{query}", 422)

    assert ticked(page) == ["ausweise"]
    assert page.select_one("select option[selected]")["value"] == "3"  # type: ignore[index]


def test_concerns_that_no_counter_serves_together_need_two_appointments(
    tmp_path: Path, visit: Visit
) -> None:
    apart = (
        'services = ["meldewesen", "ausweise", "kfz", "trauung", "fundbuero"]',
        'services = ["meldewesen", "kfz", "trauung", "fundbuero"]',
    )
    office = make_office(tmp_path, online_config(apart, apart))

    query = "services=meldewesen&services=ausweise"
    page = visit(office.visitor(), f"/termin/documents?site=rathaus&{query}", 422)
    assert "dafür zwei Termine" in words_of(page)
    visit(office.visitor(), CHOSEN)


def test_the_form_leads_to_the_documents(office: Office) -> None:
    client = office.visitor()
    [form] = parsed(client.get("/termin?site=rathaus")).select("main form")

    answer = press(client, form, services=["meldewesen", "kfz"], persons="2")
    assert answer.status_code == 422, "one person only"
    page = parsed(press(client, form, services=["meldewesen"], persons="2"))
    assert "Zusammen etwa 30 Minuten für 2 Personen" in words_of(page)


def test_documents_are_a_list_to_tick_that_is_never_sent(office: Office, visit: Visit) -> None:
    page = visit(office.visitor(), f"{CHOSEN}&services=ausweise")

    assert [words_of(label) for label in page.select(".ticks label")] == [
        "Personalausweis oder Reisepass", "Wohnungsgeberbestätigung",
        "Alter Ausweis", "Digitales Passfoto",
    ]  # fmt: skip
    assert page.select("input[name]") == [] and page.select("main form") == []
    said = words_of(page)
    for words in ("46,00 €", "gebührenfrei", "etwa 15 Minuten", "Zusammen etwa 30 Minuten"):
        assert words in said, words


def test_a_link_to_do_it_online_names_where_it_leads(office: Office, visit: Visit) -> None:
    page = visit(office.visitor(), f"{CHOSEN}&services=ausweise")

    [link] = page.select("a[href^='https:']")
    assert link["href"] == "https://www.ausweis.example/antrag"
    assert words_of(link) == "Online erledigen (ausweis.example)"
    assert "noreferrer" in link["rel"]


def test_the_way_goes_on_to_the_times_and_back(office: Office, visit: Visit) -> None:
    page = visit(office.visitor(), f"{CHOSEN}&persons=2")

    [onward, back] = page.select("main p.cluster a")
    assert onward["href"] == "/termin/times?site=rathaus&services=meldewesen&persons=2"
    assert ticked(visit(office.visitor(), str(back["href"]))) == ["meldewesen"]


def test_without_mail_nobody_books_and_the_page_says_whom_to_call(
    tmp_path: Path, visit: Visit
) -> None:
    text = online_config(('smtp_url = "smtp://127.0.0.1:1"', 'smtp_url = ""'))
    visitor = make_office(tmp_path, text).visitor()

    page = visit(visitor, "/termin?site=rathaus")

    assert "Online buchen geht zurzeit nicht" in words_of(page)
    assert PHONE in words_of(page) and page.select("form") == []
    for address in (CHOSEN, times_address()):
        assert visitor.get(address).headers["Location"] == "/termin?site=rathaus"
    answer = visitor.post("/termin/reservation", data=VISIT | {"start": START})
    assert answer.headers["Location"] == "/termin?site=rathaus"


def test_the_page_behind_the_qr_explains_how_to_check_in(office: Office, visit: Visit) -> None:
    page = visit(office.visitor(), "/termin")

    assert "frühestens 30 Minuten vor Ihrem Termin" in words_of(page)
    assert page.select_one("[data-known][hidden]") is not None


def test_a_page_without_its_site_leads_to_the_beginning(office: Office) -> None:
    for address in ("/termin/documents?services=meldewesen", "/termin/times"):
        assert office.visitor().get(address).headers["Location"] == "/termin"


def test_a_document_that_enough_visitors_forgot_is_stressed(office: Office, visit: Visit) -> None:
    lack, keep = "Wohnungsgeberbestätigung", "Personalausweis oder Reisepass"
    aylin = office.signed_in("Aylin", "schalter-1")
    for _ in range(5):
        aylin.post(f"{API}/sites/rathaus/tickets", json={"services": ["meldewesen"]})
        aylin.post(f"{API}/counters/schalter-1/calls", json={})
        done = {"outcome": "documents_missing", "missing": [lack]}
        assert aylin.post(f"{API}/counters/schalter-1/completion", json=done).status_code == 200
    assert visit(office.visitor(), CHOSEN).select(".ticks .badge") == []

    office.clock.pass_time(days=1)
    ticks = visit(office.visitor(), CHOSEN).select(".ticks label")

    said = {tick.get_text(" ", strip=True) for tick in ticks}
    assert said == {keep, f"{lack} Wird oft vergessen"}
