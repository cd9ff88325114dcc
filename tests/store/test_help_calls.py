"""Calls for help as rows: one a clerk, the oldest first, the first helper counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.store import help_calls
from tests.spared import REFUSED_BY_KEY


def put(town, name, counter="", later=0):
    with town.store.transaction() as tx:
        now = town.now + timedelta(minutes=later)
        help_calls.put(tx, town.clerk(name).site, counter, town.clerk(name).id, now)


def there(town, site="rathaus"):
    with town.store.snapshot() as snapshot:
        return help_calls.at_site(snapshot, site)


def test_each_site_sees_its_own_the_oldest_first(town):
    put(town, "Bernd", "schalter-2", later=1)
    put(town, "Aylin", "schalter-1")
    put(town, "Clara")

    assert [(one.clerk_name, one.counter) for one in there(town)] == [
        ("Aylin", "schalter-1"),
        ("Bernd", "schalter-2"),
    ]
    assert [(one.clerk_name, one.counter) for one in there(town, "nordend")] == [("Clara", "")]


def test_a_clerk_has_one(town):
    put(town, "Aylin")

    with pytest.raises(REFUSED_BY_KEY):
        put(town, "Aylin")


def test_the_first_helper_counts_until_the_call_is_dropped(town):
    put(town, "Aylin")
    aylin, bernd, clara = (town.clerk(name).id for name in ("Aylin", "Bernd", "Clara"))

    with town.store.transaction() as tx:
        helped = [help_calls.put_helper(tx, aylin, helper) for helper in (bernd, clara)]

    assert helped == [1, 0]
    with town.store.transaction() as tx:
        assert help_calls.of(tx, aylin).coming == "Bernd"
        assert [help_calls.drop(tx, aylin) for _ in range(2)] == [1, 0]
        assert help_calls.of(tx, aylin) is None
        assert help_calls.put_helper(tx, aylin, bernd) == 0
