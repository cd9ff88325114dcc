"""The desk in a real browser: a day by keyboard alone, live without losing one's place."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Screens
from tests.browser.desk_window import SMALL, live, number, opened, said, seated, stands_on, waiting
from tests.office import Server

Axe = Callable[[Page], list[str]]


def test_a_whole_day_by_keyboard_alone(screens: Screens, server: Server) -> None:
    for _ in range(4):
        server.draw("meldewesen")
    page = screens.desk(**SMALL)
    page.get_by_role("radio", name="Schalter 1").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    opened(page)
    waiting(page, 4)
    stands_on(page, "Nächste Person aufrufen")

    # Call, arrive, finish: each time the focus stands on what comes next.
    page.keyboard.press("n")
    number(page, "M 001")
    stands_on(page, "Erschienen")
    page.keyboard.press("e")
    expect(page.locator("[data-state=serving]")).to_be_visible()
    stands_on(page, "Bearbeitung abschließen")
    page.keyboard.press("a")
    said(page, "M 001 ist abgeschlossen.")
    stands_on(page, "Nächste Person aufrufen")

    # Nobody comes; a wrong click is undone.
    page.keyboard.press("n")
    number(page, "M 002")
    page.keyboard.press("x")
    number(page, "M 002")
    page.keyboard.press("w")
    said(page, "M 002 ist noch einmal aufgerufen.")
    page.keyboard.press("x")
    said(page, "M 002 ist nicht erschienen.")
    page.keyboard.press("r")
    number(page, "M 002")

    # Parked, and fetched back from the list.
    page.keyboard.press("p")
    said(page, "M 002 ist geparkt.")
    expect(page.locator("[data-list=parked] li")).to_have_count(1)
    page.keyboard.press("f")
    stands_on(page, "M 002 fortsetzen")
    page.keyboard.press("Enter")
    said(page, "M 002 wartet wieder")
    expect(page.locator("[data-list=parked] li")).to_have_count(0)
    waiting(page, 3)

    # Handed on to another service.
    page.keyboard.press("n")
    number(page, "M 002")
    page.keyboard.press("l")
    expect(page.get_by_role("dialog", name="M 002 weiterleiten")).to_be_visible()
    page.keyboard.type("Bew")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    said(page, "M 002 ist weitergeleitet.")
    row = page.locator("[data-waiting] tr", has_text="M 002")
    expect(row).to_contain_text("Bewohnerparkausweis")

    # A wrong call is taken back; Enter alone presses what comes next.
    page.keyboard.press("Enter")
    expect(page.locator("[data-state=called]")).to_be_visible()
    page.keyboard.press("z")
    said(page, "Aufruf zurückgenommen")


def test_the_focus_stays_while_the_queue_moves(screens: Screens, server: Server) -> None:
    for _ in range(3):
        server.draw("meldewesen")
    page = seated(screens)
    waiting(page, 3)
    row = page.locator("[data-waiting] tr", has_text="M 002").get_by_role("button")
    row.focus()
    page.evaluate("window.held = document.activeElement")

    for _ in range(3):
        server.draw("ausweise")
    waiting(page, 6)
    lea = server.clerk("Lea")
    lea.post("/api/v1/tickets/2/precedence", json={"reason": "mobility"})
    expect(page.locator("[data-waiting] tbody tr").first).to_contain_text("M 002")
    lea.post("/api/v1/tickets/4/precedence", json={"reason": "emergency"})
    lea.post("/api/v1/tickets/1/cancellation", json={})
    waiting(page, 5)

    assert page.evaluate("document.activeElement === window.held")
    stands_on(page, "M 002 aufrufen")

    # Its person goes: the focus steps to whoever stands there now, never to nowhere.
    lea.post("/api/v1/tickets/2/cancellation", json={})
    waiting(page, 4)
    stands_on(page, "A 001 aufrufen")


def test_forty_people_wait_and_the_main_action_stands_still(
    screens: Screens, server: Server
) -> None:
    page = seated(screens)
    for _ in range(40):
        server.draw("meldewesen")
    waiting(page, 40)

    idle = page.get_by_role("button", name="Nächste Person aufrufen").bounding_box()
    page.keyboard.press("n")
    number(page, "M 001")
    acts = page.locator(".person__acts .button")

    assert idle is not None and idle["y"] + idle["height"] <= SMALL["height"]
    for act in acts.all():
        box = act.bounding_box()
        assert box is not None and box["y"] + box["height"] <= SMALL["height"]
    assert page.evaluate("document.scrollingElement.scrollHeight <= innerHeight")


def test_neither_a_double_press_nor_a_second_tab_calls_two_people(
    screens: Screens, server: Server
) -> None:
    for _ in range(2):
        server.draw("meldewesen")
    page = seated(screens)
    waiting(page, 2)
    other = page.context.new_page()
    other.goto(server.url + "/desk")
    live(other)

    page.evaluate("""() => { for (let i = 0; i < 3; i += 1) document.body.dispatchEvent(
      new KeyboardEvent("keydown", { key: "n", bubbles: true })); }""")
    number(page, "M 001")
    number(other, "M 001")
    waiting(page, 1)

    # A tab that does not know yet is told whom it has.
    refused = page.request.post(
        server.url + "/desk/calls",
        form={"counter": "schalter-1"},
        headers={"X-Aufruf-Part": "1", "Sec-Fetch-Site": "same-origin"},
    )
    assert refused.status == 409 and "M 001" in refused.text()
    waiting(page, 1)


def test_letters_are_letters_in_fields_and_can_be_switched_off(
    screens: Screens, server: Server
) -> None:
    server.draw("meldewesen")
    page = seated(screens)
    waiting(page, 1)
    page.keyboard.press("/")
    page.keyboard.type("n")
    expect(page.get_by_label("Nummer suchen")).to_have_value("n")
    page.keyboard.press("Escape")
    page.get_by_label("Nummer suchen").fill("")

    page.get_by_role("link", name="Tasten").focus()
    page.keyboard.press("?")
    switch = page.get_by_label("Buchstabentasten benutzen")
    switch.uncheck()
    page.keyboard.press("Escape")
    page.reload()
    live(page)
    page.keyboard.press("n")

    expect(page.get_by_text("Niemand am Schalter")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == ["aufruf-desk-keys"]
    page.keyboard.press("Enter")
    number(page, "M 001")


def test_the_queue_is_filtered_while_typing(screens: Screens, server: Server) -> None:
    server.draw("meldewesen")
    server.draw("ausweise")
    server.draw("kfz")
    page = seated(screens, "Bernd", "Schalter 2")
    waiting(page, 3)

    page.get_by_role("radio", name="Meine").check()
    waiting(page, 1)
    page.get_by_role("radio", name="Alle").check()
    page.get_by_label("Nummer suchen").fill("k 0")
    waiting(page, 1)
    server.draw("kfz")
    waiting(page, 2)
    page.get_by_label("Nummer suchen").fill("zzz")
    expect(page.get_by_text("Kein Treffer")).to_be_visible()
    page.get_by_role("link", name="Alle zeigen").click()
    waiting(page, 4)


def test_an_appointment_is_booked_on_one_screen_and_its_code_shown(
    screens: Screens, server: Server, axe: Axe
) -> None:
    page = seated(screens)
    page.keyboard.press("t")
    form = page.get_by_role("dialog", name="Termin buchen")
    form.get_by_label("Anliegen", exact=True).select_option("meldewesen")
    form.get_by_label("Ab Tag").evaluate(
        """(day) => {
          const then = new Date(Date.now() + 3 * 86_400_000);
          day.value = then.toISOString().slice(0, 10);
          day.dispatchEvent(new Event("change", { bubbles: true }));
        }"""
    )
    form.get_by_label("Name").fill("Erika Mustermann")
    time = form.get_by_role("button", name="10:15")
    expect(time).to_be_visible()
    assert axe(page) == []

    time.click()
    expect(page.get_by_role("dialog", name="Stimmt alles? Bitte vorlesen")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Ja, Termin buchen").click()

    expect(page.locator("dialog .code")).to_have_text(
        page.locator("dialog .booked__spelled").inner_text().replace(" ", "").replace("–", "-")
    )
    box = page.get_by_role("img", name="QR-Code des Termincodes").bounding_box()
    assert box is not None and box["width"] >= 150
    assert "10:15 Uhr" in page.get_by_role("dialog").inner_text()
    assert axe(page) == []
    assert page.url == server.url + "/desk"
