"""After somebody was forgotten, no byte of theirs stands in any file of the server."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from queue_server.actions import appointments, housekeeping
from queue_server.app import open_store
from queue_server.domain.hours import at_wall_clock, local_day
from queue_server.settings import Settings, load_settings
from queue_server.store import people
from queue_server.store.people import Person
from queue_server.store.transaction import Store
from queue_server.web.app_context import utc_now
from tests.office import Server
from tests.town import Town

NAME, EMAIL, PHONE = "Zacharias Quellenhofer", "quellenhofer@example.org", "0176 5550123"
SECRETS = [NAME.encode(), EMAIL.encode(), PHONE.encode()]


def traces(folder: Path) -> list[str]:
    """The files with something of the person in them."""
    return sorted(
        file.name
        for file in folder.rglob("*")
        if file.is_file() and any(secret in file.read_bytes() for secret in SECRETS)
    )


def book_long_ago(store: Store, settings: Settings) -> None:
    """Somebody whose visit was a month ago, and who was never marked as missed."""
    long_ago, site = utc_now() - timedelta(days=30), settings.site("rathaus")
    day_after = local_day(long_ago + timedelta(days=1), site.zone)
    start = at_wall_clock(day_after, 10 * 60, site.zone)
    appointments.book_by_clerk(
        store, site, ("kfz",), start, name=NAME, email=EMAIL, phone=PHONE, clerk=1,
        people_days=0, now=long_ago,
    )  # fmt: skip


@pytest.fixture
def running(server: Server) -> Iterator[tuple[Server, Store, Settings]]:
    """A serving office, and its database opened once more beside it."""
    server.start()
    settings = load_settings(server.config, {})
    with closing(open_store(settings)) as store:
        yield server, store, settings


def test_the_command_leaves_nothing_while_the_server_runs(
    running: tuple[Server, Store, Settings],
) -> None:
    server, store, settings = running
    book_long_ago(store, settings)
    folder = settings.database_path.parent
    assert traces(folder) == ["aufruf.db-wal"]

    assert server.aufruf("forget") == "1 people forgotten."

    assert traces(folder) == []
    assert server.client().get("/readyz").status_code == 200


def test_a_server_that_ends_leaves_no_log_behind(server: Server) -> None:
    server.start()
    server.draw("kfz")
    folder = load_settings(server.config, {}).database_path.parent
    assert (folder / "aufruf.db-wal").stat().st_size > 0

    assert server.stop() == 0

    assert sorted(file.name for file in folder.glob("aufruf.db-*")) == []


def test_whoever_reads_for_long_is_waited_for_and_then_nothing_is_left(town: Town) -> None:
    folder = town.store._engine.path.parent
    booked = town.booked("Kfz", at="09:00", name=NAME, email=EMAIL, phone=PHONE)
    with town.store.snapshot() as reader:
        assert people.of(reader, booked.id).name == NAME
        town.now = booked.end_at + people.NEVER_ENDED + timedelta(days=1)
        assert housekeeping.tidy_records(town.store, now=town.now) == 1
        assert not town.store.wipe()
        assert traces(folder)

    town.store.tidy()

    assert traces(folder) == []


def test_many_people_come_are_corrected_and_go_and_leave_nothing(town: Town) -> None:
    """Pages split, merge and are used again: what stood there before must not shine through."""
    chance, folder = random.Random(8), town.store._engine.path.parent
    ids = [town.booked("Kfz", at="09:00").id]
    with town.store.transaction() as tx:
        for n in range(2, 1200):
            tx.write(
                """INSERT INTO appointments (id, site, state, services, persons, start_at, end_at,
                       code, token, language, booked_at)
                   SELECT :n, site, state, services, persons, start_at, end_at, :n, :n, language,
                       booked_at FROM appointments WHERE id = :id""",
                {"n": n, "id": ids[0]},
            )
            ids.append(n)
    for _ in range(6):
        chance.shuffle(ids)
        with town.store.transaction() as tx:
            for id in ids:
                extra = "x" * chance.randrange(60)
                people.put(tx, id, Person(f"{NAME} {extra}", f"{extra}{EMAIL}", PHONE))
        chance.shuffle(ids)
        for some in (ids[: len(ids) // 2], ids):
            with town.store.transaction() as tx:
                for id in some:
                    people.forget(tx, id)
            town.store.tidy()

    assert town.store.wipe()

    assert traces(folder) == []


def test_every_writing_connection_overwrites_what_it_deletes(town: Town) -> None:
    with town.store.transaction() as tx:
        assert tx.row("PRAGMA secure_delete")["secure_delete"] == 1
