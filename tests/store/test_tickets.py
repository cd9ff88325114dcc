"""Rows of tickets: who is found where, and read again only when something has changed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.domain.errors import NotFound
from queue_server.domain.ticket import TicketState
from queue_server.store import tickets
from tests.town import MONDAY, Town


def row_of(town, who):
    """Every column, as the database has it."""
    with town.store.snapshot() as snapshot:
        row = snapshot.row("SELECT * FROM tickets WHERE id = :id", {"id": who.id})
    return dict(row)


def read(town, look, *args):
    with town.store.snapshot() as snapshot:
        return look(snapshot, *args)


# -- looking ---------------------------------------------------------------------------------


def test_a_ticket_of_another_site_is_not_found(town):
    who = town.draw()

    with pytest.raises(NotFound):
        town.ticket(who, site="nordend")


def test_everybody_is_found_where_they_are_and_at_their_own_site_only(town):
    waiting, called, serving, parked, missed, gone = (town.draw() for _ in range(6))
    for end in (town.park, town.arrive):
        town.draw(site="nordend")
        town.call_next("nordend-1")
        end("nordend-1")
    town.draw(site="nordend")
    town.hire("Dora")
    town.open_counter("Schalter 3", "Dora")
    town.call_chosen(missed)
    town.no_show()
    town.call_chosen(parked)
    town.park()
    town.cancel(gone)
    town.call_chosen(called)
    town.call_chosen(serving, "Schalter 3")
    town.arrive("Schalter 3")

    def found(look, *args):
        return {ticket.id for ticket in read(town, look, "rathaus", *args)}

    here = {called.id, serving.id}
    assert found(tickets.alive) == here | {waiting.id, parked.id, missed.id}
    assert found(tickets.not_waiting) == here | {parked.id, missed.id}
    assert found(tickets.at_counters) == here
    assert found(tickets.in_state, TicketState.PARKED) == {parked.id}
    assert read(town, tickets.at_counter, "schalter-3").id == serving.id
    assert read(town, tickets.at_counter, "schalter-2") is None


def test_the_tickets_of_appointments_are_of_those_that_begin_from_here_until_before_there(town):
    first, last = town.booked(at="08:10"), town.booked(at="08:20")
    here, _ = town.check_in(first), town.check_in(last)
    abroad = town.booked(at="08:10", site="nordend", clerk="Clara")
    town.check_in(abroad, site="nordend")

    found = read(town, tickets.of_appointments, "rathaus", first.start_at, last.start_at)

    assert {id: ticket.id for id, ticket in found.items()} == {first.id: here.id}


def test_who_waits_is_counted_by_service_with_the_minutes_that_are_planned(town):
    town.draw("Meldewesen")
    town.call_next()
    for service in ("Kfz", "Kfz", "Ausweise"):
        town.draw(service)
    town.draw("Kfz", site="nordend")

    waiting = read(town, tickets.waiting_by_service, "rathaus")

    assert waiting == {"kfz": (2, 40), "ausweise": (1, 15)}


def test_a_quota_counts_walk_ins_of_this_day_site_and_service_also_those_who_have_gone(town):
    who = town.draw("Kfz")
    town.cancel(who)
    town.draw("Meldewesen", "Kfz")
    town.draw("Meldewesen")
    town.draw("Kfz", site="nordend")
    town.check_in(town.booked("Kfz"))

    assert read(town, tickets.issued_today, "rathaus", MONDAY, "kfz") == 2
    assert read(town, tickets.issued_today, "rathaus", MONDAY + timedelta(days=1), "kfz") == 0


def test_stranded_is_who_waits_too_long_for_a_counter_that_has_closed_and_nobody_else(town):
    town.open_counter("Schalter 2")
    bound, parked = town.draw(), town.draw()
    town.draw()
    for who in (bound, parked):
        town.call_chosen(who)
        town.transfer(to="Schalter 2")
    town.call_chosen(parked, "Schalter 2")
    town.park("Schalter 2")
    long_ago, later = town.now, town.now + timedelta(seconds=1)

    assert read(town, tickets.stranded, "rathaus", later) == []
    with town.store.transaction() as tx:
        tx.write("DELETE FROM counter_sessions WHERE counter = 'schalter-2'")

    assert [t.id for t in read(town, tickets.stranded, "rathaus", later)] == [bound.id]
    assert read(town, tickets.stranded, "rathaus", long_ago) == []
    assert read(town, tickets.stranded, "nordend", later) == []


def test_whom_any_counter_may_call_is_not_stranded_while_none_is_open(town):
    town.draw()
    with town.store.transaction() as tx:
        tx.write("DELETE FROM counter_sessions")

    assert read(town, tickets.stranded, "rathaus", town.now + timedelta(seconds=1)) == []


def test_whom_only_one_counter_may_call_is_found_also_while_set_aside_but_not_at_the_counter(town):
    town.open_counter("Schalter 2")
    waiting, parked, here, other = (town.draw() for _ in range(4))
    for who in (waiting, parked, here):
        town.call_chosen(who)
        town.transfer(to="Schalter 2")
    town.call_chosen(parked, "Schalter 2")
    town.park("Schalter 2")
    town.call_chosen(here, "Schalter 2")
    town.call_chosen(other)
    town.transfer(to="Schalter 3")

    handed = {ticket.id for ticket in read(town, tickets.bound_to, "rathaus", "schalter-2")}

    assert handed == {waiting.id, parked.id}
    assert read(town, tickets.bound_to, "nordend", "schalter-2") == []


def test_the_earliest_arrival_is_of_those_who_were_still_there_at_the_moment(town):
    town.cancel(town.draw())
    town.pass_time(minutes=5)
    came, still_there = town.now, town.draw()
    town.pass_time(minutes=5)
    at = town.now
    town.cancel(still_there)

    assert read(town, tickets.earliest_arrival, "rathaus", at) == came
    assert read(town, tickets.earliest_arrival, "rathaus", came) is None
    assert read(town, tickets.earliest_arrival, "nordend", at) is None


# -- reading rows ----------------------------------------------------------------------------


def test_a_row_in_which_nothing_has_changed_is_the_same_ticket(town):
    who = town.draw()

    assert town.ticket(who) is town.ticket(who)


def test_a_row_that_has_changed_is_read_anew(town):
    who = town.draw()
    before = town.ticket(who)

    town.prefer(who)

    assert (before.precedence, town.ticket(who).precedence) == (None, "mobility")


def test_the_same_id_in_another_database_is_another_ticket(town, tmp_path):
    other = Town(tmp_path / "other.db")
    here, there = town.draw("Meldewesen"), other.draw("Kfz")

    assert here.id == there.id
    assert [town.ticket(here).number, other.ticket(there).number] == ["M 001", "K 001"]
    assert town.ticket(here).number == "M 001"
    other.store.close()


def test_only_so_many_tickets_are_kept_in_memory(town):
    row = row_of(town, town.draw())

    for number in range(tickets.MOST_KNOWN + 10):
        assert tickets.from_row(row | {"id": 1_000_000 + number}).id == 1_000_000 + number

    assert len(tickets._known) <= tickets.MOST_KNOWN
