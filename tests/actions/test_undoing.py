"""A wrong "did not come" is undone: the same call, the same count, the same reason."""

from __future__ import annotations

import pytest

from queue_server.actions import undoing
from queue_server.domain.errors import MoveRefused
from queue_server.domain.ticket import TicketState
from queue_server.queries.my_counter import day_counts, seat


@pytest.fixture
def called(town):
    """Somebody with an appointment, called for the second time; a walk-in waits."""
    ticket = town.check_in(town.booked("Meldewesen", at="08:10"))
    town.draw("Meldewesen")
    town.pass_time(minutes=10)
    town.call_next()
    town.recall()
    return ticket


def undo(town, ticket, name="Aylin", counter="schalter-1"):
    clerk = town.clerk(name)
    return undoing.undo_no_show(town.store, town.site(), counter, clerk, ticket.id, now=town.now)


def panel(town):
    with town.store.snapshot() as snapshot:
        return seat(snapshot, town.site(), town.clerk("Aylin").id)


def test_the_same_call_stands_again_as_if_nothing_had_been_pressed(town, called):
    before = panel(town)
    town.no_show()
    town.pass_time(seconds=5)

    assert undo(town, called)

    after = panel(town)
    assert after.ticket == before.ticket
    assert after.ticket.state is TicketState.CALLED and after.ticket.calls == 2
    assert after.reason == before.reason
    with town.store.snapshot() as snapshot:
        assert day_counts(snapshot, town.site(), town.now).no_show == 0


def test_undone_twice_is_refused(town, called):
    town.no_show()
    undo(town, called)

    with pytest.raises(MoveRefused):
        undo(town, called)


def test_after_another_call_at_the_counter_the_person_waits_on(town, called):
    town.no_show()
    town.call_next()

    assert not undo(town, called)

    with town.store.snapshot() as snapshot:
        assert seat(snapshot, town.site(), town.clerk("Aylin").id).ticket.number == "M 002"


def test_neither_a_colleague_nor_a_counter_that_was_closed_gets_the_call_back(town, called):
    town.open_counter("Schalter 2")
    town.no_show()

    assert not undo(town, called, "Bernd", "schalter-2")


def test_the_way_of_whoever_comes_after_all_is_measured_from_the_call(town, called):
    town.no_show()
    undo(town, called)
    town.pass_time(minutes=1)
    town.arrive()
    town.finish()

    assert [event.name for event in town.journal() if event.ticket == called.id][-5:] == [
        "TicketRecalled", "TicketMissed", "MissUndone", "TicketArrived", "TicketFinished",
    ]  # fmt: skip
