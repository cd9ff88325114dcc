"""From version 0.3 to this one and back: what an upgrade does to the database of an office."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import sqlite_utils

from queue_server.actions import staff
from queue_server.app import open_store
from queue_server.settings import Settings, load_settings
from queue_server.store.migrations import migrations
from queue_server.store.sqlite import SqliteEngine
from tests.commands.conftest import Aufruf, printed, refused
from tests.commands.conftest import aufruf as aufruf
from tests.office import ANSWER_SECONDS, HERE
from tests.server_process import ServerProcess

OLD = HERE / "history" / "journal-v0.3.sql.gz"
NEWEST_OF_OLD = "008_rules_in_force"
TICKETS = "/api/v1/sites/rathaus/tickets"


class OldOffice(ServerProcess):
    """A folder as version 0.3 left it; whoever serves it now upgrades it."""

    forks = True

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        shutil.copy(HERE / "office.toml", folder / "config.toml")
        self.database.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.database)) as raw:
            raw.executescript(gzip.decompress(OLD.read_bytes()).decode())

    @property
    def settings(self) -> Settings:
        return load_settings(self.folder / "config.toml", {})

    @property
    def database(self) -> Path:
        return self.settings.database_path

    @contextmanager
    def kiosk(self) -> Iterator[httpx.Client]:
        store, now = open_store(self.settings), datetime.now(UTC)
        code = staff.expect_device(store, "kiosk", "rathaus", "eingang", now=now)
        store.close()
        with httpx.Client(base_url=self.url, timeout=ANSWER_SECONDS) as client:
            assert client.post("/devices/pair", json={"code": code}).status_code == 200
            yield client


@pytest.fixture
def office(tmp_path: Path, aufruf: Aufruf) -> Iterator[OldOffice]:
    """Made after the command's folder, whose configuration it shares."""
    office = OldOffice(tmp_path)
    yield office
    office.close()


def rows(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything that stands in a database, table by table."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as raw:
        tables = raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        return {
            name: sorted(raw.execute(f'SELECT * FROM "{name}"'), key=repr) for (name,) in tables
        }


def steps_of(database: Path) -> list[str]:
    with closing(SqliteEngine(database)) as engine:
        return engine.steps()[0]


def test_an_office_of_the_release_before_is_upgraded_by_its_start_and_serves(
    office: OldOffice,
) -> None:
    journal = rows(office.database)["journal"]

    office.start()

    with office.kiosk() as kiosk:
        assert kiosk.get("/readyz").json()["status"] == "ok"
        assert kiosk.post(TICKETS, json={"services": ["kfz"]}).status_code == 201
        assert kiosk.get("/display/wand").status_code == 200
    assert set(journal) <= set(rows(office.database)["journal"]), "nothing that was is changed"
    with closing(SqliteEngine(office.database)) as engine:
        assert engine.steps()[1] == []


def test_the_way_back_is_what_the_upgrade_kept(office: OldOffice, aufruf: Aufruf) -> None:
    before = rows(office.database)
    assert steps_of(office.database)[-1] == NEWEST_OF_OLD
    assert "is of an older version" in aufruf("check").stderr
    printed(aufruf("migrate"))
    (kept,) = office.database.parent.glob("aufruf.db.before-*")

    said = printed(aufruf("restore", str(kept)))

    assert "The old database is" in said
    assert rows(office.database) == before, "the old program finds what it left"
    printed(aufruf("migrate"))
    with closing(sqlite_utils.Database(memory=True)) as empty:
        assert steps_of(office.database) == [one.name for one in migrations.pending(empty)]


@pytest.mark.parametrize(
    "words",
    [("check",), ("migrate",), ("forget",), ("backup", "safe.db"), ("restore", "newer.db")],
    ids=" ".join,
)
def test_an_older_program_refuses_a_newer_database_and_leaves_it_as_it_is(
    office: OldOffice, aufruf: Aufruf, tmp_path: Path, words: tuple[str, ...]
) -> None:
    printed(aufruf("migrate"))
    with closing(sqlite3.connect(office.database)) as raw, raw:
        raw.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('aufruf', '900_from_tomorrow', '')"
        )
    shutil.copy(office.database, tmp_path / "newer.db")
    before = rows(office.database)

    said = refused(aufruf(*words))

    assert "newer version of Aufruf (900_from_tomorrow); use that version" in said
    assert rows(office.database) == before and not (tmp_path / "safe.db").exists()
