"""The clerks of a site: who is there, as what, and who has left."""

from __future__ import annotations

from queue_server.store import identities, site_clerks
from tests.store.test_identities import change, read, sign_in


def test_the_clerks_of_a_site_are_listed_with_their_last_sign_of_life(town):
    sign_in(town, "Bernd", "token of Bernd")

    listed = {
        clerk.name: seen_at for clerk, seen_at in read(town, site_clerks.clerks_of, "rathaus")
    }

    assert "Clara" not in listed and list(listed) == sorted(listed)
    assert (listed["Aylin"], listed["Bernd"]) == (None, town.now)


def test_another_role_counts_at_once_and_a_clerk_elsewhere_is_none(town):
    bernd, clara = town.clerk("Bernd").id, town.clerk("Clara").id

    change(town, site_clerks.set_role, bernd, "lead")

    assert read(town, site_clerks.clerk_of, "rathaus", bernd).role == "lead"
    assert read(town, site_clerks.clerk_of, "rathaus", clara) is None


def test_whoever_has_left_was_there_once(town):
    bernd = town.clerk("Bernd").id
    assert not read(town, site_clerks.has_left, "rathaus", bernd)

    change(town, identities.remove_clerk, bernd, town.now)

    assert read(town, site_clerks.has_left, "rathaus", bernd)
    assert not read(town, site_clerks.has_left, "nordend", bernd)
    assert read(town, site_clerks.clerk_of, "rathaus", bernd) is None
