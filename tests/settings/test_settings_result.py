"""What the rest of the code gets: frozen, complete, with defaults and absolute paths."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from queue_server.domain.errors import NotFound
from queue_server.domain.hours import ALWAYS
from queue_server.domain.site import BookingRules, CheckinRules, PriorityRules, TicketRules
from queue_server.settings import VERSION, load_settings

DEVICES = '[[site.display]]\nid = "wand"\nrows = "auto"\n[[site.kiosk]]\nid = "eingang"\n'


def test_the_smallest_configuration_has_every_default(office, tmp_path):
    settings = office.load()
    site = settings.site("rathaus")

    assert settings.public_url == "http://localhost:8000"
    assert settings.database_path == tmp_path / "var" / "aufruf.db"
    assert settings.server.data_dir == tmp_path / "var"
    assert (site.zone.key, site.land, site.counter_word) == ("Europe/Berlin", "", "Schalter")
    assert (site.tickets, site.checkin) == (TicketRules(), CheckinRules())
    assert (site.booking, site.priority) == (BookingRules(), PriorityRules())
    assert site.counters[0].services == ("*",)


def test_the_database_lies_in_the_data_directory_unless_it_is_named(office, tmp_path, smallest):
    moved = office.load('[server]\ndata_dir = "data"\n' + smallest)
    named = office.load('[database]\nurl = "sqlite:///db/office.db"\n' + smallest)
    absolute = office.load('[database]\nurl = "sqlite:////srv/office.db"\n' + smallest)

    assert moved.database_path == tmp_path / "data" / "aufruf.db"
    assert named.database_path == tmp_path / "db" / "office.db"
    assert absolute.database_path == Path("/srv/office.db")


def test_postgresql_is_named_by_an_address_whose_password_is_not_told(office, smallest):
    url = "postgresql://aufruf:geheim@db.example.de/aufruf?sslmode=require"
    settings = office.load(f'[database]\nurl = "{url}"\n' + smallest)

    assert settings.database.url == url and settings.database.is_postgres
    assert settings.database.place == "postgresql://db.example.de/aufruf"
    assert "geheim" not in repr(settings)


def test_everything_is_found_by_its_id(office, smallest):
    settings = office.load(smallest + DEVICES)
    site = settings.site("rathaus")

    assert settings.site_of_counter("1") is site
    assert settings.display("wand") == (site, site.displays[0])
    assert settings.kiosk("eingang") == (site, site.kiosks[0])
    assert site.displays[0].rows is None


@pytest.mark.parametrize("look", ["site", "site_of_counter", "display", "kiosk"])
def test_an_unknown_id_is_not_found(office, look):
    settings = office.load()

    with pytest.raises(NotFound):
        getattr(settings, look)("nothing")


def test_settings_cannot_be_changed(office):
    settings = office.load()

    with pytest.raises(FrozenInstanceError):
        settings.server.port = 1


def test_always_open_keeps_the_office_open_on_holidays_too(office, smallest):
    text = smallest.replace('name = "Rathaus"', 'name = "Rathaus"\nland = "SH"')

    site = office.load(text, always_open=True).site("rathaus")

    assert (site.hours, site.land) == (ALWAYS, "")


def test_a_file_saved_on_windows_is_read(office, smallest):
    office.path.write_bytes(b"\xef\xbb\xbf" + smallest.replace("\n", "\r\n").encode())

    assert load_settings(office.path, {}).site("rathaus").name == "Rathaus"


def test_the_version_is_the_newest_heading_of_the_changelog():
    changelog = (Path(__file__).parents[2] / "CHANGELOG.md").read_text("utf-8")

    assert re.findall(r"^## v(\S+)", changelog, re.MULTILINE)[0] == VERSION
