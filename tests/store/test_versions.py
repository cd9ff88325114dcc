"""One look at all sites tells the same as a look at each."""

from __future__ import annotations

from queue_server.store import journal
from queue_server.store.versions import versions
from tests.town import Town


def test_the_versions_of_all_sites_are_those_of_each(town: Town) -> None:
    with town.store.snapshot() as snapshot:
        assert versions(snapshot) == {}
    for site in ("rathaus", "nordend", "rathaus"):
        town.draw(site=site)

    with town.store.snapshot() as snapshot:
        each = {site: journal.version(snapshot, site) for site in ("nordend", "rathaus")}
        assert versions(snapshot) == each
