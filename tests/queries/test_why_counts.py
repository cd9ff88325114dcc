"""The counts in the answer are true: so many are called first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.queries.why import Part
from queue_server.web.reasons import why_text
from tests.queries.asking_why import ruled, why
from tests.queries.test_places import SLOW_OR_SHARED, booked_soon
from tests.town import Town, Visitor

RULES = ["due_first", "strict", "arrival", "accumulating"]
ALWAYS_BUSY, NEVER_BUSY = 0, 480

STEPS = st.lists(
    st.sampled_from(["draw", "book", "late", "prefer", "miss", "wait", "call"]),
    min_size=1,
    max_size=11,
)


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=20, suppress_health_check=SLOW_OR_SHARED)
@given(
    steps=STEPS,
    busy_from=st.sampled_from([ALWAYS_BUSY, NEVER_BUSY]),
    patience=st.sampled_from([0, 10, 45]),
    every=st.integers(2, 4),
    which=st.integers(0, 10),
)
def test_as_many_are_called_before_somebody_as_the_sentence_says(
    rule: str,
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[str],
    busy_from: int,
    patience: int,
    every: int,
    which: int,
) -> None:
    town = Town(tmp_path_factory.mktemp("town") / "town.db")
    ruled(town, rule, busy_from_minutes=busy_from, guard_after_minutes=patience, guard_every=every)
    town.change(tickets=replace(town.site().tickets, recall_lock_seconds=600))
    town.open_counter("Schalter 1")
    people = play(town, steps)
    who = people[which % len(people)] if people else town.draw()

    told = why(town, who)
    before = called_before(town, who)

    assert told is not None
    assert "–" not in why_text(told, town.site(), town.now)
    if told.code == "held":
        assert before
    elif told.code in ("next", "next_free"):
        assert before == []
    else:
        assert len(before) == told.count, told
        assert not told.parts or sum(part.count for part in told.parts) == told.count
        kinds_are_true(town, told.parts or (Part(told.code, told.count),), before)
    town.store.close()


def kinds_are_true(town: Town, parts: tuple[Part, ...], before: list[Visitor]) -> None:
    """Who goes first with precedence or with an appointment is who it says."""
    tickets = [town.ticket(each) for each in before]
    counted = {part.code: part.count for part in parts}
    if counted.keys() & {"precedence", "due", "booked", "credit", "late_ahead"}:
        preferred = sum(ticket.precedence is not None for ticket in tickets)
        assert counted.get("precedence", 0) == preferred
    on_time = [t for t in tickets if t.due_at and not t.is_late and not t.precedence]
    late = [t for t in tickets if t.due_at and t.is_late and not t.precedence]
    for code in counted.keys() & {"due", "booked", "credit"}:
        assert counted[code] == len(on_time)
    if counted.keys() & {"earlier", "late_ahead"}:
        assert counted.get("late_ahead", 0) == len(late)


def called_before(town: Town, who: Visitor) -> list[Visitor]:
    """Whom the counter really calls before, nobody new arriving."""
    before: list[Visitor] = []
    while (called := town.call_next("Schalter 1")) != who:
        assert called is not None
        before.append(called)
        town.arrive("Schalter 1")
        town.finish("Schalter 1")
    return before


def play(town: Town, steps: list[str]) -> list[Visitor]:
    """A morning of arrivals and calls; returns everybody who waits at its end."""
    people: list[Visitor] = []
    for step in steps:
        town.pass_time(seconds=1)
        if step == "draw":
            people.append(town.draw("Meldewesen"))
        elif step in ("book", "late"):
            booked = booked_soon(town)
            town.now = booked.start_at
            town.pass_time(minutes=25 if step == "late" else -5)
            people.append(town.check_in(booked))
        elif step == "prefer" and people:
            town.prefer(people[-1])
        elif step == "wait":
            town.pass_time(minutes=7)
        elif step in ("miss", "call") and (called := town.call_next("Schalter 1")):
            if step == "miss":
                town.no_show("Schalter 1")
                town.resume(called)
            else:
                town.arrive("Schalter 1")
                town.finish("Schalter 1")
                people.remove(called)
    return people


@settings(max_examples=12, suppress_health_check=SLOW_OR_SHARED)
@given(steps=STEPS, busy_from=st.sampled_from([ALWAYS_BUSY, NEVER_BUSY]), which=st.integers(0, 10))
def test_counters_that_serve_the_same_keep_the_number_true_together(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str], busy_from: int, which: int
) -> None:
    town = Town(tmp_path_factory.mktemp("town") / "town.db")
    ruled(town, busy_from_minutes=busy_from, guard_after_minutes=10)
    town.open_counter("Schalter 1")
    people = play(town, [step for step in steps if step != "miss"])
    who = people[which % len(people)] if people else town.draw()
    town.open_counter("Schalter 3", "Bernd")

    told = why(town, who)
    before: list[Visitor] = []
    while who not in (called := [town.call_next(each) for each in ("Schalter 1", "Schalter 3")]):
        before += [each for each in called if each]
        for counter in ("Schalter 1", "Schalter 3"):
            town.arrive(counter)
            town.finish(counter)
    before += called[: called.index(who)]  # type: ignore[arg-type]

    assert told is not None
    assert len(before) == told.count
    town.store.close()
