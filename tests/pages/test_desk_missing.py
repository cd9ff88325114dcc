"""What visitors say is missing stands at the desk before they do."""

from __future__ import annotations

from collections.abc import Callable

from bs4 import BeautifulSoup

from queue_server.actions import arrivals, ticket_notes
from tests.office import Office
from tests.pages.booked_days import rathaus
from tests.pages.desk_forms import panel, press

Visit = Callable[..., BeautifulSoup]
PHOTO = "Digitales Passfoto"


def without_photo(office: Office) -> None:
    site = rathaus(office)
    drawn = arrivals.draw_ticket(office.store, site, ("ausweise",), now=office.clock()).ticket
    ticket_notes.declare_missing(office.store, site, drawn.token, [PHOTO], now=office.clock())


def test_the_queue_says_what_is_missing(office: Office, visit: Visit) -> None:
    without_photo(office)

    row = visit(office.signed_in("Aylin"), "/desk").select_one("[data-waiting] tbody tr")

    assert row is not None
    assert row.select_one("[data-field=missing]").get_text(strip=True) == f"Fehlt: {PHOTO}"


def test_the_panel_says_what_is_missing_and_which_document_it_is(office: Office) -> None:
    without_photo(office)
    client = office.signed_in("Aylin", "schalter-1")
    press(client, "calls", counter="schalter-1")

    person = panel(client)

    assert person.select_one(".person__missing").get_text(strip=True) == f"Fehlt: {PHOTO}"
    listed = [li.get_text(" ", strip=True) for li in person.select(".concern__documents li")]
    assert listed == ["Alter Ausweis", f"{PHOTO} (fehlt)"]
    assert PHOTO in str(person["data-signature"]).split(".")


def test_the_completion_begins_with_what_the_visitor_said(office: Office, visit: Visit) -> None:
    without_photo(office)
    client = office.signed_in("Aylin", "schalter-1")
    press(client, "calls", counter="schalter-1")
    press(client, "arrival", counter="schalter-1")

    page = visit(client, "/desk/completion")

    assert [box["value"] for box in page.select("[name=missing][checked]")] == [PHOTO]


def test_nothing_is_said_where_nothing_is_missing(office: Office, visit: Visit) -> None:
    arrivals.draw_ticket(office.store, rathaus(office), ("ausweise",), now=office.clock())

    page = visit(office.signed_in("Aylin", "schalter-1"), "/desk")

    assert "Fehlt:" not in page.select_one(".desk").get_text()
