"""`aufruf move`: a whole installation goes to PostgreSQL and back, every row of it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import psycopg
import pytest
import sqlite_utils
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queue_server.commands.common import running_lock
from queue_server.demo.past import write_past
from queue_server.domain.errors import StorageFailed
from queue_server.store.migrations import migrations
from queue_server.store.moving.copying import OnRows, compare_all, copy_all, source_of, target_of
from queue_server.store.moving.tables import all_tables
from queue_server.store.postgres.line import SERVING
from queue_server.store.sqlite import SqliteEngine
from tests.cast import MONDAY, moment
from tests.commands.conftest import Aufruf, printed, refused
from tests.postgres_cluster import url_of
from tests.town import Town

NOW = moment(MONDAY, "18:00")
_numbers = count()


@pytest.fixture
def empty() -> str:
    """The address of a database in which nothing is."""
    name = f"move_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(url_of("postgres"), autocommit=True) as raw:
        raw.execute(f"CREATE DATABASE {name}")
    return url_of(name)


@pytest.fixture
def lived_in(tmp_path: Path) -> Iterator[Path]:
    """The file of a town with some days behind it, people who wait, and people who booked."""
    town = Town(tmp_path / "town.db")
    at_work = {"schalter-1": town.clerk("Aylin").id, "schalter-2": town.clerk("Bernd").id}
    sites = (town.site(), town.site("nordend"))
    write_past(town.store, sites, {"rathaus": at_work, "nordend": {}}, now=town.now, seed=1, days=5)
    town.confirm(town.book(email="Jürgen.Ölmüller@example.org"))
    town.draw()
    town.draw("Ausweise")
    town.call()
    town.store.close()
    with closing(sqlite3.connect(tmp_path / "town.db")) as raw:
        # A number that was given and whose row is gone must not come again.
        raw.execute("UPDATE sqlite_sequence SET seq = seq + 40 WHERE name = 'people'")
        raw.commit()
    yield tmp_path / "town.db"


def everything(path: Path) -> dict[str, list[object]]:
    """All rows of a file, and the numbers that its tables have reached."""
    with closing(sqlite3.connect(path)) as raw:
        found = {table.name: raw.execute(table.all_rows).fetchall() for table in all_tables()}
        numbers = raw.execute("SELECT name, seq FROM sqlite_sequence ORDER BY name").fetchall()
    return {**found, "numbers": [each for each in numbers if each[1]]}


def move(aufruf: Aufruf, source: Path | str, target: Path | str) -> str:
    return printed(aufruf("move", address(source), address(target)))


def address(place: Path | str) -> str:
    return f"sqlite:///{place}" if isinstance(place, Path) else place


def rows_in(url: str) -> int:
    """How many rows of an office are there; 0 also where there is no schema."""
    with psycopg.connect(url) as raw:
        names = raw.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ours = {table.name for table in all_tables()} - {"marks"}
        found = [name for (name,) in names.fetchall() if name in ours]
        return sum(raw.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0] for name in found)


def test_there_and_back_is_the_same_office(
    aufruf: Aufruf, lived_in: Path, empty: str, tmp_path: Path
) -> None:
    before = everything(lived_in)
    assert len(before["journal"]) > 200 and before["people"]

    said = move(aufruf, lived_in, empty)
    move(aufruf, empty, tmp_path / "back.db")

    assert everything(lived_in) == before == everything(tmp_path / "back.db")
    rows = sum(len(before[table.name]) for table in all_tables())
    assert f"{rows} rows of {len(all_tables())} tables moved" in said and "[database] url" in said


def test_whoever_comes_next_gets_the_next_number(
    aufruf: Aufruf, lived_in: Path, empty: str
) -> None:
    with closing(sqlite3.connect(lived_in)) as raw:
        ((seq,),) = raw.execute("SELECT max(seq) FROM journal").fetchall()
    move(aufruf, lived_in, empty)

    with psycopg.connect(empty) as there:
        statement = """INSERT INTO journal (at, site, name, data) VALUES (0, 'rathaus', 'x', '{}')
                       RETURNING seq"""
        assert there.execute(statement).fetchall() == [(seq + 1,)]
        with pytest.raises(psycopg.Error, match="append-only"):
            there.execute("DELETE FROM journal")


def test_the_journal_stays_append_only_on_the_way_back(
    aufruf: Aufruf, lived_in: Path, empty: str, tmp_path: Path
) -> None:
    move(aufruf, lived_in, empty)
    move(aufruf, empty, tmp_path / "back.db")

    back = closing(sqlite3.connect(tmp_path / "back.db"))
    with back as raw, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute("DELETE FROM journal")


def test_nothing_goes_where_an_office_is_already(
    aufruf: Aufruf, lived_in: Path, empty: str, tmp_path: Path
) -> None:
    move(aufruf, lived_in, empty)
    before, kept = rows_in(empty), lived_in.read_bytes()

    assert "an office in it already" in refused(aufruf("move", address(lived_in), empty))
    assert "an office in it already" in refused(aufruf("move", empty, address(lived_in)))
    assert rows_in(empty) == before and lived_in.read_bytes() == kept


def test_a_file_or_database_without_an_office_is_none_to_move(
    aufruf: Aufruf, empty: str, tmp_path: Path
) -> None:
    nowhere = tmp_path / "typo.db"

    assert "no office" in refused(aufruf("move", address(nowhere), empty))
    assert "no office" in refused(aufruf("move", empty, address(tmp_path / "new.db")))
    assert not nowhere.exists() and not (tmp_path / "new.db").exists()


def test_an_older_office_is_brought_up_to_date_first(
    aufruf: Aufruf, empty: str, tmp_path: Path
) -> None:
    with closing(sqlite_utils.Database(tmp_path / "older.db")) as database:
        migrations.apply(database, stop_before=migrations.pending(database)[-1].name)

    assert "aufruf migrate" in refused(aufruf("move", address(tmp_path / "older.db"), empty))
    assert rows_in(empty) == 0


def test_an_office_at_work_is_not_moved(aufruf: Aufruf, lived_in: Path, empty: str) -> None:
    with running_lock(lived_in):
        assert "stop it first" in refused(aufruf("move", address(lived_in), empty))
    with psycopg.connect(empty) as server:
        server.execute(f"SELECT pg_advisory_lock_shared({SERVING})")
        assert "stop it first" in refused(aufruf("move", address(lived_in), empty))

    move(aufruf, lived_in, empty)


def test_what_postgres_cannot_keep_is_named_and_nothing_is_moved(
    aufruf: Aufruf, lived_in: Path, empty: str
) -> None:
    with closing(sqlite3.connect(lived_in)) as raw:
        raw.execute("UPDATE people SET name = 'a' || char(0) || 'b'")
        raw.commit()

    said = refused(aufruf("move", address(lived_in), empty))

    assert "people" in said and "name" in said and "NUL" in said
    assert rows_in(empty) == 0


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("mysql://somewhere/x", "sqlite:///b.db"),
        ("sqlite:///", "sqlite:///b.db"),
        ("sqlite:///a.db", "sqlite:///./a.db"),
        ("postgresql://me:secret@db/x", "postgresql://you@db/x"),
    ],
)
def test_wrong_addresses_are_wrong_usage(aufruf: Aufruf, source: str, target: str) -> None:
    found = aufruf("move", source, target)

    assert found.exit_code == 2 and "secret" not in found.output


def test_a_database_that_does_not_answer_is_said_without_its_password(
    aufruf: Aufruf, lived_in: Path
) -> None:
    said = refused(aufruf("move", address(lived_in), "postgresql://me:secret@127.0.0.1:1/x"))

    assert "127.0.0.1:1" in said and "secret" not in said


class Interrupted(Exception):
    """Whoever moves presses Ctrl-C."""


def stop(rows: int) -> None:
    raise Interrupted


def go_on(rows: int) -> None:
    """Nobody looks at the bar."""


@pytest.mark.parametrize("told", [(stop, go_on), (go_on, stop)], ids=["copying", "comparing"])
def test_a_move_that_is_interrupted_has_moved_nothing(
    lived_in: Path, empty: str, tmp_path: Path, told: tuple[OnRows, OnRows]
) -> None:
    with pytest.raises(Interrupted):
        copied(address(lived_in), empty, *told)
    assert rows_in(empty) == 0

    copied(address(lived_in), empty, go_on, go_on)
    with pytest.raises(Interrupted):
        copied(empty, address(tmp_path / "back.db"), *told)
    assert not list(tmp_path.glob("back.db*"))


def copied(from_url: str, to_url: str, copying: OnRows, comparing: OnRows) -> None:
    with source_of(from_url) as source, target_of(to_url, NOW) as target:
        copy_all(source, target, copying)
        compare_all(source, target, comparing)


def test_a_row_that_differs_is_found_and_nothing_is_moved(lived_in: Path, empty: str) -> None:
    other = lived_in.with_name("other.db")
    shutil.copy(lived_in, other)
    with closing(sqlite3.connect(other)) as raw:
        ((ticket,),) = raw.execute("SELECT max(id) FROM tickets").fetchall()
        raw.execute("UPDATE tickets SET number = 'Z999' WHERE id = ?", (ticket,))
        raw.commit()

    with (
        pytest.raises(StorageFailed) as found,
        source_of(address(other)) as changed,
        source_of(address(lived_in)) as source,
        target_of(empty, NOW) as target,
    ):
        copy_all(source, target, go_on)
        compare_all(changed, target, go_on)

    assert f"tickets is not the same on both sides (id {ticket})" in found.value.facts["reason"]
    assert rows_in(empty) == 0


NUMBERS = st.integers(-(2**63), 2**63 - 1)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=st.dictionaries(WORDS, st.tuples(NUMBERS, WORDS), min_size=1))
def test_every_sign_and_every_number_arrives(
    tmp_path: Path, empty: str, rows: dict[str, tuple[int, str]]
) -> None:
    there, back = tmp_path / f"{next(_numbers)}.db", tmp_path / f"{next(_numbers)}.db"
    with closing(SqliteEngine(there)) as engine:
        engine.migrate()
    with closing(sqlite3.connect(there)) as raw:
        raw.execute("DELETE FROM marks")
        for name, (number, text) in rows.items():
            raw.execute("INSERT INTO marks (name, value) VALUES (?, ?)", (name, text))
            event = (number, name, text)
            raw.execute("INSERT INTO journal (at, site, name, data) VALUES (?, ?, 'x', ?)", event)
        raw.commit()

    copied(address(there), empty, go_on, go_on)
    copied(empty, address(back), go_on, go_on)

    assert everything(back) == everything(there)
    with psycopg.connect(empty) as raw:
        raw.execute("TRUNCATE journal, marks RESTART IDENTITY")
