"""The whole office on PostgreSQL: served, looked at by every command, and cut off in the middle."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from click.testing import CliRunner

from queue_server.commands.all import aufruf as command_line
from queue_server.store.postgres.connecting import connect
from tests.office import HERE, Server
from tests.store.shared_batch import until

CUT_OFF = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
WAITING = """SELECT COUNT(*) AS found FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'"""
DRAW = "/api/v1/sites/rathaus/tickets"


@pytest.fixture
def config(url, tmp_path):
    text = (HERE / "office.toml").read_text("utf-8")
    file = tmp_path / "postgres.toml"
    file.write_text(f'{text}\n[database]\nurl = "{url}"\n', "utf-8")
    return file


@pytest.fixture
def office(config, tmp_path):
    office = Server(tmp_path, config).start()
    yield office
    office.close()


def test_people_are_called_and_a_database_that_restarts_loses_none(office, url):
    desk = office.clerk("Aylin", "schalter-1")
    first, second = office.draw("meldewesen"), office.draw("meldewesen")
    assert called(desk) == first["number"]
    with closing(connect(url)) as outside:
        outside.execute(CUT_OFF)
    until(lambda: completed(desk))

    assert called(desk) == second["number"]


def test_a_sign_that_postgresql_can_not_keep_is_nobodys_name_and_no_fault(office):
    stranger = office.client()
    for path in ("/api/v1/tickets/%00", "/api/v1/appointments/a%00", "/t/%00"):
        assert stranger.get(path).status_code == 404
    wrong = {"username": "Aylin\0", "password": "geraten"}
    assert stranger.post("/login", json=wrong).status_code == 401

    stop = {"mode": "stopped", "reason": "Rechner\0aus"}
    stopped = office.clerk("Aylin").put("/api/v1/sites/rathaus/stops/all", json=stop)
    assert stopped.json()["stop"]["reason"] == "Rechner\ufffdaus"


@pytest.mark.parametrize("how", ["let_go", "cut_off"])
def test_while_one_waits_for_the_database_all_others_are_served(office, url, how):
    at_kiosk, at_wall = office.kiosk(), office.client()
    with closing(connect(url)) as outside, ThreadPoolExecutor(1) as waiting:
        outside.execute("BEGIN")
        outside.execute("SELECT 1 FROM site_locks WHERE site = 'rathaus' FOR UPDATE")
        draw = waiting.submit(at_kiosk.post, DRAW, json={"services": ["meldewesen"]})
        until(lambda: outside.execute(WAITING).fetchall()[0]["found"] == 1)

        assert at_wall.get("/api/v1/sites/rathaus/board").status_code == 200
        assert not draw.done()
        # Whoever is cut off while waiting for a turn takes another connection and waits on.
        outside.execute(CUT_OFF if how == "cut_off" else "SELECT 1")
        outside.execute("ROLLBACK")

    assert draw.result().status_code == 201, draw.result().text


def called(desk):
    answer = desk.post("/api/v1/counters/schalter-1/calls", json={})
    assert answer.status_code in (200, 201), answer.text
    return answer.json()["ticket"]["number"]


def completed(desk):
    return desk.post("/api/v1/counters/schalter-1/completion", json={}).status_code < 300


@pytest.fixture
def aufruf(config):
    """`aufruf("check")`: what it says, and its exit code."""

    def run(*command):
        words = [*command, "--config", str(config)]
        result = CliRunner().invoke(command_line, words, prog_name="aufruf")
        assert result.exc_info is None or issubclass(result.exc_info[0], SystemExit), result
        return result.output, result.exit_code

    return run


def test_every_command_has_something_to_say(aufruf, tmp_path):
    assert aufruf("migrate") == ("The database is up to date.\n", 0)
    assert aufruf("forget") == ("0 people forgotten.\n", 0)
    assert aufruf("export", "--site", "rathaus")[1] == 0
    assert aufruf("audit")[1] == 0
    assert "database" not in aufruf("check")[0]


@pytest.mark.parametrize(("command", "tool"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_what_is_for_postgresqls_own_tools_is_said(aufruf, tmp_path, command, tool):
    file = tmp_path / "copy.db"
    if command == "restore":
        file.touch()
    said, code = aufruf(command, str(file))

    assert code == 1 and tool in said and "Traceback" not in said
