"""The start page: open or closed, how long it takes now, what to bring."""

from __future__ import annotations

from collections.abc import Callable

from bs4 import BeautifulSoup

from tests.office import Office

Visit = Callable[..., BeautifulSoup]


def text(page: BeautifulSoup, selector: str) -> str:
    found = page.select_one(selector)
    assert found is not None, selector
    return " ".join(found.get_text(" ", strip=True).split())


def draw(office: Office, service: str = "meldewesen") -> None:
    answer = office.clerk("Lea").post("/api/v1/sites/rathaus/tickets", json={"services": [service]})
    assert answer.status_code == 201, answer.text


def test_the_first_site_is_shown_with_its_state_and_all_sites_can_be_chosen(
    office: Office, visit: Visit
) -> None:
    page = visit(office.visitor(), "/")

    assert text(page, "h1") == "Rathaus"
    assert "Durchgehend geöffnet" in text(page, ".now")
    assert [a["href"] for a in page.select(".place")] == ["/?site=rathaus", "/?site=nordend"]
    assert text(page, ".place[aria-current]").startswith("Rathaus")


def test_another_site_has_its_own_page(office: Office, visit: Visit) -> None:
    page = visit(office.visitor(), "/?site=nordend")

    assert text(page, "h1") == "Bürgerbüro Nordend"
    assert "Geöffnet bis 12:00 Uhr" in text(page, ".now")


def test_an_unknown_site_is_a_friendly_404(office: Office, visit: Visit) -> None:
    visit(office.visitor(), "/?site=atlantis", 404)


def test_a_closed_site_says_when_it_opens_and_no_waiting_times(
    office: Office, visit: Visit
) -> None:
    office.clock.pass_time(hours=5)

    page = visit(office.visitor(), "/?site=nordend")

    assert text(page, ".now") == "Geschlossen, öffnet am Montag, 15. Juni um 08:00 Uhr"
    assert page.select("[data-services]") == []
    assert page.select('script[src$="start.js"]') == []


def test_shortly_before_closing_it_says_that_no_more_numbers_are_given_out(
    office: Office, visit: Visit
) -> None:
    office.clock.pass_time(hours=3, minutes=50)

    page = visit(office.visitor(), "/?site=nordend")

    assert "keine neuen Wartenummern mehr" in text(page, ".now")


def test_waiting_times_stand_with_each_group(office: Office, visit: Visit) -> None:
    office.clerk("Bernd", "schalter-2")
    draw(office)
    draw(office, "ausweise")

    page = visit(office.visitor(), "/")

    groups = [" ".join(s.get_text(" ", strip=True).split()) for s in page.select(".group__summary")]
    assert "2 Personen warten 1 Schalter besetzt" in text(page, ".now")
    assert groups[0] == "Meldewesen Zurzeit kein Schalter besetzt 1 Person wartet"
    assert groups[1].startswith("Ausweise und Pässe") and "Minuten 1 Person wartet" in groups[1]


def test_every_concern_tells_documents_fee_and_duration(office: Office, visit: Visit) -> None:
    page = visit(office.visitor(), "/")

    names = [summary.get_text(strip=True) for summary in page.select(".service__summary")]
    body = text(page, ".service__body")
    assert names == [
        "Wohnsitz anmelden", "Personalausweis beantragen", "Bewohnerparkausweis",
        "Eheschließung anmelden", "Fundsache abholen",
    ]  # fmt: skip
    for words_ in ("Wohnungsgeberbestätigung", "gebührenfrei", "etwa 15 Minuten"):
        assert words_ in body
    assert "nur mit Termin" in page.select(".service__body")[3].get_text()


def test_no_button_leads_nowhere(office: Office, visit: Visit) -> None:
    visitor = office.visitor()
    page = visit(visitor, "/")

    for link in page.select("a[href^='/']"):
        assert visitor.get(str(link["href"])).status_code == 200, link


def test_clerks_find_the_way_in(office: Office, visit: Visit) -> None:
    page = visit(office.visitor(), "/")

    assert page.select_one("footer a[href='/login']") is not None


def test_nobody_sees_a_name_or_a_number_of_somebody_else(office: Office, visit: Visit) -> None:
    draw(office)

    page = visit(office.visitor(), "/")

    assert "M 001" not in page.get_text() and "Lea" not in page.get_text()
