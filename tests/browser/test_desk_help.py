"""The silent call for help in a real browser: from under a dialog, onto what a colleague types."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Screens
from tests.browser.desk_window import focus, live, seated
from tests.office import Server

SILENT = "Control+Shift+Space"


def test_help_is_called_while_typing_and_answered_over_a_half_typed_booking(
    screens: Screens, server: Server
) -> None:
    aylin = seated(screens)
    bernd = seated(screens, "Bernd", "Schalter 2")
    bernd.keyboard.press("t")
    name = bernd.get_by_role("dialog").get_by_label("Name")
    name.fill("Erika Muster")
    aylin.keyboard.press("/")
    aylin.keyboard.type("m")

    aylin.keyboard.press(SILENT)

    # Nothing moves or is read out where help is called; there is one small line.
    expect(aylin.locator("[data-part=help]")).to_contain_text("Ihr Hilferuf läuft.")
    expect(aylin.get_by_label("Nummer suchen")).to_have_value("m")
    assert focus(aylin) == ""
    assert aylin.locator("[data-part=help] [role]").count() == 0
    assert aylin.locator("#status").inner_text() == ""
    assert "Hilferuf" not in aylin.title()

    # The colleague can press it although a dialog is open, and goes on with it afterwards.
    expect(bernd.get_by_role("alert")).to_contain_text("Hilferuf: Schalter 1 (Aylin)")
    expect(bernd).to_have_title("Hilferuf: Schalter 1")
    bernd.get_by_role("button", name="Ich komme: Schalter 1").click()
    expect(aylin.locator("[data-part=help]")).to_contain_text("Bernd kommt.")
    expect(bernd).to_have_title("Arbeitsplatz Schalter 2 – Aufruf")
    assert name.input_value() == "Erika Muster"

    # It stays in sight when the dialog closes, and the all-clear ends it everywhere.
    bernd.keyboard.press("Escape")
    expect(bernd.get_by_role("button", name="Entwarnung: Schalter 1")).to_be_visible()
    aylin.get_by_role("button", name="Entwarnung: Schalter 1").press("Enter")
    for page in (aylin, bernd):
        expect(page.locator("[data-part=help]")).to_be_hidden()

    # The button does the same; a counter that closes leaves nothing behind.
    bernd.get_by_role("button", name="Hilfe rufen").click()
    expect(aylin.get_by_role("alert")).to_contain_text("Hilferuf: Schalter 2 (Bernd)")
    bernd.get_by_role("button", name="Schließen").click()
    expect(aylin.locator("[data-part=help]")).to_be_hidden()


def test_a_side_page_in_a_tab_of_its_own_tells_of_it_and_keeps_what_is_half_typed(
    screens: Screens, server: Server
) -> None:
    aylin = seated(screens)
    bernd = seated(screens, "Bernd", "Schalter 2")
    bernd.goto(f"{server.url}/desk/appointments/new")
    live(bernd)
    name = bernd.get_by_label("Name")
    name.fill("Erika Muster")

    aylin.keyboard.press(SILENT)

    expect(bernd.get_by_role("alert")).to_contain_text("Hilferuf: Schalter 1 (Aylin)")
    expect(bernd).to_have_title("Hilferuf: Schalter 1")
    bernd.get_by_role("button", name="Ich komme: Schalter 1").click()
    expect(aylin.locator("[data-part=help]")).to_contain_text("Bernd kommt.")
    bernd.get_by_role("button", name="Entwarnung: Schalter 1").click()
    expect(bernd.locator("[data-part=help]")).to_be_hidden()

    # From there it is called, too; and it says so where it can't be.
    bernd.keyboard.press(SILENT)
    expect(aylin.get_by_role("alert")).to_contain_text("Hilferuf: Schalter 2 (Bernd)")
    expect(bernd.locator("[data-part=help]")).to_contain_text("Ihr Hilferuf läuft.")
    aylin.get_by_role("button", name="Entwarnung: Schalter 2").click()
    expect(bernd.locator("[data-part=help]")).to_be_hidden()
    screens.may_lose_line = True
    bernd.context.set_offline(True)
    bernd.keyboard.press(SILENT)
    expect(bernd.get_by_text("Der Hilferuf ging nicht hinaus: keine Verbindung.")).to_be_visible()
    assert name.input_value() == "Erika Muster"
