"""A journal that somebody touched, or a rule that went wrong, is found: which call, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queue_server.domain import events as e
from queue_server.domain.audit import Auditor
from queue_server.domain.office import Office
from queue_server.domain.priority import Choice, Reason
from queue_server.domain.site import BookingRules, PriorityRules


@pytest.fixture
def town(town):
    """A busy office where a walk-in is due after five minutes; at most every third call."""
    rules = PriorityRules(busy_from_minutes=0, guard_after_minutes=5, guard_every=3)
    town.change(priority=rules, booking=BookingRules(walk_in_share=0))
    return town


def rows(town):
    """The journal with its row numbers."""
    return list(enumerate(town.journal(), start=1))


def found(town, journal):
    """Row, called, expected and why of every violation."""
    result = Auditor(Office.of(town.site())).hear_all(journal)
    return [(one.seq, one.number, one.expected, one.why) for one in result.violations]


def calls(journal):
    return [(seq, event) for seq, event in journal if isinstance(event, e.TicketCalled)]


def doctored(journal, seq, **changes):
    return [(n, replace(row, **changes) if n == seq else row) for n, row in journal]


def without(journal, seq):
    return [(n, row) for n, row in journal if n != seq]


def three_appointments_and_a_walk_in(town):
    """Calls: two appointments, then the guard's, then an appointment."""
    town.draw()
    booked = [town.booked(at=f"08:{minute:02}") for minute in (0, 5, 10)]
    town.pass_time(minutes=10)
    for appointment in booked:
        town.check_in(appointment)
    for _ in range(4):
        town.serve_next(seconds=1)
    return rows(town)


def test_the_undoctored_journal_is_clean(town):
    journal = three_appointments_and_a_walk_in(town)

    assert [call.reason for _, call in calls(journal)][:3] == ["appointment_due"] * 2 + ["guard"]
    assert found(town, journal) == []


def test_two_calls_swapped_are_found_as_overtaking(town):
    first, second = town.draw(), town.draw()
    town.call("Schalter 1")
    town.open_counter("Schalter 3", town.hire("Dora").name)
    town.call("Schalter 3")
    journal = rows(town)
    [(one, _), (two, _)] = calls(journal)

    swapped = doctored(doctored(journal, one, ticket=second.id), two, ticket=first.id)

    assert found(town, swapped) == [(one, second.number, first.number, "overtaken")]


def test_a_dropped_guards_call_is_found_in_the_hole_and_in_what_follows(town):
    journal = three_appointments_and_a_walk_in(town)
    guard = next(seq for seq, call in calls(journal) if call.guard)
    last, walk_in = calls(journal)[-1], "M 001"

    touched = without(journal, guard)

    assert found(town, touched)[0] == (guard + 1, walk_in, "", "impossible_move")
    whole_visit = [(n, row) for n, row in touched if n not in (guard + 1, guard + 2)]
    assert found(town, whole_visit) == [(last[0], "M 004", walk_in, "guard_missing")]


def test_a_guards_call_before_its_share_is_found(town):
    journal = three_appointments_and_a_walk_in(town)
    first = calls(journal)[0][0]
    early = doctored(journal, first, ticket=1, reason="guard", guard=True)

    assert found(town, early)[0] == (first, "M 001", "M 002", "guard_share")


def test_a_walk_in_called_before_an_appointment_that_is_due_is_found(town):
    journal = three_appointments_and_a_walk_in(town)
    first = calls(journal)[0][0]
    walk_in = doctored(journal, first, ticket=1, reason="arrival", contested=False)

    assert found(town, walk_in)[0] == (first, "M 001", "M 002", "passed_over")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"reason": "appointment_early"}, "other_reason"),
        ({"contested": False}, "other_reason"),
        ({"pool": "kfz"}, "other_pool"),
        ({"counter": "schalter-3"}, "closed_counter"),
    ],
)
def test_the_right_person_for_a_wrong_reason_or_at_a_wrong_counter_is_found(town, changes, why):
    journal = three_appointments_and_a_walk_in(town)
    first = calls(journal)[0][0]

    wrong = found(town, doctored(journal, first, **changes))[0]

    assert (wrong[0], wrong[1], wrong[3]) == (first, "M 002", why)


def test_somebody_whom_the_counter_cannot_serve_is_found(town):
    town.draw("Ausweise")
    other = town.draw("Kfz")
    town.call("Schalter 2")
    [(seq, _)] = calls(rows(town))

    assert found(town, doctored(rows(town), seq, ticket=other.id)) == [
        (seq, other.number, "A 001", "not_suitable")
    ]


def test_a_second_call_to_a_counter_with_somebody_there_is_found(town):
    town.draw(), town.draw()
    town.serve_next()
    town.serve_next()
    [_, (second, _)] = calls(rows(town))
    arrived, finished = (
        next(seq for seq, event in rows(town) if isinstance(event, kind))
        for kind in (e.TicketArrived, e.TicketFinished)
    )

    hurried = without(without(rows(town), finished), arrived)

    assert found(town, hurried)[0] == (second, "M 002", "", "busy_counter")


@pytest.mark.parametrize("own_choice", [False, True])
def test_a_call_of_somebody_who_had_left_is_found_even_as_a_clerks_choice(town, own_choice):
    who = town.draw()
    town.call()
    journal = rows(town)
    [(seq, _)] = calls(journal)
    gone = e.TicketCancelled(at=town.now, site="rathaus", ticket=who.id, by="holder")

    touched = [
        *journal[: seq - 1],
        (0, gone),
        *doctored(journal, seq, chosen=own_choice)[seq - 1 :],
    ]

    assert found(town, touched)[0] == (seq, who.number, "", "not_waiting")


def test_somebody_who_never_came_is_found(town):
    town.draw()
    town.call()
    [(seq, _)] = calls(rows(town))
    arrival = next(n for n, event in rows(town) if isinstance(event, e.TicketIssued))

    assert found(town, without(rows(town), arrival)) == [(seq, "", "", "unknown_ticket")]


class YesMan(Office):
    """A rule that approves of every call."""

    def hear(self, journal):
        self.told = {event.at: event for _, event in calls(journal)}
        return self

    def choice_among(self, heads, counter, at):
        call = self.told[at]
        reason = Reason(call.reason, {})
        return Choice(self.waiting[call.ticket], reason, call.contested)


@pytest.mark.parametrize(
    ("position", "changes", "why"),
    [
        (0, {"ticket": 3}, "overtaken"),
        (0, {"ticket": 1, "reason": "guard", "guard": True}, "guard_share"),
        (2, {"ticket": 4, "reason": "appointment_due", "guard": False}, "guard_missing"),
    ],
)
def test_a_rule_that_breaks_its_promises_is_found_even_if_it_agrees_with_itself(
    town, position, changes, why
):
    journal = three_appointments_and_a_walk_in(town)
    seq, _ = calls(journal)[position]
    broken = doctored(journal, seq, **changes)[:seq]

    result = Auditor(YesMan.of(town.site()).hear(broken)).hear_all(broken)

    assert [(one.seq, one.why) for one in result.violations] == [(seq, why)]
