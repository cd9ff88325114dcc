"""A migrated database on a PostgreSQL of the tests' own, for every test of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from queue_server.store.postgres.engine import PostgresEngine
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
