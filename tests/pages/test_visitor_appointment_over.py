"""An appointment that is over, or whose new time is gone: the page knows the way on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from queue_server.actions.days import decide_day
from queue_server.store import identities
from tests.office import Office, make_office
from tests.pages.appointment_steps import LATER, book, chosen_day
from tests.pages.booking_forms import PHONE, online_config, words_of

Visit = Callable[..., BeautifulSoup]


@pytest.fixture
def online(tmp_path: Path) -> Office:
    """An office that sends letters, so citizens can book."""
    return make_office(tmp_path, online_config())


def cancel_by_office(office: Office) -> None:
    """The day falls out, and everything on it."""
    with office.store.snapshot() as snapshot:
        clerk = identities.clerk_named(snapshot, "Lea")
    assert clerk is not None
    site = office.app.extensions["aufruf"].settings.site("rathaus")
    decide_day(office.store, site, date(2026, 6, 9), [], clerk=clerk.id, now=office.clock())


def test_what_the_office_had_to_cancel_says_so_and_leads_to_a_new_time(
    online: Office, visit: Visit
) -> None:
    token = book(online.signed_in("Aylin"))["token"]
    cancel_by_office(online)

    page = visit(online.visitor(), f"/termin/{token}")

    assert "Leider mussten wir diesen Termin absagen." in words_of(page)
    [onward] = page.select("a.button--primary")
    assert onward["href"] == "/termin/times?site=rathaus&services=ausweise"


@pytest.mark.parametrize("state", ["cancelled", "expired", "missed"])
def test_what_is_over_leads_to_a_new_time(online: Office, visit: Visit, state: str) -> None:
    token = book(online.signed_in("Aylin"), services=["meldewesen", "kfz"])["token"]
    with online.store.transaction() as tx:
        tx.write("UPDATE appointments SET state = :state", {"state": state})

    page = visit(online.visitor(), f"/termin/{token}")

    [onward] = page.select("a.button--primary")
    visit(online.visitor(), str(onward["href"]))
    assert onward["href"] == "/termin/times?site=rathaus&services=meldewesen&services=kfz"
    assert "Leider mussten wir" not in words_of(page)


def test_without_online_booking_the_page_says_whom_to_call(tmp_path: Path, visit: Visit) -> None:
    text = online_config(('smtp_url = "smtp://127.0.0.1:1"', 'smtp_url = ""'))
    office = make_office(tmp_path, text)
    token = book(office.signed_in("Aylin"))["token"]
    office.visitor().post(f"/termin/{token}/cancellation")

    said = words_of(visit(office.visitor(), f"/termin/{token}"))

    assert "am Telefon oder am Empfang" in said and PHONE in said


def test_a_time_that_is_gone_is_answered_with_what_is_near(online: Office, visit: Visit) -> None:
    clerk = online.signed_in("Aylin")
    token = book(clerk, services=["meldewesen"])["token"]
    for _ in range(2):
        book(clerk, LATER, services=["meldewesen"])

    answer = online.visitor().post(f"/termin/{token}/start", data={"start": LATER})
    page = BeautifulSoup(answer.text, "html.parser")

    assert answer.status_code == 409 and chosen_day(page) == "Mittwoch, 10. Juni"
