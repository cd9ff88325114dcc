"""One forecast for everybody who asks; nobody at a counter ever waits for it."""

from __future__ import annotations

import ast
import threading
from pathlib import Path

import pytest

import queue_server
from queue_server.domain.hours import ALWAYS
from queue_server.domain.waiting import AT_ONCE
from queue_server.store.database import run_here
from queue_server.web import forecaster
from queue_server.web.forecaster import Forecaster
from tests.web.forecasts import Counted, shared, tell, telling


@pytest.fixture
def town(town):
    town.change(hours=ALWAYS)
    return town


def test_without_a_server_every_answer_is_fresh(town):
    alone = Forecaster(town.store, lambda: town.now, run_here)
    assert alone.of(town.site()).newcomers["kfz"] is None
    town.open_counter("Schalter 1")

    assert alone.of(town.site()).newcomers["kfz"] is not None


def test_a_forecast_is_made_away_from_the_hub_and_once_for_all(town, monkeypatch):
    monkeypatch.setattr(forecaster, "EVERY_SECONDS", 3600.0)
    offload = Counted()
    forecasts = shared(town, offload)

    assert forecasts.of(town.site()) is forecasts.of(town.site())
    assert offload.works == 1


def test_within_a_second_it_is_not_made_again_whatever_happens(town, monkeypatch):
    monkeypatch.setattr(forecaster, "EVERY_SECONDS", 3600.0)
    forecasts = shared(town, offload := Counted())
    forecasts.of(town.site())
    town.draw()
    forecasts.of(town.site())

    assert offload.works == 1


def test_one_that_knows_nothing_of_the_last_change_says_so(town, monkeypatch):
    monkeypatch.setattr(forecaster, "EVERY_SECONDS", 3600.0)
    forecasts = shared(town, Counted())
    told = forecasts.of(town.site())
    assert not forecasts.is_behind(town.site(), told)
    town.open_counter("Schalter 1")

    assert forecasts.of(town.site()) is told and forecasts.is_behind(town.site(), told)


def test_it_is_made_again_when_somebody_moved(town, unhurried):
    forecasts = shared(town, offload := Counted())
    forecasts.of(town.site())
    town.open_counter("Schalter 1")

    assert forecasts.of(town.site()).newcomers["kfz"] is not None
    assert offload.works == 2


def test_what_people_are_told_moves_nobody(town, unhurried):
    forecasts = shared(town, offload := Counted())
    town.open_counter("Schalter 1")
    tell(telling(town, forecasts), town, town.draw())
    forecasts.of(town.site())

    assert "ForecastGiven" in town.happened() and offload.works == 1


def test_it_is_made_again_when_it_is_old(town, unhurried, monkeypatch):
    forecasts = shared(town, offload := Counted())
    forecasts.of(town.site())
    monkeypatch.setattr(forecaster, "OLDEST_SECONDS", -1.0)
    forecasts.of(town.site())

    assert offload.works == 2


def test_a_page_without_a_number_counts_those_who_came_since_the_forecast_was_made(
    town, monkeypatch
):
    monkeypatch.setattr(forecaster, "EVERY_SECONDS", 3600.0)
    forecasts = shared(town, offload := Counted())
    town.open_counter("Schalter 1")
    assert forecasts.of(town.site()).newcomers["kfz"] == AT_ONCE

    for _ in range(3):
        town.draw("Kfz")

    assert forecasts.of(town.site()).newcomers["kfz"].likely_minutes > 5
    assert offload.works == 1


def test_whoever_a_forecast_knows_is_not_remembered_any_longer(town, unhurried):
    forecasts = shared(town, offload := Counted())
    for _ in range(3):
        town.draw("Kfz")
        forecasts.of(town.site())

    assert offload.works == 3
    assert not forecasts._arrivals["rathaus"]._came


def test_of_many_who_ask_at_once_one_reckons(town, monkeypatch):
    monkeypatch.setattr(forecaster, "EVERY_SECONDS", 3600.0)
    works, started, go_on = [], threading.Event(), threading.Event()

    def slowly(work):
        works.append(work)
        started.set()
        assert go_on.wait(10)
        return work()

    forecasts, site = shared(town, slowly), town.site()
    crowd = [threading.Thread(target=forecasts.of, args=(site,)) for _ in range(5)]
    for one in crowd:
        one.start()
    assert started.wait(10)
    assert forecasts.latest(site).newcomers == {}, "whoever must not wait does not wait"
    go_on.set()
    for one in crowd:
        one.join(10)

    assert len(works) == 1


def test_while_one_is_made_the_one_before_serves_whoever_comes(town, monkeypatch):
    monkeypatch.setattr(forecaster, "EVERY_SECONDS", 3600.0)
    started, go_on, is_slow = threading.Event(), threading.Event(), threading.Event()

    def slowly(work):
        if is_slow.is_set():
            started.set()
            assert go_on.wait(60)
        return work()

    forecasts, site = shared(town, slowly), town.site()
    town.open_counter("Schalter 1")
    before = forecasts.of(site)
    is_slow.set()
    town.draw("Kfz")
    # What decides about ticket stops wants one that knows of everybody, and makes it.
    watching = threading.Thread(target=forecasts.as_it_stands, args=(site,))
    watching.start()
    assert started.wait(60)
    monkeypatch.setattr(forecaster, "EVERY_SECONDS", 1e-6)
    monkeypatch.setattr(forecaster, "TIMES_AS_LONG", 1e10)

    who = [town.ticket(town.draw("Kfz")) for _ in range(2)]
    told = [forecasts.of(site, ticket).places[ticket.id].likely_minutes for ticket in who]
    assert forecasts.latest(site) is before, "nobody has waited for the next"
    go_on.set()
    watching.join(60)

    assert forecasts.latest(site) is not before
    assert 5 < told[0] < told[1], "each behind those who came before"


def test_a_ticket_stop_is_decided_by_a_forecast_that_knows_of_everybody(town, monkeypatch):
    monkeypatch.setattr(forecaster, "EVERY_SECONDS", 3600.0)
    forecasts, site = shared(town, offload := Counted()), town.site()
    town.open_counter("Schalter 1")
    before = forecasts.as_it_stands(site).ends["kfz"]
    for _ in range(3):
        town.draw("Kfz")

    assert forecasts.as_it_stands(site).ends["kfz"] > before
    assert forecasts.as_it_stands(site) is forecasts.of(site) and offload.works == 2


def test_no_verb_reckons_a_forecast():
    """A call is answered without one: no action knows how they are made."""
    actions = Path(queue_server.__file__).parent / "actions"
    for path in actions.glob("*.py"):
        names = {name for node in ast.walk(ast.parse(path.read_text())) for name in names_of(node)}
        making = {"forecast", "forecast_of", "Forecaster", "hall"} & names
        assert not making, f"{path.name} reckons: {making}"


def names_of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [alias.name for alias in node.names]
    return []
