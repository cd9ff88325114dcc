"""Impressum, Datenschutz, Erklärung zur Barrierefreiheit: on every public page, when named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.office import Office, make_office
from tests.pages.appointment_steps import book
from tests.pages.booking_forms import online_config

Visit = Callable[..., BeautifulSoup]
PAGES = {
    "Impressum": "https://www.stadt.example/impressum/",
    "Datenschutz": "https://www.stadt.example/datenschutz",
    "Erklärung zur Barrierefreiheit": "https://www.stadt.example/barrierefrei",
}
LEGAL = """[legal]
imprint_url = "https://www.stadt.example/impressum/"
privacy_url = "https://www.stadt.example/datenschutz"
accessibility_url = "https://www.stadt.example/barrierefrei"

"""


@pytest.fixture
def named(tmp_path: Path) -> Iterator[Office]:
    """An office that names all three pages."""
    office = make_office(tmp_path, LEGAL + online_config())
    yield office
    office.store.close()


def legal(page: BeautifulSoup) -> dict[str, str]:
    links = page.select("footer a[rel=external]")
    return {link.get_text(strip=True): str(link["href"]) for link in links}


def test_every_public_page_leads_to_the_legal_pages(named: Office, visit: Visit) -> None:
    booked = book(named.clerk("Aylin"))
    drawn = named.clerk("Lea").post("/api/v1/sites/rathaus/tickets",
                                    json={"services": ["meldewesen"]}).json  # fmt: skip
    visitor = named.visitor()
    for address, status in (
        ("/", 200), ("/termin?site=rathaus", 200), (f"/termin/{booked['token']}", 200),
        ("/termin/documents?site=rathaus&services=meldewesen", 200),
        ("/termin/times?site=rathaus&services=meldewesen", 200),
        (f"/t/{drawn['token']}", 200), ("/t/unbekannt", 404), ("/gibt-es-nicht", 404),
        ("/login", 200), ("/devices/pair", 200),
    ):  # fmt: skip
        assert legal(visit(visitor, address, status)) == PAGES, address


def test_they_are_named_in_the_visitors_language(named: Office, visit: Visit) -> None:
    page = visit(named.visitor(), "/?lang=en", language="en")

    assert list(legal(page)) == ["Legal notice", "Privacy", "Accessibility statement"]
    assert [link["hreflang"] for link in page.select("footer a[rel=external]")] == ["de"] * 3


def test_nobody_leaves_a_kiosk_or_a_wall_for_another_website(named: Office) -> None:
    kiosk = named.kiosk()

    for address in ("/kiosk/eingang", "/kiosk/eingang/gibt-es-nicht", "/display/wand"):
        assert "stadt.example" not in kiosk.get(address).text, address


def test_a_site_with_pages_of_its_own_leads_to_them(tmp_path: Path, visit: Visit) -> None:
    own = '[site.links]\nimprint = "https://ortsteil.example/impressum"\n\n[site.hours]'
    office = make_office(tmp_path, online_config().replace("[site.hours]", own, 1))
    drawn = office.clerk("Lea").post("/api/v1/sites/rathaus/tickets",
                                     json={"services": ["meldewesen"]}).json  # fmt: skip
    visitor = office.visitor()

    for address in ("/?site=rathaus", "/termin?site=rathaus", f"/t/{drawn['token']}", "/login"):
        assert legal(visit(visitor, address)) == {
            "Impressum": "https://ortsteil.example/impressum"
        }, address
    assert legal(visit(visitor, "/?site=nordend")) == {}, "another site's page is not theirs"
    office.store.close()


def test_what_is_not_named_is_no_link(office: Office, visit: Visit) -> None:
    assert legal(visit(office.visitor(), "/")) == {}
    assert visit(office.visitor(), "/login").select("footer") == []


def test_the_office_can_be_called_with_one_touch(named: Office, visit: Visit) -> None:
    start = visit(named.visitor(), "/")
    nothing_free = visit(
        named.visitor(), "/termin/times?site=nordend&services=meldewesen&part=afternoon"
    )

    dialled = [str(link["href"]) for link in start.select("main a[href^='tel:']")]
    assert dialled == ["tel:+494066969100"] * 2, "under the hours, and when a search finds nothing"
    assert nothing_free.select("a[href^='tel:']") == [], "Nordend has no telephone"
