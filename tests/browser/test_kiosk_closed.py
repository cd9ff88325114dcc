"""A kiosk in a closed office: it says why, still checks people in, and offers appointments."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.at_kiosk import office_with_many_services, touch_kiosk
from tests.browser.conftest import Screens
from tests.browser.test_kiosk import in_the_top_third, too_small
from tests.office import Server

WHY = "Heute ist Personalversammlung."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Shared by the tests of this file."""
    yield from office_with_many_services(tmp_path_factory.mktemp("office"), closed=WHY)


@pytest.mark.parametrize(("width", "height"), [(1080, 1920), (1280, 800)])
def test_two_touches_show_when_the_next_appointment_is_free(screens: Screens, axe, width, height):
    page = touch_kiosk(screens, width, height)

    def look() -> None:
        assert (axe(page), too_small(page)) == ([], [])
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert height < width or in_the_top_third(page) == []

    expect(page.get_by_text(WHY)).to_be_visible()
    expect(page.get_by_role("link", name="Ich habe einen Termin")).to_be_visible()
    expect(page.get_by_role("img", name="QR-Code zur Terminbuchung")).to_be_visible()
    look()
    page.get_by_role("link", name="Bescheinigungen").tap()
    expect(page.locator(".kiosk-page--group")).to_be_visible()
    look()
    page.get_by_role("link", name="Bescheinigung Nummer 3").tap()
    expect(page.get_by_text("Nächster freier Termin")).to_be_visible()
    expect(page.get_by_role("img", name="QR-Code zur Terminbuchung")).to_be_visible()
    look()
