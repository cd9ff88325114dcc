"""What an office changed in itself is found page by page, however much else has happened."""

from __future__ import annotations

from collections.abc import Sequence

from queue_server.domain import events
from queue_server.queries.changes_made import changes_made
from queue_server.store import journal
from tests.town import Town

STOPS, DEVICES = events.TicketStopSet, events.DeviceChanged


def set_stop(town: Town, by: str, clerk: int | None = None) -> None:
    with town.store.transaction() as tx:
        tx.record(STOPS(at=town.now, site="rathaus", clerk=clerk, service="*", mode="open", by=by))


def revoke(town: Town, device: str, site: str = "rathaus") -> None:
    with town.store.transaction() as tx:
        tx.record(DEVICES(at=town.now, site=site, device=device, change="revoked"))


def found(town: Town, most: int = 9, before: int = journal.END) -> Sequence[journal.Numbered]:
    with town.store.snapshot() as snapshot:
        return changes_made(snapshot, "rathaus", (STOPS, DEVICES), before=before, most=most)


def test_pages_follow_each_other_without_a_gap_newest_first_over_all_kinds(town: Town) -> None:
    aylin = town.clerk("Aylin")
    for number in range(3):
        revoke(town, f"wand-{number}")
        set_stop(town, "clerk", aylin.id)
    town.draw("Meldewesen")
    revoke(town, "nordwand", site="nordend")

    whole = found(town)
    first = found(town, most=4)
    second = found(town, most=4, before=first[-1][0])

    assert [*first, *second] == whole and len(whole) == 6
    assert [each for each, _ in whole] == sorted((each for each, _ in whole), reverse=True)
    assert found(town, before=whole[-1][0]) == []


def test_a_stop_of_the_forecast_is_nobodys_change(town: Town) -> None:
    for _ in range(5):
        set_stop(town, "forecast")
    set_stop(town, "clerk", town.clerk("Aylin").id)
    set_stop(town, "forecast")

    [(_, only)] = found(town, most=3)

    assert only.clerk == town.clerk("Aylin").id
