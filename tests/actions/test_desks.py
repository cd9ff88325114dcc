"""Counters open and close, and none stays open without its clerk."""

from __future__ import annotations

import pytest

from queue_server.actions import desks
from queue_server.domain.errors import (
    BusyWith,
    CounterNotOpen,
    CounterTaken,
    NotFound,
    NotServedHere,
    UnknownService,
)
from queue_server.domain.ticket import TicketState
from tests.town import nordend


def leave(town, name="Aylin"):
    desks.leave(town.store, town.site(), town.clerk(name), now=town.now)


def test_an_open_counter_serves_all_its_services_or_some(town):
    assert town.open_counter("Schalter 1").services == ("meldewesen", "ausweise", "kfz")
    assert town.open_counter("Schalter 1", services=["Kfz"]).services == ("kfz",)
    assert town.open_counter("Schalter 2").services == ("ausweise",)


def test_changing_the_services_keeps_the_counter_open_and_whoever_is_there(town):
    who = town.draw("Kfz")
    opened = town.open_counter("Schalter 1")
    town.call_next()
    town.pass_time(minutes=1)

    changed = town.open_counter("Schalter 1", services=["Ausweise"])

    assert changed.opened_at == opened.opened_at
    assert town.ticket(who).counter == "schalter-1"


def test_a_counter_belongs_to_one_clerk_at_a_time(town):
    town.open_counter("Schalter 1", "Aylin")

    with pytest.raises(CounterTaken):
        town.open_counter("Schalter 1", "Bernd")
    with pytest.raises(CounterNotOpen):
        town.close_counter("Schalter 1", "Bernd")


def test_a_clerk_sits_at_one_counter_so_the_other_one_closes(town):
    town.open_counter("Schalter 1", "Aylin")

    town.open_counter("Schalter 3", "Aylin")

    assert town.session("Schalter 1") is None
    assert town.session("Schalter 3").clerk_name == "Aylin"
    assert town.happened() == ["CounterOpened", "CounterClosed", "CounterOpened"]


def test_a_clerk_does_not_walk_away_from_a_person(town):
    town.draw()
    town.call_next("Schalter 1")

    with pytest.raises(BusyWith):
        town.open_counter("Schalter 3", "Aylin")
    with pytest.raises(BusyWith):
        town.close_counter("Schalter 1")
    assert town.session("Schalter 1") and town.session("Schalter 3") is None


def test_closing_a_closed_counter_is_fine(town):
    town.close_counter("Schalter 1")

    assert town.journal() == []


def test_a_counter_of_another_site_or_an_unknown_service_is_refused(town):
    clerk = town.clerk("Clara")

    with pytest.raises(NotFound):
        desks.open_counter(town.store, nordend(), "schalter-1", clerk, now=town.now)
    with pytest.raises(UnknownService):
        town.open_counter("Schalter 1", services=["Fischerei"])


def test_signing_out_closes_the_counter_and_a_called_person_waits_on(town):
    who = town.draw()
    town.call_next()

    leave(town)

    assert town.session("Schalter 1") is None
    assert town.ticket(who).state is TicketState.WAITING
    assert town.journal()[-1].by == "sign_out"


def test_signing_out_ends_a_visit_that_nobody_ended(town):
    who = town.draw()
    town.call_next()
    town.arrive()

    leave(town)

    assert town.ticket(who).state is TicketState.SERVED


def test_signing_out_without_a_counter_is_fine(town):
    leave(town, "Bernd")

    assert town.journal() == []


def test_no_desk_is_ghost_open_when_its_clerk_is_gone_too_long(town):
    who = town.draw()
    town.call_next()
    town.pass_time(minutes=31)

    town.tidy()

    assert town.session("Schalter 1") is None
    assert town.ticket(who).state is TicketState.WAITING
    assert town.journal()[-1].by == "gone"
    assert town.outlook().counters_open == 0


def test_a_desk_whose_page_is_open_stays_open(town):
    town.open_counter("Schalter 1")
    for _ in range(4):
        town.pass_time(minutes=20)
        desks.still_here(town.store, town.clerk("Aylin"), now=town.now)
        town.tidy()

    assert town.session("Schalter 1")


def test_tidying_looks_after_one_site_only(town):
    town.open_counter("Platz 1")
    town.pass_time(hours=1)

    town.tidy("rathaus")
    assert town.session("Platz 1")
    town.tidy("nordend")
    assert town.session("Platz 1") is None


def test_a_counter_opens_only_for_services_it_is_configured_for(town):
    with pytest.raises(NotServedHere):
        town.open_counter("Schalter 2", "Bernd", services=["Meldewesen"])


def test_whoever_was_handed_to_a_counter_that_stays_closed_may_go_to_another(town):
    visitor = town.draw("Meldewesen")
    town.call_next("Schalter 1")
    town.transfer("Schalter 1", to="Schalter 3")
    assert town.call_next("Schalter 1") is None

    town.pass_time(minutes=16)
    town.tidy()

    assert town.call_next("Schalter 1") == visitor
