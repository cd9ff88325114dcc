"""For whom there is no number: the next free appointment, and a code that opens the booking."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.domain.site import Site
from queue_server.languages.hyphenation import hardened
from queue_server.qr import qr_svg
from queue_server.store import decisions
from tests.office import HERE, Office, make_office
from tests.pages.conftest import inspect_page
from tests.pages.test_kiosk_check_in import booked, scan
from tests.pages.test_kiosk_tickets import HOME, draw, page_of, refusal_of, words_of

NORDEND = "/kiosk/nordend-kiosk"
MAIL = """host = "127.0.0.1"
public_url = "https://termine.rathaus.example"

[mail]
smtp_url = "file:letters"
sender = "amt@rathaus.example"
"""
TERMIN = "https://termine.rathaus.example/termin"


@pytest.fixture
def online(tmp_path: Path) -> Iterator[Office]:
    """An office that books online, has a phone, and is closed on a Tuesday for its staff."""
    config = (HERE / "office.toml").read_text().replace('host = "127.0.0.1"\n', MAIL, 1)
    config = config.replace('name = "Rathaus"\n', 'name = "Rathaus"\nphone = "04321 555"\n', 1)
    config = config.replace(
        'id = "nordend-kiosk"\n',
        'id = "nordend-kiosk"\n[[site.special_day]]\nday = "2026-06-09"\n'
        'notice = "Heute ist Personalversammlung."\n',
    )
    office = make_office(tmp_path, config)
    yield office
    office.store.close()


def site_of(office: Office, id: str) -> Site:
    return office.app.extensions["aufruf"].site(id)


def shows_code_of(page: BeautifulSoup, address: str) -> bool:
    """Whether the page shows the QR code of exactly this address."""
    shown = page.select_one(".booking-code svg")
    expected = BeautifulSoup(qr_svg(address), "html.parser").svg
    return shown is not None and shown.decode() == expected.decode()


def touch(kiosk: FlaskClient, page: BeautifulSoup, name: str, visit) -> BeautifulSoup:
    link = next(link for link in page.select("a") if name in hardened(link.get_text()))
    return visit(kiosk, link["href"])


# -- only with an appointment, or used up ------------------------------------------------------


def test_by_appointment_only_leads_to_the_next_free_one(online: Office, visit):
    kiosk = online.kiosk()

    page = touch(kiosk, visit(kiosk, HOME), "Eheschließung anmelden", visit)

    said = words_of(page)
    assert "Nächster freier Termin Heute, 09:00 Uhr" in said
    assert "auf dem Handy öffnen termine.rathaus.example /termin" in said
    assert shows_code_of(page, f"{TERMIN}?site=rathaus&services=trauung")


def test_a_day_that_is_not_today_is_written_out(online: Office, visit):
    online.clock.pass_time(hours=15, minutes=30)

    said = words_of(visit(online.kiosk(), f"{HOME}/appointments/trauung"))

    assert "Nächster freier Termin Dienstag, 9. Juni, 00:30 Uhr" in said


def test_a_quota_that_is_used_up_leads_to_the_next_free_one(online: Office, visit):
    kiosk = online.kiosk()
    draw(kiosk, "fundbuero")

    page = touch(kiosk, visit(kiosk, HOME), "Fundsache abholen", visit)

    assert shows_code_of(page, f"{TERMIN}?site=rathaus&services=fundbuero")


def test_a_number_that_is_refused_offers_the_whole_visit(online: Office):
    kiosk = online.kiosk()

    answer = draw(kiosk, "trauung", "kfz")

    refusal_of(answer, 409)
    page = BeautifulSoup(answer.text, "html.parser")
    assert "Nächster freier Termin" in words_of(page)
    assert shows_code_of(page, f"{TERMIN}?site=rathaus&services=trauung&services=kfz")


def test_persons_come_along(online: Office):
    code = booked(online, persons=3).code
    online.clock.pass_time(hours=3)

    page = BeautifulSoup(scan(online, code).text, "html.parser")

    assert shows_code_of(page, f"{TERMIN}?site=rathaus&services=meldewesen&persons=3")


def test_whoever_has_something_missing_may_look_for_another_day(online: Office, visit):
    kiosk = online.kiosk()
    ticket = draw(kiosk, "meldewesen").location
    said = {"have": ["Personalausweis oder Reisepass"], "papers": "some"}

    page = page_of(kiosk, kiosk.post(f"{ticket}/documents", data=said))

    next_page = touch(kiosk, page, "Nächster freier Termin", visit)
    assert shows_code_of(next_page, f"{TERMIN}?site=rathaus&services=meldewesen")


# -- what can't be booked online ---------------------------------------------------------------


def test_without_mail_the_date_is_said_and_the_phone_named(online: Office, tmp_path, visit):
    (tmp_path / "offline").mkdir()
    config = (tmp_path / "config.toml").read_text().replace("file:letters", "")
    offline = make_office(tmp_path / "offline", config)

    page = visit(offline.kiosk(), f"{HOME}/appointments/trauung")

    said = words_of(page)
    offline.store.close()
    assert "Nächster freier Termin Heute, 09:00 Uhr" in said
    assert "Diesen Termin nehmen" in said, "taken here, it needs no mail"
    assert "Passt Ihnen diese Uhrzeit nicht? Rufen Sie uns bitte an: 04321 555" in said
    assert page.main.select("svg") == []


def test_a_concern_that_is_not_booked_online_sends_to_people(office: Office, tmp_path, visit):
    config = (HERE / "office.toml").read_text()
    config = config.replace("walk_in = false", "walk_in = false\nbookable = false")
    (tmp_path / "other").mkdir()
    other = make_office(tmp_path / "other", config)
    kiosk = other.kiosk()

    off = visit(kiosk, HOME).select_one(".choice-button--off")
    said = words_of(visit(kiosk, f"{HOME}/appointments/trauung"))

    other.store.close()
    assert off.name == "p", "it leads nowhere, so it is no link"
    assert "Für dieses Anliegen geben wir hier keine Termine." in said


def test_an_unknown_concern_is_refused(online: Office):
    refusal_of(online.kiosk().get(f"{HOME}/appointments/fischerei"), 422)


# -- closed ------------------------------------------------------------------------------------


def test_a_closed_office_offers_appointments_for_every_concern(online: Office, visit):
    online.clock.pass_time(hours=12)
    kiosk = online.kiosk("nordend-kiosk")

    home = visit(kiosk, NORDEND)
    page = touch(kiosk, home, "Wohnsitz anmelden", visit)

    assert shows_code_of(home, f"{TERMIN}?site=nordend")
    assert "Nächster freier Termin Montag, 15. Juni, 08:00 Uhr" in words_of(page)
    assert shows_code_of(page, f"{TERMIN}?site=nordend&services=meldewesen")


def test_a_closed_office_with_many_concerns_shows_their_groups(online: Office, visit, tmp_path):
    config = (tmp_path / "config.toml").read_text()
    more = "".join(
        f'[[site.service]]\nid = "mehr-{n}"\nname = "Mehr {n}"\ngroup = "X"\nminutes = 5\n\n'
        for n in range(9)
    )
    head, _, tail = config.rpartition("[[site.counter]]")
    (tmp_path / "many").mkdir()
    office = make_office(tmp_path / "many", f"{head}{more}[[site.counter]]{tail}")
    office.clock.pass_time(hours=12)
    kiosk = office.kiosk("nordend-kiosk")

    group = touch(kiosk, visit(kiosk, NORDEND), "Anliegen X", visit)
    page = touch(kiosk, group, "Mehr 3", visit)

    office.store.close()
    assert "Wir haben geschlossen." in words_of(group)
    assert group.select("[name=services]") == []
    assert shows_code_of(page, f"{TERMIN}?site=nordend&services=mehr-3")


def test_a_number_asked_for_after_closing_offers_an_appointment(online: Office):
    online.clock.pass_time(hours=12)
    answer = draw(online.kiosk("nordend-kiosk"), "meldewesen", home=NORDEND)

    said = refusal_of(answer, 409)

    inspect_page(BeautifulSoup(answer.text, "html.parser"))
    assert "Wir haben geschlossen." in said
    assert "Nächster freier Termin Montag, 15. Juni, 08:00 Uhr" in said


# -- days that are unlike others ---------------------------------------------------------------


def test_a_closed_day_says_why(online: Office, visit):
    online.clock.pass_time(days=1)

    said = words_of(visit(online.kiosk("nordend-kiosk"), NORDEND))

    assert "Zurzeit keine Wartenummern Heute ist Personalversammlung." in said


def test_the_day_before_and_after_say_nothing_of_it(online: Office, visit):
    kiosk = online.kiosk("nordend-kiosk")

    before = words_of(visit(kiosk, NORDEND))
    online.clock.pass_time(days=2)
    after = words_of(visit(kiosk, NORDEND))

    assert "Personalversammlung" not in before + after


def test_what_was_decided_at_the_desk_goes_before_the_plan(online: Office, visit):
    online.clock.pass_time(days=1)
    site = site_of(online, "nordend")
    day = online.clock().astimezone(site.zone).date()
    with online.store.transaction() as tx:
        decisions.put_special_day(tx, site.id, day, (), "Heute ist das Wasser abgestellt.")

    said = words_of(visit(online.kiosk("nordend-kiosk"), NORDEND))

    assert "Heute ist das Wasser abgestellt." in said
    assert "Personalversammlung" not in said


def test_an_open_day_with_a_notice_says_it_and_gives_numbers(online: Office, visit):
    site = site_of(online, "rathaus")
    today = online.clock().astimezone(site.zone).date()
    with online.store.transaction() as tx:
        decisions.put_special_day(
            tx, site.id, today, site.hours.spans(today), "Heute nur ein Schalter."
        )

    page = visit(online.kiosk(), HOME)

    assert "Heute nur ein Schalter." in words_of(page)
    assert page.select("button[name=services]")
