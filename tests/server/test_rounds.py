"""What a server says of its own work when its database has failed, and when it ends itself."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from queue_server.actions import housekeeping
from queue_server.rounds import log_failure
from queue_server.store.engines import engine_of
from queue_server.store.transaction import Store
from tests import postgres_databases
from tests.town import MONDAY, Town

log = logging.getLogger("a round")


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    on_postgres = request.param == "postgresql"
    url = postgres_databases.url_for(tmp_path / "one") if on_postgres else f"{tmp_path}/aufruf.db"
    store = Store(engine_of(url, durability="normal"))
    store.migrate()
    yield store
    with suppress(Exception):
        store.close()
    if on_postgres:
        postgres_databases.give_back(tmp_path)


def go_round(store: Store, town: Town, fails: bool = False) -> None:
    """As the greenlet of the housekeeper does."""
    try:
        housekeeping.tidy_site(store, town.site(), now=town.now)
        housekeeping.tidy_records(store, now=town.now)
        assert not fails
    except Exception:
        log_failure(store, log, "housekeeping failed on %s", MONDAY)


def test_a_server_that_ends_does_not_complain_of_its_closed_database(
    store: Store, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    go_round(store, town)
    store.close()
    go_round(store, town)

    assert caplog.messages == []


def test_a_round_that_fails_is_told_with_its_reason(
    store: Store, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    go_round(store, town, fails=True)

    assert caplog.messages == [f"housekeeping failed on {MONDAY}"]
    assert "AssertionError" in caplog.text
