"""The kiosk in a real browser: touched, left alone, and every screen looked at closely."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from queue_server.domain.codes import new_code
from tests.browser.at_kiosk import (
    ask_for_life,
    book,
    follow,
    forgive,
    number,
    office_with_many_services,
    scan,
    timed,
    touch_kiosk,
    waiting,
)
from tests.browser.conftest import Screens
from tests.office import Server

SMALLEST_TARGET = 88
TARGETS = ":is(main, #aids) :is(a, button, summary, label.choice)"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Shared by the tests of this file."""
    yield from office_with_many_services(tmp_path_factory.mktemp("office"))


# -- drawing a number --------------------------------------------------------------------------


def test_two_touches_give_a_number_and_none_is_out_of_reach(screens: Screens):
    page = touch_kiosk(screens)
    choices = [page.get_by_role("link", name="Bescheinigungen"),
               page.get_by_role("button", name="Bescheinigung Nummer 3")]  # fmt: skip

    for choice in choices:
        box = choice.bounding_box()
        assert box is not None and box["y"] > 1920 / 3
        choice.tap()

    expect(number(page)).to_have_text(re.compile(r"B \d{3}"))
    assert number(page).inner_text() == waiting(screens.server)[-1]["number"]
    expect(page.get_by_role("img", name="QR-Code zu Ihrer Nummer")).to_be_visible()


def test_a_double_touch_is_one_ticket(screens: Screens):
    page = touch_kiosk(screens)
    page.get_by_role("link", name="Ausweise").tap()
    before = len(waiting(screens.server))

    page.get_by_role("button", name="Personalausweis").dblclick()

    expect(number(page)).to_be_visible()
    assert len(waiting(screens.server)) == before + 1


def test_without_scripts_it_is_two_touches_as_well(screens: Screens):
    page = touch_kiosk(screens, java_script_enabled=False)

    page.get_by_role("link", name="Bescheinigungen").tap()
    page.get_by_role("button", name="Bescheinigung Nummer 4").tap()

    expect(number(page)).to_be_visible()


def test_the_keyboard_alone_draws_a_number(screens: Screens):
    page = touch_kiosk(screens)

    for name in ("Bescheinigungen", "Bescheinigung Nummer 0"):
        while not page.evaluate(
            "(n) => document.activeElement.textContent.replaceAll('\\u00ad', '').includes(n)", name
        ):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_be_focused()

    expect(number(page)).to_be_visible()


def test_several_concerns_become_one_number(screens: Screens):
    page = touch_kiosk(screens)
    follow(page, "Meldewesen")
    page.get_by_role("link", name="Mehrere").tap()

    page.get_by_label("Wohnsitz anmelden").tap()
    page.get_by_text("Bescheinigungen", exact=True).tap()
    page.get_by_label("Bescheinigung Nummer 1").tap()
    page.get_by_role("button", name="Nummer ziehen").tap()

    expect(number(page)).to_be_visible()
    assert waiting(screens.server)[-1]["services"] == ["meldewesen", "anliegen-1"]


def test_whoever_is_called_while_still_at_the_kiosk_is_sent_on(screens: Screens):
    clerk = screens.server.clerk("Aylin", "schalter-1")
    page = touch_kiosk(screens)
    page.get_by_role("link", name="Bescheinigungen").tap()
    page.get_by_role("button", name="Bescheinigung Nummer 2").tap()
    expect(number(page)).to_be_visible()

    drawn = next(t for t in waiting(screens.server) if t["number"] == number(page).inner_text())
    clerk.post("/api/v1/counters/schalter-1/calls", json={"ticket": drawn["id"]})

    expect(page.get_by_text("Bitte gehen Sie jetzt zu Schalter 1.")).to_be_visible()
    clerk.delete("/api/v1/counters/schalter-1/session")


def test_the_browser_prints_the_slip_alone_by_itself_and_again_on_a_touch(screens: Screens):
    page = touch_kiosk(screens)
    page.add_init_script(
        "window.printed = []; window.print = () => { printed.push(document.body.className) }"
    )
    page.reload()
    page.get_by_role("link", name="Bescheinigungen").tap()
    page.get_by_role("button", name="Bescheinigung Nummer 5").tap()
    expect(page.get_by_text("Ihr Zettel wird gedruckt")).to_be_visible()

    page.get_by_role("button", name="Zettel noch einmal drucken").tap()

    assert page.evaluate("window.printed") == ["kiosk prints-slip"] * 2
    assert page.evaluate("document.body.className") == "kiosk"
    page.evaluate("document.body.classList.add('prints-slip')")
    page.emulate_media(media="print")
    expect(page.locator(".slip__number")).to_be_visible()
    expect(page.get_by_text("Haben Sie alles dabei?")).to_be_hidden()


# -- left alone --------------------------------------------------------------------------------


def test_it_goes_home_by_itself_after_a_question(screens: Screens):
    page = timed(touch_kiosk(screens))
    page.get_by_role("link", name="Ich habe einen Termin").tap()
    expect(page.get_by_label("Termincode", exact=True)).to_be_attached()

    ask_for_life(page, "check-in")

    expect(page.get_by_role("alertdialog", name="Sind Sie noch da?")).to_be_visible()
    page.clock.run_for(31_000)
    expect(page.get_by_role("heading", name="Willkommen")).to_be_visible()
    expect(page.locator("#stay")).to_be_hidden()


