"""The office in a real browser: fresh by itself, a day cancelled, read by everybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Screens
from tests.browser.desk_window import SMALL
from tests.office import PASSWORD, ZONE, Server

Axe = Callable[[Page], list[str]]
# Whenever it is looked at: still to come, also when a run goes on over midnight.
DAY = (datetime.now(ZONE) + timedelta(days=3)).date()


SETUP = (
    *("/office/setup", "/office/setup/services", "/office/setup/services/kfz"),
    *(
        "/office/setup/hours",
        "/office/staff",
        "/office/devices",
        "/office/changes",
        "/office/setup/backups",
        "/office/appointments",
    ),
)


def book(server: Server, clock: str, **contact: str) -> None:
    start = datetime.fromisoformat(f"{DAY}T{clock}:00").replace(tzinfo=ZONE)
    wish = {"services": ["meldewesen"], "start": start.isoformat(), **contact}
    answer = server.clerk("Aylin").post("/api/v1/sites/rathaus/appointments", json=wish)
    assert answer.status_code == 201, answer.text


def office(screens: Screens, path: str = "/office", width: int = SMALL["width"]) -> Page:
    page = screens.desk("Lea", width, SMALL["height"])
    page.goto(screens.server.url + path)
    return page


def width_of(page: Page) -> int:
    """With its styles: words can be found before they have come."""
    page.wait_for_load_state()
    width: int = page.evaluate("document.scrollingElement.scrollWidth")
    return width


def booked_on(page: Page) -> str:
    row = page.get_by_role("row", name=f"{DAY:%d.%m.}")
    return row.locator("td").nth(1).inner_text()


def test_the_overview_keeps_itself_fresh_and_fits_on_one_screen(
    screens: Screens, server: Server
) -> None:
    page = office(screens)
    expect(page.locator("html[data-link=up]")).to_be_attached()
    assert booked_on(page) == "0"
    page.get_by_role("link", name="Planen").focus()

    book(server, "10:15", name="Erika")

    row = page.get_by_role("row", name=f"{DAY:%d.%m.}")
    expect(row.locator("td").nth(1)).to_have_text("1")
    expect(page.get_by_role("link", name="Planen")).to_be_focused()
    assert page.evaluate("document.scrollingElement.scrollHeight <= innerHeight")


def test_the_overview_says_when_it_cannot_be_fresh(screens: Screens, server: Server) -> None:
    page = office(screens)
    expect(page.locator("html[data-link=up]")).to_be_attached()

    screens.may_lose_line = True
    server.kill()

    expect(page.locator(".link-banner")).to_be_visible()
    server.start()
    expect(page.locator(".link-banner")).to_be_hidden()


def test_a_day_is_cancelled_by_keyboard_and_the_list_is_printed(
    screens: Screens, server: Server
) -> None:
    book(server, "10:15", name="Erika Mustermann", phone="0431 55")
    page = screens.desk("Lea", **SMALL)
    page.keyboard.press("o")
    page.get_by_role("link", name="Besondere Tage").press("Enter")
    page.get_by_label("Tag", exact=True).fill(DAY.isoformat())
    expect(page.get_by_label("von", exact=True)).to_be_hidden()
    page.get_by_label("Hinweis").fill("Personalversammlung")
    page.keyboard.press("Enter")
    sure = page.get_by_label("Ja, 1 Termin absagen")
    expect(page.get_by_text("1 Termin fällt aus")).to_be_visible()

    # Not before it is ticked.
    button = page.get_by_role("button", name="Tag schließen und 1 Termin absagen")
    button.press("Enter")
    expect(button).to_be_visible()
    sure.press("Space")
    button.press("Enter")

    expect(page.get_by_text("1 Termin fiel aus")).to_be_visible()
    expect(page.get_by_role("row", name="Erika Mustermann")).to_contain_text("0431 55")
    page.evaluate("window.print = () => { document.title = 'gedruckt'; }")
    page.get_by_role("button", name="Liste drucken").press("Enter")
    assert page.title() == "gedruckt"
    page.emulate_media(media="print")
    expect(page.get_by_role("row", name="Erika Mustermann")).to_be_visible()
    expect(page.get_by_role("link", name="Zum Arbeitsplatz")).to_be_hidden()


def test_a_day_is_cancelled_and_undone_without_script(browser: Browser, server: Server) -> None:
    book(server, "10:15", name="Erika Mustermann", phone="0431 55")
    context = browser.new_context(java_script_enabled=False, viewport=SMALL)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(server.url + "/office")
    page.get_by_label("Benutzername").fill("Lea")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.get_by_role("link", name="Planen").click()
    page.get_by_label("Tag", exact=True).fill(DAY.isoformat())
    page.get_by_label("Andere Öffnungszeiten").check()
    page.get_by_label("von", exact=True).fill("08:00")
    page.get_by_label("bis").first.fill("10:00")
    page.get_by_role("button", name="Vorschau").click()
    page.get_by_label("Ja, 1 Termin absagen").check()
    page.get_by_role("button", name="Öffnungszeiten ändern und 1 Termin absagen").click()
    expect(page.get_by_text("08:00–10:00 Uhr")).to_be_visible()

    page.get_by_text("Wieder wie geplant öffnen").click()
    page.get_by_role("button", name="Ja, Entscheidung aufheben").click()

    expect(page.get_by_text("Abgesagte Termine bleiben abgesagt.")).to_be_visible()
    expect(page.get_by_text("Es sind keine besonderen Tage geplant.")).to_be_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible(screens: Screens, server: Server, axe: Axe, scheme: str) -> None:
    book(server, "10:15", name="Erika Mustermann", phone="0431 55")
    book(server, "11:15", name="Olga Petrova")
    page = office(screens)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    faults = {"overview": axe(page)}
    days = ("/office/days", f"/office/days/preview?day={DAY}&open=closed&notice=Fest")
    for path in (*SETUP, *days):
        page.goto(server.url + path)
        faults[path] = axe(page)
    page.get_by_label("Ja, 2 Termine absagen").check()
    page.get_by_role("button", name="absagen").click()
    expect(page.get_by_text("2 Termine fielen aus")).to_be_visible()
    faults["day"] = axe(page)
    aylin = screens.desk("Aylin")
    aylin.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    answer = aylin.request.get(server.url + "/office")

    assert answer.status == 403
    assert {path: found for path, found in faults.items() if found} == {}


def test_a_change_of_the_longest_words_is_looked_at_and_saved_by_keyboard(
    screens: Screens, server: Server, axe: Axe
) -> None:
    longest = "Donaudampfschifffahrtsgesellschaftskapitänspatentbescheinigungsverlängerung"
    page = office(screens, "/office/setup/services/kfz", width=320)
    page.get_by_label("Name", exact=True).fill(longest)
    page.keyboard.press("Enter")

    expect(page.get_by_text(f'+ name = "{longest}"')).to_be_visible()
    assert width_of(page) == 320
    assert axe(page) == []
    page.get_by_role("button", name="Speichern").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name=longest)).to_be_visible()
    assert width_of(page) == 320


def test_on_a_phone_nothing_is_cut_off(screens: Screens, server: Server) -> None:
    book(server, "10:15", name="Erika Mustermann-Hohenlohe", phone="0431 55")
    page = office(screens, width=320)
    paths = ("/office", "/office/days", f"/office/days/preview?day={DAY}&open=closed")

    widths = {}
    for path in (*SETUP, *paths):
        page.goto(server.url + path)
        widths[path] = width_of(page)

    assert set(widths.values()) == {320}
