"""`aufruf check` on machine, database, devices and proxy; mail, push, webhooks have their own."""

from __future__ import annotations

import json
import sqlite3
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from queue_server.actions import arrivals, staff
from queue_server.app import open_store
from queue_server.commands.checks import AREAS, clock, database, proxy
from queue_server.settings import Settings, load_settings
from queue_server.web.app_context import utc_now
from tests.commands.conftest import Aufruf, printed, refused
from tests.mailbox import CERTIFICATE
from tests.office import free_port


@pytest.fixture
def settings(aufruf: Aufruf, tmp_path: Path) -> Settings:
    return load_settings(tmp_path / "config.toml", {})


def areas(result: Any) -> dict[str, dict[str, list[str]]]:
    told = json.loads(result.stdout)
    assert list(told["areas"]) == list(AREAS)
    found: dict[str, dict[str, list[str]]] = told["areas"]
    return found


# -- for programs ------------------------------------------------------------------------------


def test_programs_read_every_area_and_the_exit_code_says_whether_all_is_fine(
    aufruf: Aufruf, tmp_path: Path
) -> None:
    fine = aufruf("check", "--json")
    config = tmp_path / "config.toml"
    config.write_text(config.read_text().replace('printer = ""', 'printer = "file:///nowhere/lp"'))
    broken = aufruf("check", "--json")

    assert (fine.exit_code, broken.exit_code) == (0, 1)
    assert json.loads(fine.stdout)["fine"] and not json.loads(broken.stdout)["fine"]
    assert all(not each["wrong"] for each in areas(fine).values())
    assert len(areas(fine)["legal"]["notes"]) == 3
    assert "file:///nowhere/lp" in areas(broken)["printers"]["wrong"][0]
    assert areas(broken)["legal"] == areas(fine)["legal"], "notes are told beside it"


