"""Refused draws in the journal: those of a span, and whether one like it was just kept."""

from __future__ import annotations

from datetime import timedelta

from queue_server.domain.events import TicketRefused
from queue_server.store.refused_draws import is_noted, refused_between
from tests.town import Town

MINUTE = timedelta(minutes=1)


def refusal(town: Town, service: str = "kfz", **more: str) -> TicketRefused:
    return TicketRefused(at=town.now, site="rathaus", service=service, reason="quota", **more)


def keep(town: Town, event: TicketRefused) -> None:
    with town.store.transaction() as tx:
        tx.record(event)


def test_the_span_is_half_open_and_of_one_site(town: Town) -> None:
    kept = []
    for _ in range(3):
        kept.append(refusal(town))
        keep(town, kept[-1])
        town.pass_time(minutes=1)
    keep(town, TicketRefused(at=kept[0].at, site="nordend", service="kfz", reason="closed"))

    with town.store.snapshot() as snapshot:
        found = list(refused_between(snapshot, "rathaus", kept[0].at, kept[2].at))
    assert found == kept[:2]


def test_just_kept_is_the_same_kiosk_and_service_within_the_time(town: Town) -> None:
    keep(town, refusal(town, door="eingang"))
    with town.store.snapshot() as snapshot:
        assert is_noted(snapshot, refusal(town, door="eingang"), MINUTE)
        assert not is_noted(snapshot, refusal(town, door="program 3"), MINUTE)
        assert not is_noted(snapshot, refusal(town, "meldewesen", door="eingang"), MINUTE)
    town.pass_time(minutes=1)
    with town.store.snapshot() as snapshot:
        assert not is_noted(snapshot, refusal(town, door="eingang"), MINUTE)
