"""What was decided about the numbers of a day: by whom, for which service, and taken back."""

from __future__ import annotations

from datetime import timedelta

from queue_server.domain.site import EVERY_SERVICE
from queue_server.domain.ticket_stop import CLERK, FORECAST, Stop
from queue_server.store import decisions
from tests.town import MONDAY


def put(town, service, by=CLERK, site="rathaus", day=MONDAY, is_stopped=True):
    stop = Stop(service, by, is_stopped, town.now, "voll", town.now + timedelta(hours=1))
    with town.store.transaction() as tx:
        decisions.put_stop(tx, site, day, stop)
    return stop


def drop(town, *args):
    with town.store.transaction() as tx:
        return decisions.drop_stops(tx, *args)


def decided(town, site="rathaus", day=MONDAY):
    with town.store.snapshot() as snapshot:
        return {(stop.service, stop.by) for stop in decisions.stops_of_day(snapshot, site, day)}


def several_decisions(town):
    """A clerk's about two services, the forecast's about one, and one of another site."""
    put(town, "kfz")
    put(town, "ausweise")
    put(town, "kfz", FORECAST)
    put(town, "kfz", site="nordend")


def test_a_decision_comes_back_as_it_was_made_on_its_day_and_at_its_site(town):
    stop = put(town, "kfz")
    put(town, "kfz", site="nordend")

    with town.store.snapshot() as snapshot:
        assert decisions.stops_of_day(snapshot, "rathaus", MONDAY) == [stop]
    assert decided(town, day=MONDAY + timedelta(days=1)) == set()


def test_a_word_about_all_services_ends_that_clerks_words_about_single_ones(town):
    several_decisions(town)

    put(town, EVERY_SERVICE)

    assert decided(town) == {(EVERY_SERVICE, CLERK), ("kfz", FORECAST)}
    assert decided(town, "nordend") == {("kfz", CLERK)}


def test_the_newest_decision_about_a_service_counts(town):
    put(town, "kfz")
    opened = put(town, "kfz", is_stopped=False)

    with town.store.snapshot() as snapshot:
        assert decisions.stops_of_day(snapshot, "rathaus", MONDAY) == [opened]


def test_what_is_taken_back_is_one_service_or_all_of_one_side(town):
    several_decisions(town)

    assert drop(town, "rathaus", "kfz") == 1
    assert decided(town) == {("ausweise", CLERK), ("kfz", FORECAST)}
    assert drop(town, "rathaus", EVERY_SERVICE, FORECAST) == 1
    assert decided(town) == {("ausweise", CLERK)}
    assert decided(town, "nordend") == {("kfz", CLERK)}
