"""The journal folded: who waits, who is where, whose minutes are known, and whose turn it is."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest

from queue_server.domain import events as e
from queue_server.domain.changes import state_after
from queue_server.domain.office import Office
from queue_server.domain.site import PriorityRules
from queue_server.domain.ticket import TicketState
from tests.cast import moment
from tests.town import MONDAY, rathaus

EIGHT = moment(MONDAY, "08:00")
POOL = "ausweise,kfz,meldewesen"
ALL = tuple(POOL.split(","))


def at(minutes=0.0):
    return EIGHT + timedelta(minutes=minutes)


def row(event, after=0.0, /, **facts):
    """A row of the journal, so many minutes after eight."""
    return event(at=at(after), site="rathaus", **facts)


def came(ticket, minutes=0.0, service="meldewesen", planned=10, **more):
    facts = {"number": f"M {ticket:03}", "kind": "walk_in", "persons": 1, "is_late": False}
    return row(
        e.TicketIssued, minutes, ticket=ticket, services=(service,), minutes=planned, **facts | more
    )


def opened(counter="schalter-1", minutes=0.0, services=ALL):
    return row(e.CounterOpened, minutes, counter=counter, clerk=1, services=services)


def called(ticket, minutes=0.0, counter="schalter-1", call=1, **more):
    facts = {"reason": "arrival", "pool": POOL, "contested": False, "guard": False, "chosen": False}
    return row(e.TicketCalled, minutes, ticket=ticket, counter=counter, call=call, **facts | more)


def office(*journal):
    return Office.of(rathaus()).fold(journal)


def test_an_event_before_its_ticket_is_an_error_and_not_passed_over():
    with pytest.raises(KeyError):
        office(called(1))


def test_somebody_called_stands_at_the_counter_and_waits_no_more():
    book = office(opened(), came(1), came(2), called(1, 3))

    assert set(book.waiting) == {2} and book.here["schalter-1"].id == 1
    assert book.tickets[1].called_at == at(3)


def test_whoever_takes_the_place_of_somebody_at_a_counter_is_the_one_who_is_there():
    book = office(
        opened(), came(1), came(2), called(1), row(e.TicketParked, 1, ticket=1), called(2, 2)
    )

    assert book.here["schalter-1"].id == 2
    assert book.tickets[1].state is TicketState.PARKED


def heads(book, minutes=30.0):
    return [ticket.id for ticket in book.heads("schalter-1", at(minutes))]


def test_another_rule_gives_everybody_another_place_at_once():
    earlier_slot = came(1, 20, kind="appointment", due_at=at(0))
    book = office(opened(), earlier_slot, came(2, 5, kind="appointment", due_at=at(5)))
    assert heads(book) == [1]

    book.apply(row(e.RulesSet, 25, by="office", **asdict(PriorityRules(rule="arrival"))))

    assert heads(book) == [2]


def test_whoever_is_given_precedence_changes_the_line_at_once():
    book = office(opened(), came(1), came(2, 1))
    assert heads(book) == [1]

    book.apply(row(e.TicketPreferred, 2, ticket=2, precedence="mobility"))

    assert set(heads(book)) == {1, 2}


def test_people_whose_visit_has_ended_can_be_forgotten_and_nobody_else():
    book = office(opened(), came(1), came(2), row(e.TicketCancelled, 1, ticket=1, by="clerk"))

    book.forget_ended()

    assert set(book.tickets) == set(book.minutes) == {2}


def test_minutes_that_no_journal_kept_are_planned_and_known_to_be_guessed():
    book = office(came(1, planned=0, service="kfz"), came(2, planned=7))

    assert (book.minutes, book.guessed) == ({1: 20, 2: 7}, {1})
    book.apply(row(e.TicketServicesChanged, 1, ticket=1, services=("kfz",), minutes=25))
    assert (book.minutes[1], book.guessed) == (25, set())


def test_the_load_is_what_waits_and_what_is_left_of_the_visits():
    book = office(opened(), opened("schalter-3"), came(1), came(2), came(3))
    for event in (called(1), row(e.TicketArrived, 1, ticket=1), called(2, 1, "schalter-3", 2)):
        book.apply(event)

    load = book.load("schalter-1", at(5))

    assert (load.waiting_minutes, load.serving_minutes, load.counters_open) == (10, 6 + 10, 2)
    assert book.load("schalter-1", at(60)).serving_minutes == 10


def test_other_counters_count_when_they_serve_something_in_common():
    book = office(opened(), opened("schalter-2", services=("ausweise",)))
    assert book.load("schalter-1", EIGHT).counters_open == 2

    book.apply(opened(minutes=1, services=("kfz",)))

    assert book.load("schalter-1", EIGHT).counters_open == 1
    assert book.counters["schalter-1"].opened_at == EIGHT


def test_a_free_counter_is_idle_only_while_somebody_waits_whom_it_could_call():
    book = office(opened(), opened("schalter-2", services=("ausweise",)))
    assert book.idle_counters() == 0
    book.apply(came(1))
    assert book.idle_counters() == 1
    book.apply(came(2, service="ausweise"))
    assert book.idle_counters() == 2
    book.apply(called(1))
    assert book.idle_counters() == 1


def test_somebody_handed_to_a_counter_makes_that_one_idle_and_no_other():
    handed = row(e.TicketTransferred, 1, ticket=1, services=("kfz",), bound_to="schalter-2")
    book = office(opened(), opened("schalter-2", services=("ausweise",)), came(1), called(1))

    book.apply(handed)

    assert book.idle_counters() == 1
    assert book.suitable("schalter-2") and not book.suitable("schalter-1")


def test_recent_calls_are_those_of_the_pool_and_the_day_newest_first():
    contested = {"contested": True}
    book = office(
        opened(),
        *(came(n) for n in range(1, 5)),
        called(1, -8 * 60 - 1, call=1, **contested),
        called(2, -8 * 60, call=2, guard=True, **contested),
        called(3, 1, call=3, pool="kfz", **contested),
        called(4, 2, call=4, **contested),
    )

    assert book.recent("schalter-1", at(3)) == [False, True]
    assert book.recent("schalter-1", at(-8 * 60 - 1)) == [False, True]


def test_a_call_taken_back_uses_up_nobodys_share():
    book = office(opened(), came(1), came(2))
    for n in (1, 2):
        book.apply(called(n, n, call=n, contested=True, guard=n == 2))
        book.apply(row(e.TicketReleased, n, ticket=n, call=n) if n == 1 else came(9, n))

    assert book.recent("schalter-1", at(5)) == [True]


def test_what_moves_nobody_leads_nowhere():
    assert state_after(row(e.TicketUnbound, ticket=1)) is None
    assert state_after(row(e.TicketParked, ticket=1)) is TicketState.PARKED
