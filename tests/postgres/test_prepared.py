"""Statements that are prepared once, and prepared anew when the schema has changed."""

from __future__ import annotations

import pytest

from queue_server.domain.errors import StorageFailed

READ_OFTEN = "SELECT * FROM marks WHERE name = :name"
PREPARED = """SELECT statement FROM pg_prepared_statements
    WHERE statement LIKE '%FROM marks%' AND statement NOT LIKE '%prepared%'"""


def test_what_is_read_again_and_again_is_planned_once(store):
    for _ in range(20):
        with store.snapshot() as snapshot:
            snapshot.rows(READ_OFTEN, {"name": "m"})

    with store.snapshot() as snapshot:
        assert [row["statement"] for row in snapshot.rows(PREPARED)] == [
            "SELECT * FROM marks WHERE name = $1"
        ]


@pytest.fixture
def passing(outside):
    """A table that is no other test's."""
    outside.execute("CREATE TABLE passing (name TEXT)")
    yield "SELECT * FROM passing"
    outside.execute("DROP TABLE passing")


def test_reading_goes_on_after_another_server_has_changed_the_schema(store, outside, passing):
    def read_all():
        with store.snapshot() as snapshot:
            return snapshot.rows(passing)

    for _ in range(20):
        read_all()
    outside.execute("ALTER TABLE passing ADD COLUMN more BIGINT")

    with pytest.raises(StorageFailed):
        read_all()
    assert read_all() == []


def test_writing_goes_on_after_another_server_has_changed_the_schema(store, outside, passing):
    def read_all():
        with store.transaction("rathaus") as tx:
            return tx.rows(passing)

    for _ in range(20):
        read_all()
    outside.execute("ALTER TABLE passing ADD COLUMN more BIGINT")

    with pytest.raises(StorageFailed):
        read_all()
    assert read_all() == []
