"""Appointments at the desk in a real browser: a list that stays true, a booking by keyboard."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Screens
from tests.browser.desk_window import SMALL, focus, live, seated, stands_on
from tests.office import PASSWORD, ZONE, Server


def day_after() -> str:
    """Tomorrow, as it is asked: a test run may go on over midnight."""
    return (datetime.now(ZONE) + timedelta(days=1)).date().isoformat()


def book(server: Server, clock: str, name: str) -> str:
    """A colleague books for tomorrow; the token."""
    start = datetime.fromisoformat(f"{day_after()}T{clock}:00").replace(tzinfo=ZONE)
    wish = {"services": ["meldewesen"], "start": start.isoformat(), "name": name}
    answer = server.clerk("Bernd").post("/api/v1/sites/rathaus/appointments", json=wish)
    assert answer.status_code == 201, answer.text
    token: str = answer.json()["token"]
    return token


def count(page: Page, code: str, shown: int) -> None:
    expect(page.locator(f"#show-{code} strong")).to_have_text(str(shown))


def tomorrow(page: Page) -> Any:
    page.keyboard.press("h")
    page.get_by_role("dialog").get_by_role("link", name="Tag danach").click()
    expect(page.get_by_role("dialog").get_by_role("link", name="Heute")).to_be_visible()
    return page.get_by_role("dialog")


def test_the_list_stays_fresh_and_a_half_typed_code_stays_too(
    screens: Screens, server: Server
) -> None:
    page = seated(screens)
    pane = tomorrow(page)
    pane.get_by_label("Anmelden mit Termincode").fill("K7Q-M")

    token = book(server, "10:15", "Erika Mustermann")

    expect(pane.get_by_role("row", name="Erika Mustermann")).to_be_visible()
    count(page, "expected", 1)
    code = pane.get_by_label("Anmelden mit Termincode")
    assert code.input_value() == "K7Q-M"
    expect(code).to_be_focused()

    # On a filter or in a row the focus stays, too, or goes to what has taken its place.
    pane.locator("#show-expected").press("Enter")
    expect(pane.locator("#show-expected[aria-current]")).to_be_focused()
    pane.get_by_role("link", name="Öffnen: 10:15 Erika Mustermann").focus()
    book(server, "09:00", "Anna Früher")
    count(page, "expected", 2)
    stands_on(page, "Öffnen: 10:15 Erika Mustermann")
    page.keyboard.press("ArrowUp")
    stands_on(page, "Öffnen: 09:00 Anna Früher")
    page.keyboard.press("ArrowDown")
    server.client().delete(f"/api/v1/appointments/{token}")
    count(page, "gone", 1)
    expect(pane.locator("#show-expected[aria-current]")).to_be_focused()


def test_somebody_without_a_code_is_found_by_name_while_the_list_moves(
    screens: Screens, server: Server
) -> None:
    for clock, name in (("09:00", "Erika Mustermann"), ("10:15", "Jörg Müller")):
        book(server, clock, name)
    page = seated(screens)
    pane = tomorrow(page)
    rows = pane.locator("[data-row]:not([hidden])")
    pane.get_by_label("Name suchen").fill("mueller")
    expect(rows).to_have_count(1)

    # Who comes meanwhile and is called otherwise stays out of sight; Enter leads to the hit.
    book(server, "11:00", "Anna Anders")
    count(page, "expected", 3)
    expect(rows).to_have_count(1)
    page.keyboard.press("Enter")
    stands_on(page, "Öffnen: 10:15 Jörg Müller")
    pane.get_by_label("Name suchen").fill("niemand")
    expect(pane.get_by_text("Niemand mit diesem Namen")).to_be_visible()
    assert "ller" not in page.url


def test_the_list_in_a_tab_of_its_own_stays_fresh(screens: Screens, server: Server) -> None:
    page = screens.desk("Lea")
    page.goto(f"{server.url}/desk/appointments?day={day_after()}")
    live(page)

    book(server, "10:15", "Erika Mustermann")

    expect(page.get_by_role("row", name="Erika Mustermann")).to_be_visible()
    page.get_by_role("link", name="Vorgemerkt").click()
    expect(page.get_by_text("Niemand in dieser Auswahl")).to_be_visible()
    assert page.url == f"{server.url}/desk/appointments?day={day_after()}"


def test_somebody_on_the_phone_is_booked_by_keyboard_alone(
    screens: Screens, server: Server
) -> None:
    page = seated(screens)
    keys = page.keyboard
    keys.press("t")
    form = page.get_by_role("dialog", name="Termin buchen")
    expect(form.get_by_label("Anliegen", exact=True)).to_be_focused()
    # Found in the middle of its name; the arrows lead to the next one with it.
    keys.type("ausweis")
    expect(form.get_by_text("„ausweis“: 2 Treffer, weiter mit ↓")).to_be_visible()
    service = form.get_by_label("Anliegen", exact=True)
    expect(service).to_have_value("ausweise")
    keys.press("ArrowDown")
    expect(service).to_have_value("kfz")
    keys.press("ArrowUp")
    expect(service).to_have_value("ausweise")
    expect(form.locator("[name=start]").first).to_be_visible()
    form.get_by_label("Ab Tag").focus()
    page.evaluate("(day) => { document.activeElement.value = day; }", day_after())
    form.get_by_label("Name").focus()
    keys.type("Erika Mustermann")
    keys.press("Tab")
    keys.type("0431 55")

    # Enter leads to the first free time, the arrows to the next ones; Enter reads back, and books.
    keys.press("Enter")
    expect(form.locator("[name=start]").first).to_be_focused()
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    chosen = focus(page)
    assert page.evaluate("document.scrollingElement.scrollHeight <= innerHeight")
    keys.press("Enter")
    read = page.get_by_role("dialog", name="Stimmt alles? Bitte vorlesen")
    expect(read).to_contain_text(f"{chosen} Uhr")
    expect(read).to_contain_text("Digitales Passfoto")
    stands_on(page, "Ja, Termin buchen")
    keys.press("Enter")

    done = page.get_by_role("dialog", name=f"{chosen} Uhr")
    expect(done.get_by_text("Bitte lesen Sie den Termincode vor.")).to_be_visible()
    assert "0431 55" in done.inner_text()
    stands_on(page, "Fertig")


def test_without_script_the_day_is_filtered_and_somebody_is_checked_in(
    browser: Browser, server: Server
) -> None:
    book(server, "10:15", "Erika Mustermann")
    context = browser.new_context(java_script_enabled=False, viewport=SMALL)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(server.url + "/login?next=/desk")
    page.get_by_label("Benutzername").fill("Lea")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.goto(f"{server.url}/desk/appointments?day={day_after()}")

    page.get_by_role("link", name="Erwartet 1").click()
    page.get_by_role("link", name="Öffnen").click()
    page.get_by_text("Termin absagen", exact=True).click()
    page.get_by_role("button", name="Ja, Termin absagen").click()

    expect(page.get_by_text("Der Termin ist abgesagt.")).to_be_visible()
    context.close()


def test_in_a_tab_of_its_own_booking_shows_the_free_times_too(
    screens: Screens, server: Server
) -> None:
    page = screens.desk("Aylin", *SMALL.values())
    page.goto(f"{server.url}/desk/appointments/new")
    live(page)

    page.get_by_label("Anliegen", exact=True).select_option("Wohnsitz anmelden")

    expect(page.locator(".times [name=start]").first).to_be_visible()


def test_what_is_typed_into_and_pressed_above_the_day_stands_in_one_line(screens: Screens) -> None:
    page = screens.desk("Lea")
    page.keyboard.press("h")
    controls = [
        page.get_by_label("Anmelden mit Termincode"),
        page.get_by_role("dialog").get_by_role("button", name="Anmelden"),
        page.get_by_label("Name suchen"),
    ]
    expect(controls[0]).to_be_visible()

    boxes = [control.bounding_box() for control in controls]

    assert len({(box and (box["y"], box["height"])) for box in boxes}) == 1, boxes
