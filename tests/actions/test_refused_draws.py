"""Whoever gets no number is kept in the journal, seldom, and nobody's state changes."""

from __future__ import annotations

from typing import Any

import pytest

from queue_server.domain.errors import NotIssuing, TooManyPersons
from queue_server.domain.events import TicketRefused
from queue_server.domain.office import Office
from queue_server.store import journal
from tests.faults.disks import no_room_for_files
from tests.town import Town


@pytest.fixture
def closed(town: Town) -> Town:
    town.set_clock("07:30")
    return town


def refused(town: Town, *services: str, **more: Any) -> None:
    with pytest.raises(NotIssuing):
        town.draw(*services, **more)


def noted(town: Town) -> list[tuple[str, str, str, int | None]]:
    return [
        (each.service, each.reason, each.door, each.clerk)
        for each in town.journal()
        if isinstance(each, TicketRefused)
    ]


def test_a_flood_at_one_kiosk_writes_one_line_a_minute_and_service(closed: Town) -> None:
    for _ in range(300):
        refused(closed, door="eingang")
    assert noted(closed) == [("meldewesen", "closed", "eingang", None)]

    closed.pass_time(seconds=59.999)
    refused(closed, door="eingang")
    assert len(noted(closed)) == 1
    closed.pass_time(seconds=0.001)
    refused(closed, door="eingang")
    assert len(noted(closed)) == 2


def test_another_kiosk_another_clerk_and_another_service_count_for_themselves(closed: Town) -> None:
    aylin = closed.clerk("Aylin").id
    for _ in range(3):
        refused(closed, door="eingang")
        refused(closed, door="program 3")
        refused(closed, by="clerk", clerk=aylin)
        refused(closed, "Kfz", "Meldewesen", door="eingang")

    assert noted(closed) == [
        ("meldewesen", "closed", "eingang", None),
        ("meldewesen", "closed", "program 3", None),
        ("meldewesen", "closed", "", aylin),
        ("kfz", "closed", "eingang", None),
    ]


def test_a_clock_that_jumps_back_lets_no_flood_through(closed: Town) -> None:
    for _ in range(20):
        refused(closed)
        closed.pass_time(seconds=-1)

    assert len(noted(closed)) == 1


def test_the_quota_is_a_reason_and_a_wrong_request_is_none(town: Town) -> None:
    town.change_service("Kfz", daily_quota=1)
    town.draw("Kfz")
    refused(town, "Kfz")
    with pytest.raises(TooManyPersons):
        town.draw(persons=99)

    assert noted(town) == [("kfz", "quota", "", None)]


def test_it_changes_nobodys_state_and_wakes_no_forecast(town: Town) -> None:
    town.draw("Meldewesen")
    town.change_service("Kfz", walk_in=False)
    with town.store.snapshot() as snapshot:
        before = journal.moved(snapshot, "rathaus")
    refused(town, "Kfz")

    assert noted(town) == [("kfz", "not_walk_in", "", None)]
    with town.store.snapshot() as snapshot:
        assert journal.moved(snapshot, "rathaus") == before
    folded = Office.of(town.site()).fold(town.journal())
    apart = Office.of(town.site()).fold(
        each for each in town.journal() if not isinstance(each, TicketRefused)
    )
    assert folded.tickets == apart.tickets and len(folded.waiting) == 1


@pytest.mark.sqlite
def test_on_a_full_disk_the_refusal_stands(closed: Town) -> None:
    with no_room_for_files():
        refused(closed)
    assert noted(closed) == [] and closed.store.is_failing

    refused(closed)
    assert len(noted(closed)) == 1
