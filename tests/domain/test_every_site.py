"""Of forty offices one has something that nobody can read; the others go on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queue_server.domain.errors import StorageFailed
from queue_server.domain.every_site import at_every_site
from tests.cast import nordend, rathaus

SITES = [rathaus(), nordend(), replace(nordend(), id="suedend")]


class Work:
    """What is done at a site, and where it goes wrong."""

    def __init__(self, **faults):
        self.faults, self.tried = faults, []

    def __call__(self, site):
        self.tried.append(site.id)
        if site.id in self.faults:
            raise self.faults[site.id]
        return site.id


def test_every_site_has_its_turn_and_what_came_of_it_is_returned():
    assert at_every_site(SITES, Work()) == ["rathaus", "nordend", "suedend"]


def test_a_fault_at_one_site_is_raised_after_the_others_and_names_the_site():
    work = Work(rathaus=KeyError("service"))

    with pytest.raises(KeyError) as fault:
        at_every_site(SITES, work)

    assert work.tried == ["rathaus", "nordend", "suedend"]
    assert fault.value.__notes__ == ["at site rathaus"]


def test_faults_at_several_sites_are_raised_together():
    work = Work(rathaus=KeyError("service"), suedend=ValueError("time"))

    with pytest.raises(ExceptionGroup) as faults:
        at_every_site(SITES, work)

    assert [str(fault) for fault in faults.value.exceptions] == ["'service'", "time"]
    assert work.tried == ["rathaus", "nordend", "suedend"]


def test_without_the_database_nobody_else_is_tried():
    work = Work(nordend=StorageFailed(reason="gone"), suedend=ValueError("time"))

    with pytest.raises(StorageFailed):
        at_every_site(SITES, work)

    assert work.tried == ["rathaus", "nordend"]
