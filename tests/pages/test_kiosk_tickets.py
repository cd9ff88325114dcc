"""Drawing a number at the kiosk: what is offered, one number for each visit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.app import create_app
from queue_server.languages.hyphenation import hardened
from queue_server.settings import load_settings
from tests.office import HERE, Clock, Office
from tests.pages.conftest import inspect_page

HOME = "/kiosk/eingang"


def office_of(config: str, folder: Path, *, always_open: bool = False) -> Office:
    """An office with another config.toml, and without clerks."""
    (folder / "config.toml").write_text(config)
    settings = load_settings(folder / "config.toml", {}, always_open=always_open)
    clock = Clock()
    return Office(create_app(settings, clock=clock), clock)


@pytest.fixture
def shipped(tmp_path: Path) -> Iterator[Office]:
    """The town hall that Aufruf is delivered with, open at any time."""
    office = office_of((HERE.parent / "config.toml").read_text(), tmp_path, always_open=True)
    yield office
    office.store.close()


def draw(kiosk: FlaskClient, *services: str, home: str = HOME, **fields: str):
    """What pressing the button sends."""
    return kiosk.post(f"{home}/tickets", data={"services": list(services), **fields})


def page_of(kiosk: FlaskClient, answer) -> BeautifulSoup:
    """The inspected page that a form led to."""
    assert answer.status_code == 303, answer.text
    shown = BeautifulSoup(kiosk.get(answer.location).text, "html.parser")
    inspect_page(shown)
    return shown


def words_of(page: BeautifulSoup) -> str:
    """What stands on the page, as one line, without the places where words may break."""
    return hardened(" ".join(page.main.get_text(" ").split()))


def number_on(page: BeautifulSoup) -> str:
    return page.select_one(".number").get_text()


def refusal_of(answer, status: int) -> str:
    """The inspected page of a refusal as one line of text."""
    assert answer.status_code == status, answer.text
    page = BeautifulSoup(answer.text, "html.parser")
    inspect_page(page)
    assert page.find(string=re.compile("Zum Anfang")), "a way home"
    return words_of(page)


# -- choosing ----------------------------------------------------------------------------------


def test_few_services_stand_on_the_first_page(office: Office, visit):
    page = visit(office.kiosk(), HOME)

    buttons = [button["value"] for button in page.select("button[name=services]")]
    assert buttons == ["meldewesen", "ausweise", "kfz", "fundbuero"]
    off = hardened(page.select_one(".choice-button--off").get_text(" ", strip=True))
    assert off == "Eheschließung anmelden nur mit Termin"


def test_a_quota_that_is_used_up_is_said_on_the_button(office: Office, visit):
    kiosk = office.kiosk()
    draw(kiosk, "fundbuero")

    off = [
        hardened(each.get_text(" ", strip=True))
        for each in visit(kiosk, HOME).select(".choice-button--off")
    ]
    assert "Fundsache abholen heute sind alle Nummern vergeben" in off
    assert "sind heute alle Wartenummern vergeben" in refusal_of(draw(kiosk, "fundbuero"), 409)


def test_a_service_with_appointment_only_is_refused_with_a_way_on(office: Office):
    said = refusal_of(draw(office.kiosk(), "trauung"), 409)

    assert "„Eheschließung anmelden“ ist nur mit Termin möglich." in said
    assert "Nächster freier Termin Heute, 09:00 Uhr" in said


@pytest.mark.parametrize(
    ("fields", "status"), [({"services": "zoll"}, 422), ({"services": "kfz", "persons": "x"}, 422)]
)
def test_what_is_not_offered_is_refused(office: Office, fields, status):
    refusal_of(office.kiosk().post(f"{HOME}/tickets", data=fields), status)


def test_an_unknown_group_is_refused(office: Office):
    refusal_of(office.kiosk().get(f"{HOME}/groups/Z"), 404)


# -- the number --------------------------------------------------------------------------------


def test_the_ticket_page_tells_number_place_range_and_way(office: Office, visit):
    office.clerk("Aylin", "schalter-1")
    kiosk = office.kiosk()
    draw(kiosk, "ausweise")

    page = page_of(kiosk, draw(kiosk, "meldewesen"))

    assert number_on(page) == "M 001"
    said = words_of(page)
    assert "1 Person ist früher gekommen als Sie." in said
    assert "vor Ihnen" not in said.split("Wartezeit")[0], "it is said once"
    assert re.search(r"Wartezeit: (\d+ bis|höchstens) \d+ Minuten", said)
    assert "Anzeige „Wartebereich“" in said
    assert "Wohnungsgeberbestätigung" in said
    assert page.select_one("[role=img] svg")


def test_without_an_open_counter_no_minutes_are_invented(office: Office):
    kiosk = office.kiosk()

    said = words_of(page_of(kiosk, draw(kiosk, "meldewesen")))

    assert "Zurzeit bearbeitet niemand Ihr Anliegen." in said
    assert "Minuten" not in said


def test_the_same_key_twice_is_one_ticket(office: Office):
    kiosk = office.kiosk()

    first, again = (draw(kiosk, "meldewesen", key="abc") for _ in range(2))

    assert first.location == again.location


def test_every_view_of_a_page_has_a_key_of_its_own(office: Office, visit):
    kiosk = office.kiosk()

    keys = {visit(kiosk, HOME).select_one("[name=key]")["value"] for _ in range(3)}

    assert len(keys) == 3


def test_several_concerns_of_several_persons_are_one_visit(office: Office, visit):
    kiosk = office.kiosk()
    page = page_of(kiosk, draw(kiosk, "meldewesen", persons="3"))

    assert number_on(page) == "M 001"
    waiting = office.clerk("Aylin").get("/api/v1/sites/rathaus/queue").json["waiting"]
    assert [(t["services"], t["persons"]) for t in waiting] == [(["meldewesen"], 3)]


def test_too_many_persons_keep_their_choice(office: Office):
    answer = draw(office.kiosk(), "meldewesen", "ausweise", persons="3")

    assert "Höchstzahl der Personen für dieses Anliegen: 1" in refusal_of(answer, 422)
    page = BeautifulSoup(answer.text, "html.parser")
    chosen = [box["value"] for box in page.select("[type=checkbox][checked]")]
    assert chosen == ["meldewesen", "ausweise"]
    assert page.title.get_text().startswith("Fehler:")


def test_no_concern_at_all_is_asked_for(office: Office):
    said = refusal_of(draw(office.kiosk()), 422)

    assert "Bitte wählen Sie mindestens ein Anliegen." in said


def test_the_group_that_people_came_from_stays_open_when_they_chose_nothing(shipped: Office, visit):
    kiosk = shipped.kiosk()
    link = visit(kiosk, visit(kiosk, HOME).select("a.choice-button")[2]["href"])
    page = visit(kiosk, link.select_one("a[href*=several]")["href"])
    fields = {field["name"]: field["value"] for field in page.select("#several [type=hidden]")}

    again = BeautifulSoup(draw(kiosk, **fields).text, "html.parser")

    opened = [
        [group.summary.get_text() for group in each.select("details[open]")]
        for each in (page, again)
    ]
    assert opened[0] == opened[1] and len(opened[1]) == 1
    assert opened[1][0] != page.details.summary.get_text(), "not only the first one"


def test_a_ticket_that_is_called_says_where_to_go(office: Office, visit):
    kiosk, clerk = office.kiosk(), office.clerk("Aylin", "schalter-1")
    drawn = draw(kiosk, "meldewesen")
    clerk.post("/api/v1/counters/schalter-1/calls", json={})

    said = words_of(visit(kiosk, drawn.location))

    assert "Sie werden aufgerufen. Bitte gehen Sie jetzt zu Schalter 1." in said


# -- closed ------------------------------------------------------------------------------------


def test_a_closed_office_says_when_it_opens_and_still_checks_in(office: Office, visit):
    office.clock.pass_time(hours=12)
    kiosk = office.kiosk("nordend-kiosk")

    page = visit(kiosk, "/kiosk/nordend-kiosk")

    said = words_of(page)
    assert "Wir haben geschlossen. Wir öffnen wieder am Mo 15.06., 08:00 Uhr." in said
    assert page.select("button[name=services]") == []
    assert page.select_one("a.appointment")["href"] == "/kiosk/nordend-kiosk/check-in"


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ({"hours": -1}, "Wir haben geschlossen. Wir öffnen heute um 08:00 Uhr."),
        (
            {"hours": 3, "minutes": 50},
            "Wir schließen um 12:00 Uhr und geben bis dahin keine Wartenummern mehr aus. "
            "Wir öffnen heute wieder um 14:00 Uhr.",
        ),
    ],
)
def test_an_office_that_opens_later_today_says_so(tmp_path: Path, hours, said):
    config = (HERE / "office.toml").read_text("utf-8")
    office = office_of(config.replace('-12:00"]', '-12:00", "14:00-18:00"]'), tmp_path)
    office.clock.pass_time(**hours)

    page = office.kiosk("nordend-kiosk").get("/kiosk/nordend-kiosk")

    office.store.close()
    assert said in words_of(BeautifulSoup(page.text, "html.parser"))


def test_a_closed_office_draws_nothing(office: Office, visit):
    office.clock.pass_time(hours=12)
    kiosk = office.kiosk("nordend-kiosk")

    said = refusal_of(draw(kiosk, "meldewesen", home="/kiosk/nordend-kiosk"), 409)

    assert "Wir haben geschlossen." in said
    assert "trotzdem anmelden" in said
    for path in ("groups/M", "several"):
        assert visit(kiosk, f"/kiosk/nordend-kiosk/{path}").select("[name=services]") == []


def test_shortly_before_closing_no_more_numbers_are_given_out(office: Office, visit):
    office.clock.pass_time(hours=3, minutes=50)

    page = visit(office.kiosk("nordend-kiosk"), "/kiosk/nordend-kiosk")

    assert "geben heute keine Wartenummern mehr aus" in words_of(page)


# -- many services ----------------------------------------------------------------------------


def test_many_services_are_found_by_their_group(shipped: Office, visit):
    kiosk = shipped.kiosk()
    groups = visit(kiosk, HOME).select("a.choice-button")

    services = [
        button["value"]
        for group in groups
        for button in visit(kiosk, group["href"]).select("button[name=services]")
    ]

    assert len(groups) == 6
    assert len(services) == 32  # the 33rd is by appointment only
