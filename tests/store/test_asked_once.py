"""Decisions are read once, and never told once they have changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest

from queue_server.actions import rules, stops
from queue_server.domain.site import PriorityRules
from queue_server.store import counters, decisions, journal
from queue_server.store.asked_once import MOST_KEPT, AskedOnce, KeptDecisions
from queue_server.store.database import NO_PARAMS, Params, Reader, Row
from tests.town import MONDAY, Town

STRICT = PriorityRules(rule="strict")


class Noting:
    """A snapshot that notes what it is asked."""

    def __init__(self, reader: Reader) -> None:
        self._reader, self.asked = reader, list[str]()

    def rows(self, sql: str, params: Params = NO_PARAMS) -> list[Row]:
        self.asked.append(sql)
        return self._reader.rows(sql, params)

    def row(self, sql: str, params: Params = NO_PARAMS) -> Row | None:
        return next(iter(self.rows(sql, params)), None)


@pytest.fixture
def kept() -> KeptDecisions:
    return KeptDecisions()


def decided(town: Town, reader: Reader) -> tuple[object, ...]:
    return (
        decisions.rules_in_force(reader, town.site()),
        decisions.special_days(reader, "rathaus"),
        decisions.stops_of_day(reader, "rathaus", MONDAY),
    )


def is_true(town: Town, kept: KeptDecisions) -> bool:
    with town.store.snapshot() as snapshot:
        return decided(town, kept.reader(snapshot, "rathaus")) == decided(town, snapshot)


def asked(town: Town, kept: KeptDecisions) -> list[str]:
    """What the database is asked for in order to know the decisions."""
    with town.store.snapshot() as snapshot:
        noting = Noting(snapshot)
        decided(town, kept.reader(noting, "rathaus"))
        return noting.asked


def everything_that_decides(town: Town) -> list[Callable[[], object]]:
    store, site, clerk = town.store, town.site(), town.clerk("Aylin")
    late, soon = (
        SimpleNamespace(ends={each.id: town.now + timedelta(hours=h) for each in site.services})
        for h in (16, 1)
    )
    return [
        lambda: rules.decide(store, site, STRICT, clerk, now=town.now),
        lambda: town.decide_day(MONDAY, "08:00-11:00", notice="Personalversammlung"),
        lambda: stops.stop(store, site, clerk.id, reason="Andrang", now=town.now),
        lambda: stops.open_again(store, site, clerk.id, "kfz", reason="Platz", now=town.now),
        lambda: stops.automatic(store, site, clerk.id, now=town.now),
        lambda: stops.follow_forecast(store, site, late, town.now),
        lambda: stops.follow_forecast(store, site, soon, town.now),
        lambda: town.undecide_day(MONDAY),
        lambda: rules.as_configured(store, site, clerk, now=town.now),
    ]


def test_whatever_is_decided_is_known_in_the_next_snapshot(town: Town, kept: KeptDecisions) -> None:
    for decide in everything_that_decides(town):
        assert is_true(town, kept)
        with town.store.snapshot() as before:
            known = decided(town, before)
        decide()
        with town.store.snapshot() as after:
            assert decided(town, after) != known
        assert is_true(town, kept)


def test_decisions_are_read_once_however_much_happens_that_decides_nothing(
    town: Town, kept: KeptDecisions
) -> None:
    assert set(asked(town, kept)) >= decisions.STATEMENTS

    town.draw()
    town.call()

    assert len(asked(town, kept)) == 2
    # Nothing at all has happened since.
    assert len(asked(town, kept)) == 1


def test_a_snapshot_from_before_a_decision_shows_what_held_then(
    town: Town, kept: KeptDecisions
) -> None:
    town.draw()
    with town.store.snapshot() as older:
        # A snapshot begins with what it is asked first.
        journal.version(older, "rathaus")
        rules.decide(town.store, town.site(), STRICT, town.clerk("Aylin"), now=town.now)
        assert is_true(town, kept)

        then = decisions.rules_in_force(kept.reader(older, "rathaus"), town.site())

    assert then == town.site().priority
    assert is_true(town, kept)


def test_what_a_slower_snapshot_reads_late_is_not_taken_for_what_holds_since(
    town: Town, kept: KeptDecisions
) -> None:
    town.draw()
    with town.store.snapshot() as older:
        slower = kept.reader(older, "rathaus")
        rules.decide(town.store, town.site(), STRICT, town.clerk("Aylin"), now=town.now)
        with town.store.snapshot() as newer:
            quicker = kept.reader(newer, "rathaus")
            decided(town, slower)

            assert decided(town, quicker) == decided(town, newer)
    assert is_true(town, kept)


def test_what_one_site_decides_is_nothing_to_another(town: Town, kept: KeptDecisions) -> None:
    with town.store.snapshot() as snapshot:
        decided(town, kept.reader(snapshot, "nordend"))
    rules.decide(town.store, town.site(), STRICT, town.clerk("Aylin"), now=town.now)

    assert is_true(town, kept)
    with town.store.snapshot() as snapshot:
        elsewhere = decisions.decided_rules(kept.reader(snapshot, "nordend"), "nordend")
    assert elsewhere is None


def test_the_stops_of_days_gone_by_are_not_kept_for_ever(town: Town, kept: KeptDecisions) -> None:
    for _ in range(MOST_KEPT * 2):
        town.pass_time(hours=24)
        town.open_counter("Schalter 1")
        town.close_counter("Schalter 1")
        with town.store.snapshot() as snapshot:
            reader = kept.reader(snapshot, "rathaus")
            decisions.stops_of_day(reader, "rathaus", town.now.date())

    assert len(reader.kept) <= MOST_KEPT + 1


def test_within_a_snapshot_the_same_question_is_asked_once(town: Town) -> None:
    town.open_counter("Schalter 1")
    with town.store.snapshot() as snapshot:
        noting = Noting(snapshot)
        reader = AskedOnce(noting)
        for site in ("rathaus", "nordend", "rathaus"):
            assert journal.version(reader, site) == journal.version(snapshot, site)
            assert counters.open_at(reader, site) == counters.open_at(snapshot, site)

    assert len(noting.asked) == 4
