"""Secrets are made once; what the nightly audits found is kept by day, a few weeks of it."""

from __future__ import annotations

from datetime import timedelta

from queue_server.domain.audit import Audit, Violation
from queue_server.store import marks
from queue_server.store.marks import NIGHTS_KEPT, VIOLATIONS_KEPT
from tests.town import MONDAY


def keep(town, day, found=None, site="rathaus"):
    with town.store.transaction() as tx:
        return marks.keep_night(tx, site, day, found or Audit(calls=3))


def kept(town, site="rathaus"):
    with town.store.snapshot() as snapshot:
        return marks.kept_nights(snapshot, site)


def wrong(town, seq):
    return Violation(seq, town.now, "overtaken", "schalter-1", "M 002", "arrival", "M 001")


def test_a_night_comes_back_as_it_was_kept(town):
    found = Audit(1, 20, 2, 1, 4, 7.5, (wrong(town, 7), wrong(town, 9)))

    assert keep(town, MONDAY, found)

    (night,) = kept(town)
    assert (night.day, night.faults, night.audit) == (MONDAY, 2, found)
    assert kept(town, "nordend") == []


def test_a_day_is_kept_once_and_the_first_answer_stays(town):
    assert keep(town, MONDAY)
    assert not keep(town, MONDAY, Audit(calls=99))
    assert keep(town, MONDAY, site="nordend")

    assert [night.audit.calls for night in kept(town)] == [3]


def test_the_newest_nights_are_kept_newest_first_in_whatever_order_they_were_audited(town):
    days = [MONDAY + timedelta(days=n) for n in range(NIGHTS_KEPT + 2)]
    for day in [*days[5:], *days[:5]]:
        keep(town, day)

    assert [night.day for night in kept(town)] == days[:1:-1]


def test_a_night_that_went_wrong_as_a_whole_counts_all_faults_and_lists_the_first(town):
    faults = tuple(wrong(town, seq) for seq in range(VIOLATIONS_KEPT + 1))

    keep(town, MONDAY, Audit(violations=faults))

    (night,) = kept(town)
    assert night.faults == VIOLATIONS_KEPT + 1
    assert night.audit.violations == faults[:-1]


def test_a_secret_is_made_once_by_name(town):
    with town.store.transaction() as tx:
        one, other = marks.secret(tx, "one"), marks.secret(tx, "other")

        assert len(one) == 64 and one != other
        assert marks.secret(tx, "one") == one == marks.get(tx, "one")
        assert marks.get(tx, "none") is None
