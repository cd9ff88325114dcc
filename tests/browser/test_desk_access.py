"""The desk when something is missing: server, session, script, sight."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Screens
from tests.browser.desk_window import SMALL, live, number, opened, said, seated, waiting
from tests.office import PASSWORD, Server

Axe = Callable[[Page], list[str]]


def test_the_desk_heals_after_the_server_was_killed(screens: Screens, server: Server) -> None:
    server.draw("meldewesen")
    page = seated(screens)
    waiting(page, 1)

    screens.may_lose_line = True
    server.kill()
    expect(page.locator(".link-banner")).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_role("alert").filter(has_text="nicht geantwortet")).to_be_visible()
    server.start()
    expect(page.locator(".link-banner")).to_be_hidden()
    server.draw("meldewesen")
    waiting(page, 2)

    page.keyboard.press("n")
    number(page, "M 001")


def test_a_session_that_ends_in_another_window_leads_to_the_sign_in(
    screens: Screens, server: Server
) -> None:
    for page in (seated(screens), screens.desk("Lea")):
        live(page)
        other = page.context.new_page()
        other.goto(server.url + "/desk")
        live(other)

        other.get_by_role("button", name="Abmelden").click()

        page.wait_for_url(f"{server.url}/login?next=/desk")


def test_the_desk_works_without_script(browser: Browser, server: Server) -> None:
    server.draw("meldewesen")
    context = browser.new_context(java_script_enabled=False, viewport=SMALL)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(server.url + "/desk")
    page.get_by_label("Benutzername").fill("Aylin")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.get_by_label("Schalter 1").check()
    page.get_by_role("button", name="Schalter öffnen").click()
    page.get_by_role("button", name="Nächste Person aufrufen").click()
    number(page, "M 001")
    page.get_by_role("button", name="Erschienen", exact=False).first.click()
    page.get_by_role("link", name="Unterlagen fehlen").click()
    page.get_by_label("Wohnungsgeberbestätigung").check()
    page.get_by_role("button", name="Bearbeitung abschließen").click()
    said(page, "Unterlagen fehlen")
    page.get_by_role("link", name="Termin buchen").click()
    page.get_by_label("Anliegen", exact=True).select_option("ausweise")
    page.get_by_role("button", name="Freie Zeiten zeigen").click()
    page.locator("[name=start]").last.click()
    page.get_by_role("button", name="Ja, Termin buchen").click()
    expect(page.locator(".booked .code")).to_be_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_is_accessible(screens: Screens, server: Server, axe: Axe, scheme: str) -> None:
    server.draw("meldewesen", "kfz")
    for _ in range(3):
        server.draw("meldewesen")
    page = screens.desk(**SMALL)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    live(page)
    faults = {"closed": axe(page)}
    page.get_by_label("Schalter 1").check()
    page.get_by_role("button", name="Schalter öffnen").click()
    opened(page)
    faults["idle"] = axe(page)
    for key, state in (("n", "called"), ("w", "called"), ("x", "missed"), ("n", "called"),
                       ("p", "parked"), ("n", "called"), ("e", "serving")):  # fmt: skip
        page.keyboard.press(key)
        if state in ("called", "serving"):
            expect(page.locator(f"[data-state={state}]")).to_be_visible()
            if key == "w":
                said(page, "noch einmal")
        else:
            # The list may hear of it before the answer is here, and keys rest until then.
            said(page, {"missed": "nicht erschienen", "parked": "geparkt"}[state])
            expect(
                page.locator(f"[data-list={state.replace('missed', 'no_show')}] li")
            ).to_have_count(1)
        faults[f"{key}-{state}"] = axe(page)
    for key in "luigth?":
        page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_be_visible()
        faults[f"dialog {key}"] = axe(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("link", name="Mehr zu").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    faults["ticket"] = axe(page)

    assert {state: found for state, found in faults.items() if found} == {}
