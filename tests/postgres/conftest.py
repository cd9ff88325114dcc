"""A migrated database on a PostgreSQL of the tests' own, for every test of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from queue_server.store.postgres.connecting import Raw, connect
from queue_server.store.postgres.engine import PostgresEngine
from queue_server.store.transaction import Store
from tests import postgres_databases


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    yield postgres_databases.url_for(tmp_path / "one")
    postgres_databases.give_back(tmp_path)


@pytest.fixture
def engine(url: str) -> Iterator[PostgresEngine]:
    engine = PostgresEngine(url, durability="normal")
    yield engine
    engine.close()


@pytest.fixture
def store(engine: PostgresEngine) -> Store:
    return Store(engine)


@pytest.fixture
def elsewhere(url: str) -> Iterator[Store]:
    """The same database, as a server on another machine has it."""
    engine = PostgresEngine(url, durability="normal")
    yield Store(engine)
    engine.close()


@pytest.fixture
def raw(url: str) -> Iterator[Raw]:
    """One connection as the store has them."""
    with closing(connect(url)) as raw:
        yield raw


@pytest.fixture
def outside(url: str) -> Iterator[Raw]:
    """Whoever looks on, or does something to the database, without the store."""
    with closing(connect(url)) as raw:
        yield raw
