"""With the person at the counter."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.domain.errors import BadRequest, MoveRefused, NotFound, UnknownService
from queue_server.domain.ticket import PRECEDENCE_REASONS, TicketState
from tests.journal_and_tables import the_journal_is_the_tables, told


def test_a_visit_goes_from_the_call_to_its_end(town):
    who = town.draw()
    town.call_next()
    town.pass_time(minutes=1)
    assert town.arrive().serving_at == town.now
    town.pass_time(minutes=9)

    town.finish(outcome="documents_missing", missing=("a note about somebody",))

    assert town.ticket(who).state is TicketState.SERVED
    event = town.journal()[-1]
    assert (event.outcome, event.missing) == ("documents_missing", ("other",))
    assert town.happened()[-3:] == ["TicketCalled", "TicketArrived", "TicketFinished"]


def test_a_clerk_who_forgot_to_press_arrived_may_finish_at_once(town):
    who = town.draw()
    town.call_next()

    town.finish()

    assert town.ticket(who).state is TicketState.SERVED
    assert town.happened()[-2:] == ["TicketArrived", "TicketFinished"]


def test_nobody_arrives_twice(town):
    town.draw()
    town.call_next()
    town.arrive()

    with pytest.raises(MoveRefused):
        town.arrive()


# -- parking -------------------------------------------------------------------------------


@pytest.mark.parametrize("arrived", [False, True])
def test_a_parked_person_is_called_by_nobody_until_resumed_at_the_old_place(town, arrived):
    who, second = town.draw(), town.draw()
    town.call_next()
    if arrived:
        town.arrive()

    town.park()
    assert town.call_next() == second
    town.finish()
    assert town.call_next() is None
    later = town.draw()
    town.resume(who)

    assert [town.serve_next(seconds=1) for _ in range(2)] == [who, later]


def test_only_whoever_is_set_aside_can_be_resumed(town):
    who = town.draw()

    with pytest.raises(MoveRefused):
        town.resume(who)
    town.call_next()
    with pytest.raises(MoveRefused):
        town.resume(who)


def test_a_wrong_no_show_is_undone_by_resuming(town):
    who = town.draw()
    town.call_next()
    town.no_show()

    assert town.resume(who).state is TicketState.WAITING
    assert [entry.ticket.id for entry in town.queue().waiting] == [who.id]


# -- handing on ----------------------------------------------------------------------------


def test_a_transfer_to_another_service_keeps_number_and_waiting_since(town):
    who, came_at = town.draw("Meldewesen"), town.now
    town.pass_time(minutes=10)
    town.call_next()
    town.arrive()

    town.transfer(services=["Ausweise"])

    ticket = town.ticket(who)
    assert (ticket.number, ticket.issued_at, ticket.services) == (
        "M 001",
        came_at,
        ("ausweise",),
    )
    assert town.call_next("Schalter 2") == who


def test_whoever_is_handed_on_stands_before_whoever_came_later(town):
    who = town.draw("Meldewesen")
    town.pass_time(minutes=1)
    town.draw("Ausweise")
    town.call_next()

    town.transfer(services=["Ausweise"])

    assert town.call_next("Schalter 2") == who


def test_a_transfer_to_a_counter_is_for_that_counter_whatever_it_serves(town):
    town.open_counter("Schalter 2")
    who = town.draw("Kfz")
    town.call_next()

    town.transfer(to="Schalter 2")

    assert town.call_next("Schalter 1") is None
    assert town.call_next("Schalter 2") == who


def test_row_and_journal_both_say_to_which_counter_somebody_was_handed(town):
    town.open_counter("Schalter 2")
    who = town.draw("Kfz")
    town.call_next()

    assert town.transfer(to="Schalter 2").bound_to == "schalter-2"

    assert town.ticket(who).bound_to == "schalter-2"
    assert town.journal()[-1].bound_to == "schalter-2"
    the_journal_is_the_tables(town)
    assert told(town).suitable("schalter-2") and not told(town).suitable("schalter-1")


def test_a_call_and_its_release_leave_somebody_bound_to_the_counter(town):
    town.open_counter("Schalter 2")
    who = town.draw("Kfz")
    town.call_next()
    town.transfer(to="Schalter 2")

    town.call_next("Schalter 2")
    town.release("Schalter 2")

    assert town.ticket(who).bound_to == "schalter-2"
    assert town.call_next("Schalter 1") is None
    the_journal_is_the_tables(town)


def test_a_transfer_to_another_service_unbinds_from_the_counter(town):
    town.open_counter("Schalter 2")
    who = town.draw("Ausweise")
    town.call_next()
    town.transfer(to="Schalter 2")
    town.call_next("Schalter 2")

    town.transfer("Schalter 2", services=["Kfz"])

    assert town.call_next("Schalter 1") == who


def test_when_the_counter_closes_whoever_was_handed_to_it_waits_for_any(town):
    town.open_counter("Schalter 2")
    waiting, parked = town.draw("Ausweise"), town.draw("Ausweise")
    for _ in range(2):
        town.call_next()
        town.transfer(to="Schalter 2")
    town.call_chosen(parked, "Schalter 2")
    town.park("Schalter 2")

    town.close_counter("Schalter 2")

    assert town.call_next("Schalter 1") == waiting
    town.finish()
    assert town.call_chosen(parked).ticket.bound_to is None


def test_a_transfer_to_nowhere_or_to_the_unknown_is_refused_and_changes_nothing(town):
    who = town.draw()
    town.call_next()

    with pytest.raises(BadRequest):
        town.transfer()
    with pytest.raises(NotFound):
        town.transfer(to="Platz 1")
    with pytest.raises(UnknownService):
        town.transfer(services=["Fischerei"])
    assert town.ticket(who).state is TicketState.CALLED


# -- several services ----------------------------------------------------------------------


def test_a_service_can_be_added_while_waiting_and_while_being_served(town):
    who = town.draw("Meldewesen")

    town.set_services(who, "Meldewesen", "Kfz")
    town.call_next()
    town.arrive()
    town.set_services(who, "Meldewesen", "Kfz", "Ausweise")

    ticket = town.ticket(who)
    assert (ticket.services, ticket.state) == (
        ("meldewesen", "kfz", "ausweise"),
        TicketState.SERVING,
    )


def test_the_services_of_a_visit_add_up_to_its_planned_minutes(town):
    who = town.draw("Meldewesen")

    town.set_services(who, "Meldewesen", "Kfz")

    with town.store.snapshot() as snapshot:
        row = snapshot.row("SELECT minutes FROM tickets WHERE id = :id", {"id": who.id})
    assert row["minutes"] == 30


def test_a_visit_that_has_ended_changes_no_more(town):
    who = town.draw()
    town.cancel(who)

    with pytest.raises(MoveRefused):
        town.set_services(who, "Kfz")
    with pytest.raises(MoveRefused):
        town.prefer(who)
    with pytest.raises(MoveRefused):
        town.cancel(who)


def test_a_visit_for_nothing_is_refused(town):
    who = town.draw()

    with pytest.raises(BadRequest):
        town.set_services(who)


# -- precedence and withdrawing ------------------------------------------------------------


@pytest.mark.parametrize("reason", sorted(PRECEDENCE_REASONS))
def test_precedence_needs_one_of_the_known_reasons(town, reason):
    assert town.prefer(town.draw(), reason).precedence == reason


def test_precedence_for_no_known_reason_is_refused(town):
    with pytest.raises(BadRequest):
        town.prefer(town.draw(), "a friend of mine")


def test_a_person_at_a_counter_needs_no_precedence(town):
    who = town.draw()
    town.call_next()

    with pytest.raises(MoveRefused):
        town.prefer(who)


def test_among_the_preferred_whoever_came_first_goes_first(town):
    first, second = town.draw(), town.draw()
    town.prefer(second, "emergency")
    town.prefer(first, "other")

    assert town.call_next() == first


def test_a_clerk_withdraws_a_number_and_says_so_in_the_journal(town):
    who = town.draw()
    town.pass_time(minutes=1)

    town.cancel(who, clerk="Bernd")

    event = town.journal()[-1]
    assert (event.name, event.by, event.clerk) == (
        "TicketCancelled",
        "clerk",
        town.clerk("Bernd").id,
    )
    assert event.at - town.journal()[0].at == timedelta(minutes=1)
