"""Whoever writes second on what they read first is refused; a repeated request finds its ticket."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.domain.errors import MoveRefused
from queue_server.domain.events import (
    CallAnswered,
    DocumentsDeclared,
    TicketArrived,
    TicketCalled,
    TicketMissed,
    TicketParked,
    TicketPostponed,
    TicketPreferred,
    TicketReleased,
    TicketServicesChanged,
    TicketTransferred,
    TicketUnbound,
)
from queue_server.store import ticket_changes, tickets


def row_of(town, who):
    """Every column, as the database has it."""
    with town.store.snapshot() as snapshot:
        row = snapshot.row("SELECT * FROM tickets WHERE id = :id", {"id": who.id})
    return dict(row)


def parked(town, ticket):
    return TicketParked(at=town.now, site=ticket.site, ticket=ticket.id)


def ticket_of(town, key, site="rathaus"):
    with town.store.snapshot() as snapshot:
        found = tickets.of_key(snapshot, site, key)
    return found and found.id


# -- the guarded write -----------------------------------------------------------------------


def test_of_two_who_read_the_same_row_the_second_is_refused_and_changes_nothing(town):
    who = town.draw()
    both_read = town.ticket(who)
    town.call_next()
    after_the_first, told = row_of(town, who), town.happened()

    with pytest.raises(MoveRefused), town.store.transaction() as tx:
        tx.apply(parked(town, both_read), both_read)

    assert row_of(town, who) == after_the_first
    assert town.happened() == told


def test_what_was_journalled_before_a_refused_move_is_not_journalled(town):
    who = town.draw()
    both_read = town.ticket(who)
    town.cancel(who)
    told = town.happened()

    with pytest.raises(MoveRefused), town.store.transaction() as tx:
        tx.record(TicketReleased(at=town.now, site="rathaus", ticket=who.id, call=1))
        tx.apply(parked(town, both_read), both_read)

    assert town.happened() == told and town.heard[-1][0].name == "TicketCancelled"


def test_a_move_writes_one_row_and_no_neighbours(town):
    who, neighbour = town.draw(), town.draw()
    untouched = row_of(town, neighbour)

    town.call_next()

    assert row_of(town, who)["state"] == "called"
    assert row_of(town, neighbour) == untouched


def test_a_move_that_the_table_of_moves_does_not_know_is_refused_before_it_is_written(town):
    who = town.draw()
    waiting = town.ticket(who)
    before = row_of(town, who)

    with pytest.raises(MoveRefused), town.store.transaction() as tx:
        tx.apply(TicketArrived(at=town.now, site="rathaus", ticket=who.id), waiting)

    assert row_of(town, who) == before


def test_a_move_keeps_the_counter_it_was_handed_to_and_its_lock_out(town):
    who = town.draw()
    until = town.now + timedelta(minutes=2)
    town.call_next()
    about = {"at": town.now, "site": "rathaus", "ticket": who.id}
    handed = TicketTransferred(**about, services=("kfz",), bound_to="schalter-3", minutes=20)

    with town.store.transaction() as tx:
        waiting = tx.apply(handed, town.ticket(who))
        again = tx.apply(
            TicketCalled(**about, clerk=1, counter="schalter-3", reason="chosen"), waiting
        )
        missed = tx.apply(TicketMissed(**about, calls=1, held_until=until), again)

    assert town.ticket(who) == missed
    assert (missed.bound_to, missed.held_until, missed.services) == ("schalter-3", until, ("kfz",))


def test_what_was_said_of_a_state_that_is_over_is_refused_and_changes_nothing(town):
    who = town.draw()
    waiting = town.ticket(who)
    town.call_next()
    called = town.ticket(who)
    town.arrive()
    serving, about = row_of(town, who), {"at": town.now, "site": "rathaus", "ticket": who.id}

    for said, before in (
        (TicketPreferred(**about, clerk=1, precedence="mobility"), waiting),
        (TicketPostponed(**about, held_until=town.now), waiting),
        (TicketServicesChanged(**about, services=("kfz",)), waiting),
        (TicketUnbound(**about), waiting),
        (DocumentsDeclared(**about, missing=("Ausweis",)), waiting),
        (CallAnswered(**about, call=called.call), called),
        (TicketTransferred(**about, services=("kfz",)), called),
        (TicketReleased(**about, call=called.call), called),
    ):
        with pytest.raises(MoveRefused), town.store.transaction() as tx:
            tx.apply(said, before)

    assert row_of(town, who) == serving


# -- the key of a request ----------------------------------------------------------------------


def test_a_key_finds_the_ticket_it_made_and_nobody_elses(town):
    who, other = town.draw(key="one"), town.draw(key="other")

    assert (ticket_of(town, "one"), ticket_of(town, "other")) == (who.id, other.id)
    assert ticket_of(town, "one", "nordend") is None and ticket_of(town, "none") is None


def test_the_same_key_at_two_sites_makes_two_tickets(town):
    here, there = town.draw(key="one"), town.draw(key="one", site="nordend")

    assert (ticket_of(town, "one"), ticket_of(town, "one", "nordend")) == (here.id, there.id)


def test_a_key_is_forgotten_after_its_moment_and_not_at_it(town):
    who, drawn_at = town.draw(key="one"), town.now

    with town.store.transaction() as tx:
        ticket_changes.forget_keys(tx, drawn_at)
    assert ticket_of(town, "one") == who.id
    with town.store.transaction() as tx:
        ticket_changes.forget_keys(tx, drawn_at + timedelta(milliseconds=1))
    assert ticket_of(town, "one") is None
