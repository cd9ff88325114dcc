"""After a move the office goes on where it was, on the other database."""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg

from queue_server.settings import load_settings
from queue_server.store.postgres.line import SERVING
from tests.office import HERE, ForkedServer
from tests.postgres_databases import give_back, url_for
from tests.server.conftest import Aufruf


def test_after_a_move_numbers_go_on_and_whoever_was_signed_in_still_is(tmp_path: Path) -> None:
    server = ForkedServer(tmp_path).start()
    try:
        aylin, first = server.clerk("Aylin"), server.draw("meldewesen")
        server.stop()
        there, file = url_for(tmp_path / "there"), load_settings(server.config, {}).database_path
        server.aufruf("move", f"sqlite:///{file}", there)
        server.config.write_text(f'[database]\nurl = "{there}"\n' + server.config.read_text())
        server.start()

        second = server.draw("meldewesen")

        assert _count_of(second) == _count_of(first) + 1
        waiting = aylin.get("/api/v1/sites/rathaus/queue").json()["waiting"]
        assert [each["number"] for each in waiting] == [first["number"], second["number"]]
    finally:
        server.close()
        give_back(tmp_path)


def test_no_server_starts_on_a_database_that_is_being_moved(aufruf: Aufruf, tmp_path: Path) -> None:
    shutil.copy(HERE / "office.toml", tmp_path / "config.toml")
    there = url_for(tmp_path / "there")
    with psycopg.connect(there) as mover:
        mover.execute(f"SELECT pg_advisory_lock({SERVING})")
        done = aufruf("run", AUFRUF_DATABASE_URL=there)
    give_back(tmp_path)

    assert done.returncode == 1 and done.stdout == ""
    assert "it is being moved" in done.stderr and "Traceback" not in done.stderr


def _count_of(ticket: dict[str, str]) -> int:
    return int("".join(sign for sign in ticket["number"] if sign.isdigit()))
