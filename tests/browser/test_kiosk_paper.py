"""Paper after the number, on a real server: the page says what becomes of the slip."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.at_kiosk import number, touch_kiosk
from tests.browser.conftest import Screens
from tests.office import HERE, ForkedServer, Server
from tests.printing.simulator import PrinterSimulator, printer_simulator

# A printer is given up after some seconds; only a test that hangs waits for so long.
GIVEN_UP_MS = 60_000


@pytest.fixture(scope="module")
def printer() -> Iterator[PrinterSimulator]:
    with printer_simulator() as printer:
        yield printer


@pytest.fixture(scope="module")
def server(printer: PrinterSimulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("office")
    config = (HERE / "office.toml").read_text()
    config = config.replace('printer = ""', f'printer = "{printer.address}"')
    (folder / "paper.toml").write_text(config)
    server = ForkedServer(folder, folder / "paper.toml").start()
    yield server
    server.close()


def test_a_printer_that_hangs_holds_up_nobody_and_is_said_on_the_open_page(
    screens: Screens, printer: PrinterSimulator
):
    page = touch_kiosk(screens)
    page.get_by_role("button", name="Wohnsitz anmelden").click()
    expect(page.get_by_text("Ihr Zettel wird gedruckt")).to_be_visible()
    expect(number(page)).to_have_text("M 001")
    page.get_by_role("link", name="Fertig").click()

    printer.hangs = True
    page.get_by_role("button", name="Wohnsitz anmelden").click()

    expect(page.get_by_text("Ihr Zettel wird gedruckt")).to_be_visible()
    trouble = page.get_by_role("alert").filter(has_text="Bitte merken oder fotografieren Sie")
    expect(trouble).to_be_visible(timeout=GIVEN_UP_MS)
    expect(page.get_by_text("Ihr Zettel wird gedruckt")).to_have_count(0)
    expect(page.get_by_role("button", name="Zettel")).to_have_count(0)
    expect(number(page)).to_have_text("M 002")
