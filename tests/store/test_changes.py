"""One way to write: what the event makes of a row, with the ids that the database gave."""

from __future__ import annotations

from queue_server.domain.events import TicketCalled, TicketIssued
from queue_server.store import tickets
from tests.journal_and_tables import the_journal_is_the_tables


def test_events_carry_the_ids_that_the_database_gave(town):
    who = town.draw("Kfz")
    town.call_next()

    issued = [event for event in town.journal() if isinstance(event, TicketIssued)]
    called = [event for event in town.journal() if isinstance(event, TicketCalled)]

    assert [(event.ticket, event.number) for event in issued] == [(who.id, who.number)]
    with town.store.snapshot() as snapshot:
        standing = tickets.get(snapshot, "rathaus", who.id)
    assert [(event.ticket, event.call) for event in called] == [(who.id, standing.call)]
    assert standing.call is not None


def test_a_call_that_was_released_counts_for_nobodys_share(town):
    town.draw("Kfz")
    town.call_next()
    town.release()

    with town.store.snapshot() as snapshot:
        row = snapshot.row("SELECT SUM(contested) AS contested FROM calls")
    assert row["contested"] == 0
    the_journal_is_the_tables(town)
