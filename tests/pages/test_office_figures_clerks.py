"""Figures never tell clerks apart, unless the office allows it, and then never by few cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.api.endpoints import API
from tests.office import Office

Visit = Callable[..., BeautifulSoup]
PATH = "/office/figures?from=2026-06-08&to=2026-06-08"


def allowed(office: Office) -> None:
    context = office.app.extensions["aufruf"]
    privacy = replace(context.settings.privacy, clerk_statistics=True)
    context.settings = replace(context.settings, privacy=privacy)


def serve(office: Office, people: int) -> FlaskClient:
    """Aylin serves so many on Monday; the lead of Tuesday."""
    aylin = office.signed_in("Aylin", "schalter-1")
    for _ in range(people):
        aylin.post(f"{API}/sites/rathaus/tickets", json={"services": ["meldewesen"]})
        for minutes, verb in ((1, "calls"), (1, "arrival"), (5, "completion")):
            office.clock.pass_time(minutes=minutes)
            answer = aylin.post(f"{API}/counters/schalter-1/{verb}", json={})
            assert answer.status_code == 200, answer.text
    office.clock.pass_time(days=1)
    return office.signed_in("Lea")


def names(page: BeautifulSoup) -> list[str]:
    return [each.get_text(strip=True) for each in page.select(".figures__table--grouped tbody th")]


def test_unless_allowed_no_page_and_no_file_tells_clerks_apart(
    office: Office, visit: Visit
) -> None:
    lea = serve(office, 5)

    page = visit(lea, f"{PATH}&by=clerk")

    assert page.select("select[name=by] option[value=clerk]") == []
    assert names(page) == ["8 bis 9\u00a0Uhr"]
    assert lea.get(f"{API}/sites/rathaus/statistics?by=clerk").status_code == 422
    assert "Aylin" not in lea.get(f"{PATH}&by=clerk").text


@pytest.mark.parametrize(("people", "expected"), [(5, ["Aylin"]), (4, [])])
def test_where_allowed_nobody_is_told_by_fewer_than_five_cases(
    office: Office, visit: Visit, people: int, expected: list[str]
) -> None:
    allowed(office)
    lea = serve(office, people)

    page = visit(lea, f"{PATH}&by=clerk")

    assert names(page) == expected
    # No way to single visits of a clerk, and none through the list's own address.
    assert page.select(".figures__table--grouped tbody th a") == []
    assert visit(lea, "/office/figures/visits?from=2026-06-08&to=2026-06-08&clerk=99").select(
        "tbody tr"
    )
    # The API never tells clerks apart.
    assert lea.get(f"{API}/sites/rathaus/statistics?by=clerk").status_code == 422