def test_the_question_can_be_answered_as_often_as_one_likes(screens: Screens):
    page = touch_kiosk(screens)
    page.get_by_role("link", name="Meldewesen").tap()
    expect(page.locator(".kiosk-page--group")).to_be_visible()

    for _ in range(12):
        ask_for_life(page, "group")
        more = page.get_by_role("button", name="Ich brauche mehr Zeit")
        expect(more).to_be_focused()
        more.tap()
        expect(page.locator("#stay")).to_be_hidden()

    expect(page.locator(".kiosk-page--group")).to_be_visible()


def test_every_page_with_a_task_warns_at_least_twenty_seconds_before(screens: Screens):
    page = touch_kiosk(screens)
    for path in ("/groups/M", "/several", "/check-in", "/picture"):
        page.goto(f"{screens.server.url}/kiosk/eingang{path}")
        assert float(page.locator("[data-page]").get_attribute("data-warning-seconds")) >= 20


# -- every screen ------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height"), [(1080, 1920), (1280, 800)])
def test_every_screen_is_accessible_and_large_enough(screens: Screens, axe, width, height):
    page = touch_kiosk(screens, width, height)
    seen = []

    def look(kind: str) -> None:
        expect(page.locator(f".kiosk-page--{kind}")).to_be_visible()
        assert axe(page) == [], kind
        assert too_small(page) == [], kind
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, kind
        if height > width:
            assert in_the_top_third(page) == [], kind
        seen.append(kind)

    look("home")
    page.get_by_role("link", name="Rund ums Auto").tap()
    look("group")
    page.get_by_role("link", name="Mehrere").tap()
    look("several")
    page.get_by_role("button", name="Nummer ziehen").tap()
    expect(page.locator(".error-summary")).to_be_visible()
    forgive(screens, 422)
    look("several")
    page.get_by_role("link", name="Zum Anfang").tap()
    page.get_by_role("link", name="Ich habe einen Termin").tap()
    expect(page.get_by_text("Hier ist keine Kamera bereit.")).to_be_visible()
    look("check-in")
    page.get_by_role("link", name="Bild senden").tap()
    look("picture")
    scan(page, new_code())
    expect(page.get_by_text("Diesen Termincode kennen wir nicht.")).to_be_visible()
    forgive(screens, 404)
    look("check-in")
    page.goto(f"{screens.server.url}/kiosk/eingang/groups/unbekannt")
    look("refused")
    forgive(screens, 404)
    scan(page, book(screens.server, in_days=5))
    expect(page.get_by_role("heading", name="Termin an einem anderen Tag")).to_be_visible()
    forgive(screens, 409)
    look("refused")
    page.get_by_role("link", name="Zum Anfang").tap()
    follow(page, "Rund ums Auto")
    page.get_by_role("link", name="Eheschließung anmelden nur mit Termin").tap()
    expect(page.get_by_text("Nächster freier Termin")).to_be_visible()
    look("appointment")
    page.get_by_role("link", name="Zum Anfang").tap()
    page.get_by_role("link", name="Meldewesen").tap()
    page.get_by_role("button", name="Wohnsitz anmelden").tap()
    look("ticket")
    ask_for_life(page, "ticket")
    expect(page.locator("#stay")).to_be_visible()
    look("ticket")
    assert len(set(seen)) == 8


def too_small(page: Page) -> list[str]:
    return page.evaluate(
        """([targets, smallest]) => [...document.querySelectorAll(targets)]
             .filter((each) => each.checkVisibility())
             .filter((each) => each.offsetHeight < smallest || each.offsetWidth < smallest)
             .map((each) => `${each.textContent.trim()} ${each.offsetWidth}x${each.offsetHeight}`)
        """,
        [TARGETS, SMALLEST_TARGET],
    )


def in_the_top_third(page: Page) -> list[str]:
    return page.evaluate(
        """(targets) => [...document.querySelectorAll(targets)]
             .filter((each) => each.checkVisibility())
             .filter((each) => each.getBoundingClientRect().top < innerHeight * 0.29)
             .map((each) => each.textContent.trim())""",
        TARGETS,
    )


# -- languages ---------------------------------------------------------------------------------


def test_one_touch_changes_the_language_of_everything_and_the_end_brings_german_back(
    screens: Screens,
):
    page = touch_kiosk(screens)
    page.get_by_role("link", name="English").tap()
    expect(page.locator("html[lang=en]")).to_be_attached()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome")
    assert "connection" in page.locator(".link-banner").text_content()
    assert page.locator("[data-leave]").text_content().strip() == "Start again"

    page.get_by_role("link", name="Bescheinigungen").tap()
    page.get_by_role("button", name="Bescheinigung Nummer 2").tap()
    expect(page.get_by_role("img", name="QR code of your number")).to_be_visible()
    page.get_by_role("link", name="Done").tap()

    expect(page.locator("html[lang=de]")).to_be_attached()
    expect(page.get_by_role("heading", level=1)).to_have_text("Willkommen")