def test_a_picture_that_only_eyes_can_read_is_told(aufruf: Aufruf, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    (tmp_path / "plan.png").write_bytes(b"")
    page = '[[site.page]]\npicture = "plan.png"\n'
    pages = page + page + 'alt = "Die Kasse ist rechts."\n\n[[site.display]]'
    config.write_text(config.read_text().replace("[[site.display]]", pages, 1))

    notes = " ".join(areas(aufruf("check", "--json"))["walls"]["notes"])

    assert notes.count("its picture has no alt") == 1 and "page number 1" in notes


def test_a_wrong_configuration_is_told_to_programs_as_well(aufruf: Aufruf, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[server]\nprot = 1\n[[site]]\n")

    result = aufruf("check", "--json")

    assert result.exit_code == 1 and result.stderr == ""
    assert any("line 2" in each for each in areas(result)["config"]["wrong"])
    assert aufruf("check", "--jsn").exit_code == 2


# -- database, disk, clock ---------------------------------------------------------------------


def test_a_clock_behind_the_journal_is_wrong(aufruf: Aufruf, settings: Settings) -> None:
    later, store = utc_now() + timedelta(minutes=30), open_store(settings)
    arrivals.draw_ticket(store, settings.site("rathaus"), ("kfz",), now=later)
    store.close()

    said = refused(aufruf("check"))

    assert "minutes behind the newest entry of the journal" in said and "set-ntp" in said


def test_a_database_of_an_older_version_is_told_and_left_as_it_is(
    aufruf: Aufruf, settings: Settings
) -> None:
    open_store(settings).close()
    with closing(sqlite3.connect(settings.database_path)) as raw, raw:
        newest = "(SELECT MAX(rowid) FROM _sqlite_migrations)"
        raw.execute(f"DELETE FROM _sqlite_migrations WHERE rowid = {newest}")

    first, second = aufruf("check"), aufruf("check")

    assert "steps to come: 1" in first.stderr and "keeps it as it is" in first.stderr
    assert (first.exit_code, second.stderr) == (0, first.stderr)


def test_a_disk_without_room_is_said(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    open_store(settings).close()

    def remarks(least: int, room: int) -> list[tuple[str, bool]]:
        monkeypatch.setattr(database, "LEAST_FREE", least)
        monkeypatch.setattr(database, "ROOM_TO_WORK", room)
        found = database.database_remarks(settings, utc_now())
        return [(each.text, each.is_wrong) for each in found if each.area == "disk"]

    endless = 1 << 62
    assert remarks(0, 0) == []
    assert "soon nothing can be saved" in remarks(endless, 0)[0][0] and remarks(endless, 0)[0][1]
    assert "a backup or an upgrade" in remarks(0, endless)[0][0] and not remarks(0, endless)[0][1]


@pytest.mark.parametrize(("told", "said"), [("no", [clock.NOT_SET]), ("yes", []), ("", [])])
def test_a_clock_that_nobody_sets_is_said(tmp_path: Path, told: str, said: list[str]) -> None:
    systemd = tmp_path / "timedatectl"
    systemd.write_text(f"#!/bin/sh\necho {told}\n")
    systemd.chmod(0o755)

    assert list(clock.clock_notes((str(systemd),))) == said
    assert list(clock.clock_notes((str(tmp_path / "gone"),))) == []


def test_old_rules_of_summer_time_are_said(tmp_path: Path) -> None:
    now, zones = utc_now(), tmp_path / "tzdata.zi"

    for year, is_old in ((now.year, False), (now.year - 3, True)):
        zones.write_text(f"# version {year}b\nR d 1916 o - Jun 14 23s 1 S\n")
        assert bool(list(clock.zone_notes(now, zones))) is is_old
    zones.write_text("rubbish\n")
    assert list(clock.zone_notes(now, zones)) == []


# -- devices -----------------------------------------------------------------------------------


def test_devices_are_missed_when_they_are_unpaired_or_gone_for_days(
    aufruf: Aufruf, settings: Settings
) -> None:
    assert areas(aufruf("check", "--json"))["devices"]["notes"] == [], "never started"
    now, store = utc_now(), open_store(settings)
    codes = {
        place: staff.expect_device(store, role, "rathaus", place, now=now - timedelta(days=6))
        for role, place in (("kiosk", "eingang"), ("display", "wand"), ("kiosk", "alt"))
    }
    staff.pair_device(store, codes["alt"], now=now)
    staff.pair_device(store, codes["eingang"], now=now - timedelta(days=6))
    store.close()

    notes = "\n".join(areas(aufruf("check", "--json"))["devices"]["notes"])

    assert "display wand is not paired: aufruf device add display wand" in notes
    assert "kiosk eingang was last seen 6 days ago" in notes
    assert "kiosk alt is paired, and config.toml has no such kiosk any more" in notes


# -- proxy -------------------------------------------------------------------------------------


def behind(settings: Settings, url: str, **server: Any) -> Settings:
    return replace(settings, server=replace(settings.server, public_url=url, **server))


@pytest.mark.parametrize(
    ("url", "server", "said"),
    [
        ("https://a.example", {"behind_proxy": True, "host": "127.0.0.1"}, ""),
        ("", {"behind_proxy": False}, ""),
        ("http://localhost:8000", {"behind_proxy": False}, ""),
        ("https://a.example", {"behind_proxy": False}, "Set behind_proxy = true"),
        ("https://a.example", {"behind_proxy": True, "host": "0.0.0.0"}, "pretend to be anybody"),
        ("", {"behind_proxy": True, "host": "127.0.0.1"}, "public_url is empty"),
        ("http://a.example", {"behind_proxy": True, "host": "127.0.0.1"}, "without TLS"),
    ],
)
def test_what_does_not_fit_together_about_the_proxy_is_said(
    settings: Settings, url: str, server: dict[str, Any], said: str
) -> None:
    notes = " ".join(proxy.proxy_notes(behind(settings, url, **server)))

    assert said in notes if said else notes == ""


@contextmanager
def https(status: int, body: bytes, *headers: tuple[str, str]) -> Iterator[str]:
    """Something that answers by TLS as localhost; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for header in (("Content-Length", str(len(body))), *headers):
                self.send_header(*header)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    # A visitor that refuses the certificate ends the handshake, which is no fault of this server.
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"https://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


OURS = b'{"status":"ok"}'
STRICT = ("Strict-Transport-Security", "max-age=31536000")


@pytest.mark.parametrize(
    ("status", "body", "headers", "said"),
    [
        (200, OURS, [STRICT], ""),
        (200, OURS, [], "must set X-Forwarded-Proto"),
        (502, b"Bad Gateway", [], "does not reach Aufruf"),
        (200, b"<h1>Welcome to nginx!</h1>", [STRICT], "something else than Aufruf"),
    ],
)
def test_what_comes_back_through_the_proxy_is_looked_at(
    settings: Settings, status: int, body: bytes, headers: list[tuple[str, str]], said: str
) -> None:
    trusted = ssl.create_default_context(cafile=str(CERTIFICATE))

    with https(status, body, *headers) as url:
        notes = " ".join(proxy.answer_notes(behind(settings, url), utc_now(), trusted))

    assert said in notes if said else notes == ""


def test_a_certificate_that_is_not_believed_or_ends_soon_is_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted = ssl.create_default_context(cafile=str(CERTIFICATE))
    begins, ends = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)

    def at(moment: datetime) -> str:
        return " ".join(proxy.answer_notes(behind(settings, url), moment, trusted))

    with https(200, OURS, STRICT) as url:
        foreign = " ".join(proxy.answer_notes(behind(settings, url), utc_now()))
        assert "its certificate is not believed here" in foreign
        assert at(ends - timedelta(days=15)) == ""
        assert "its certificate ends in 13 days" in at(ends - timedelta(days=13, hours=1))
        # As if it lived for hours and its proxy renewed it before.
        monkeypatch.setattr(proxy, "EXPIRES_SOON_DAYS", 1_000_000)
        assert at(begins + (ends - begins) * 0.7) == ""
        assert "its certificate ends in" in at(begins + (ends - begins) * 0.8)


def test_a_proxy_that_is_not_there_is_said_and_plain_addresses_are_not_asked(
    settings: Settings,
) -> None:
    gone = behind(settings, f"https://localhost:{free_port()}")

    assert "is the proxy running?" in " ".join(proxy.answer_notes(gone, utc_now()))
    assert list(proxy.answer_notes(behind(settings, "http://a.example"), utc_now())) == []


def test_a_check_says_in_words_that_nothing_is_wrong(aufruf: Aufruf) -> None:
    assert printed(aufruf("check")).endswith("config.toml: nothing is wrong.")
