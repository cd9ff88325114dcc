"""After a move the office goes on where it was, on the other database."""

from __future__ import annotations

from pathlib import Path

from queue_server.settings import load_settings
from tests.office import ForkedServer
from tests.postgres_databases import give_back, url_for


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


def _count_of(ticket: dict[str, str]) -> int:
    return int("".join(sign for sign in ticket["number"] if sign.isdigit()))
