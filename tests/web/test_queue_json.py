"""The queue as desks get it says the same however much of it was written before."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from queue_server.web.queue_json import QueueJson
from queue_server.web.serializers import brief, queue_out
from tests.town import Town


@pytest.fixture
def texts() -> QueueJson:
    return QueueJson()


def told(town: Town, texts: QueueJson) -> Any:
    return json.loads(texts.of(town.site("rathaus"), town.queue()))


def plainly(town: Town) -> Any:
    return brief(queue_out(town.site("rathaus"), town.queue()))


def steps(town: Town) -> list[Callable[[], object]]:
    """Half an hour of an office: everything that changes what a desk reads about somebody."""
    booked, early = (town.booked("Meldewesen", at=at) for at in ("08:10", "08:25"))
    first, second = town.draw(), town.draw("Kfz")
    return [
        lambda: town.open_counter("Schalter 1"),
        lambda: town.check_in(booked),
        lambda: town.check_in(early),
        lambda: town.pass_time(minutes=1),
        lambda: town.prefer(second),
        lambda: town.call_next(),
        lambda: town.no_show(),
        lambda: town.pass_time(minutes=12),
        lambda: town.resume(second),
        lambda: town.call_next(),
        lambda: town.transfer("Schalter 1", to="Schalter 2"),
        lambda: town.cancel(first),
        lambda: town.pass_time(minutes=30),
        lambda: town.pass_time(hours=20),
    ]


def test_whatever_happens_it_is_the_queue_as_it_is_now(town: Town, texts: QueueJson) -> None:
    for step in steps(town):
        step()
        assert told(town, texts) == plainly(town)
        assert told(town, texts) == plainly(town), "and once more from what was kept"
    assert len(plainly(town)["waiting"]) > 1


def test_other_settings_are_read_by_the_next_push(town: Town, texts: QueueJson) -> None:
    town.draw()
    town.draw()
    told(town, texts)
    site = town.site("rathaus")
    moved = replace(site, zone=ZoneInfo("Europe/London"))

    assert json.loads(texts.of(moved, town.queue())) == brief(queue_out(moved, town.queue()))


def test_an_empty_queue_is_told_too(town: Town, texts: QueueJson) -> None:
    assert told(town, texts) == plainly(town) and told(town, texts)["waiting"] == []


def test_whoever_has_gone_is_forgotten(town: Town, texts: QueueJson) -> None:
    who = [town.draw() for _ in range(5)]
    told(town, texts)
    for each in who[1:]:
        town.cancel(each)

    told(town, texts)

    assert list(texts._last["rathaus"].people) == [who[0].id]
