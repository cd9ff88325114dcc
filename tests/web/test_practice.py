"""An office to practise in can't be mistaken for the real one, and nothing of it reaches out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from queue_server.actions import staff
from queue_server.app import create_app
from queue_server.domain.site import Site
from queue_server.settings import Mail, Push, Settings, load_settings
from queue_server.settings.practising import practising
from queue_server.web.practice import NOTE, trainee_names
from tests.office import HERE, Clock, Office, make_office

ADDRESS = "http://uebung.example:8001"


def _settings(folder: Path) -> Settings:
    """The office of the tests with all that could reach out."""
    (folder / "config.toml").write_text((HERE / "office.toml").read_text("utf-8"), "utf-8")
    real = load_settings(folder / "config.toml", {})
    server = replace(real.server, practice_url=ADDRESS)
    mail = Mail(smtp_url="smtp://mail.example", sender="amt@example.de")
    sites = tuple(map(_with_printer, real.sites))
    return replace(real, server=server, mail=mail, push=Push(enabled=True), sites=sites)


def _with_printer(site: Site) -> Site:
    kiosks = tuple(replace(kiosk, printer="tcp://10.0.0.9") for kiosk in site.kiosks)
    desk = replace(site.desk, file_url="https://dms.example/{appointment}")
    return replace(site, kiosks=kiosks, desk=desk)


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Office]:
    settings, clock = practising(_settings(tmp_path)), Clock()
    app = create_app(settings, clock=clock, seconds=clock.seconds)
    app.testing = True
    office = Office(app, clock)
    for site in settings.sites:
        for name in trainee_names(settings, site):
            staff.add_clerk(office.store, name, site.id, "lead", "", now=clock())
    yield office
    office.store.close()


def _practising(office: Office, site: str = "rathaus") -> FlaskClient:
    client = office.visitor()
    answer = client.post("/practice/sessions", data={"site": site})
    assert (answer.status_code, answer.location) == (303, "/desk?tour=1")
    return client


def test_nothing_of_it_reaches_out(tmp_path: Path) -> None:
    found = practising(_settings(tmp_path))

    assert not (found.mail.is_on or found.push.enabled or found.webhooks)
    assert not any(kiosk.has_server_printer for site in found.sites for kiosk in site.kiosks)
    assert {site.desk.file_url for site in found.sites} == {""}
    assert found.is_throw_away and found.public_url == ADDRESS


def test_a_changed_file_changes_nothing_of_that(practice: Office, tmp_path: Path) -> None:
    context, file = practice.app.extensions["aufruf"], tmp_path / "config.toml"
    changed = file.read_text("utf-8").replace('printer = ""', 'printer = "tcp://10.0.0.9"')
    file.write_text(changed.replace('name = "Rathaus"', 'name = "Bürgerhaus"', 1), "utf-8")

    assert not context.configuration.look(practice.clock())

    found = context.settings
    assert found.sites[0].name == "Übung Rathaus" and found.is_practice
    assert not any(kiosk.has_server_printer for site in found.sites for kiosk in site.kiosks)
    assert not (found.mail.is_on or found.webhooks)


def test_every_page_says_so_where_nobody_can_miss_it(practice: Office) -> None:
    clerk, kiosk = _practising(practice), practice.visitor()
    kiosk.post("/practice/kiosks/eingang")
    pages = {
        clerk: ("/desk", "/office", "/office/figures", "/login", "/", "/display/wartebereich"),
        kiosk: ("/kiosk/eingang", "/nowhere"),
    }

    for client, paths in pages.items():
        for path in paths:
            page = client.get(path).text
            assert "<title>Übung: " in page and 'class="practice-sign"' in page, path
            assert "<title>Übung: Übung" not in page, path
            assert "/static/css/practice.css" in page, path
    assert "Übung Rathaus" in kiosk.get("/kiosk/eingang").text


def test_what_leaves_the_house_and_what_is_kept_without_it_say_so_too(
    practice: Office, tmp_path: Path
) -> None:
    kiosk = practice.visitor()
    kiosk.post("/practice/kiosks/eingang")
    places = ("/kiosk/eingang/away", "/embed/rathaus", "/embed/rathaus.js")

    for path in places:
        assert NOTE in kiosk.get(path).text, path
    (tmp_path / "real").mkdir()
    real = make_office(tmp_path / "real")
    for path in places[1:]:
        assert NOTE not in real.visitor().get(path).text, path
    real.store.close()


def test_whoever_practises_side_by_side_is_somebody_else(practice: Office) -> None:
    opened = [
        _practising(practice).put(f"/api/v1/counters/{counter}/session", json={}).status_code
        for counter in ("schalter-1", "schalter-2")
    ]

    assert opened == [200, 200]
    queue = _practising(practice).get("/api/v1/sites/rathaus/queue").json
    assert queue is not None
    assert len([each for each in queue["counters"] if each["open"]]) == 2


def test_its_cookies_and_those_of_the_real_office_do_not_hear_of_each_other(
    practice: Office,
) -> None:
    client = _practising(practice)
    cookie = client.get_cookie("uebung_aufruf_session")

    assert cookie is not None and client.get_cookie("aufruf_session") is None
    stranger = practice.visitor()
    stranger.set_cookie("aufruf_session", cookie.value)
    assert stranger.get("/desk").status_code == 303
    assert client.get("/desk").status_code == 200


def test_an_unknown_site_or_kiosk_opens_nothing(practice: Office) -> None:
    visitor = practice.visitor()

    assert visitor.post("/practice/sessions", data={"site": "mars"}).status_code == 404
    assert visitor.post("/practice/sessions").status_code == 404
    assert visitor.post("/practice/kiosks/mars").status_code == 404
    assert visitor.get("/practice/sessions").status_code == 405


def test_a_flood_of_sign_ins_is_refused(practice: Office) -> None:
    visitor = practice.visitor()
    answers = [visitor.post("/practice/sessions", data={"site": "rathaus"}) for _ in range(61)]

    assert {each.status_code for each in answers[:60]} == {303}
    assert answers[60].status_code == 429


def test_the_real_office_has_none_of_these_routes(office: Office) -> None:
    visitor = office.visitor()

    assert visitor.post("/practice/sessions", data={"site": "rathaus"}).status_code == 404
    assert visitor.post("/practice/kiosks/eingang").status_code == 404
    page = visitor.get("/login").text
    assert "practice" not in page and "üben" not in page


def test_the_real_sign_in_leads_to_the_practice_that_the_office_named(tmp_path: Path) -> None:
    clock = Clock()
    app = create_app(_settings(tmp_path), clock=clock, seconds=clock.seconds)

    assert f'href="{ADDRESS}/login"' in app.test_client().get("/login").text
    app.extensions["aufruf"].store.close()
