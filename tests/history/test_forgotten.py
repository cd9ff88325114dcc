"""What visitors forget: who says so, which share it is, and when it is said beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from queue_server.history.forgotten import LEAST_CASES, Forgotten, forgotten, frequent
from queue_server.history.visits import PastVisit, Period, visits
from tests.cast import MONDAY, nordend, rathaus
from tests.town import Town, Visitor

PASS, PROOF = "Personalausweis oder Reisepass", "Wohnungsgeberbestätigung"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """The Rathaus, where an address is registered with two documents."""
    site = rathaus()
    services = [
        replace(each, documents=(PASS, PROOF) if each.id == "meldewesen" else ())
        for each in site.services
    ]
    town = Town(tmp_path / "town.db", [replace(site, services=tuple(services)), nordend()])
    yield town
    town.store.close()


def visits_of(town: Town) -> list[PastVisit]:
    period, zone = Period(MONDAY, MONDAY), town.site().zone
    with town.store.snapshot() as snapshot:
        return visits(snapshot, "rathaus", period.since(zone), period.until(zone))


def served(town: Town, *missing: str, declared: tuple[str, ...] = ()) -> Visitor:
    who = town.draw("Meldewesen")
    if declared:
        town.declare_missing(who, *declared)
    town.call_next()
    town.arrive()
    town.pass_time(minutes=5)
    outcome = "documents_missing" if missing else "done"
    town.finish(outcome=outcome, missing=missing)
    return who


def test_the_clerk_knows_better_than_the_visitor_what_was_missing(town: Town) -> None:
    town.open_counter("Schalter 1")
    served(town, "Stammbuch", declared=(PASS,))
    served(town, declared=(PASS,))
    served(town)

    assert [visit.missing for visit in visits_of(town)] == [("other",), (PASS,), ()]


def test_every_document_has_its_count_and_share_of_the_visits_for_the_service(town: Town) -> None:
    town.open_counter("Schalter 1")
    served(town, PROOF)
    served(town, PROOF)
    served(town, "Stammbuch")
    served(town)

    found = forgotten(visits_of(town), town.site())

    assert found == [
        Forgotten("meldewesen", PROOF, 2, 4),
        Forgotten("meldewesen", "other", 1, 4),
    ]
    assert found[0].share == 0.5


@pytest.mark.parametrize(
    ("count", "visits", "is_frequent"),
    [(LEAST_CASES, 100, True), (LEAST_CASES - 1, 5, False), (LEAST_CASES, 101, False)],
)
def test_only_what_enough_people_forget_is_said_beforehand(
    count: int, visits: int, is_frequent: bool
) -> None:
    one = Forgotten("meldewesen", PASS, count, visits)

    assert one.is_frequent is is_frequent
    assert frequent([one]) == (frozenset({("meldewesen", PASS)}) if is_frequent else frozenset())


def test_what_has_no_name_is_said_to_nobody(town: Town) -> None:
    assert frequent([Forgotten("meldewesen", "other", 50, 50)]) == frozenset()
