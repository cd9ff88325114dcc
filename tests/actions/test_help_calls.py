"""The silent call for help: who called, who comes, and that it never sticks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queue_server.actions import desks, help_calls, housekeeping
from queue_server.domain.errors import CounterNotOpen
from queue_server.domain.help_call import ENDS_AFTER
from queue_server.queries.queue import help_standing


@pytest.fixture
def aylin(town):
    town.open_counter("Schalter 1")
    return town.clerk("Aylin")


@pytest.fixture
def bernd(town):
    return town.clerk("Bernd")


def call(town, clerk):
    return help_calls.call_help(town.store, town.site(clerk.site), clerk, now=town.now)


def answer(town, clerk, caller):
    site = town.site(clerk.site)
    return help_calls.answer(town.store, site, clerk, caller.id, now=town.now)


def all_clear(town, clerk, caller):
    site = town.site(clerk.site)
    return help_calls.give_all_clear(town.store, site, clerk, caller.id, now=town.now)


def standing(town):
    with town.store.snapshot() as snapshot:
        found = help_standing(snapshot, town.site(), town.now)
    return [(one.clerk_name, one.counter, one.coming) for one in found]


def told(town):
    """The journal's calls for help: what, where, who, and about whom or how it ended."""
    return [
        (event.name, event.counter, event.clerk, getattr(event, "by", None))
        for event in town.journal()
        if event.name.startswith("Help")
    ]


def test_a_counter_that_is_named_must_be_ones_own(town, aylin, bernd):
    place = (town.store, town.site())

    for clerk, counter in ((bernd, "schalter-1"), (aylin, "schalter-2")):
        with pytest.raises(CounterNotOpen):
            help_calls.call_help(*place, clerk, counter=counter, now=town.now)
    assert standing(town) == [] and told(town) == []

    help_calls.call_help(*place, aylin, counter="schalter-1", now=town.now)
    assert standing(town) == [("Aylin", "schalter-1", None)]


def test_a_call_a_helper_and_the_all_clear_stand_in_the_journal(town, aylin, bernd):
    call(town, aylin)
    assert standing(town) == [("Aylin", "schalter-1", None)]

    assert answer(town, bernd, aylin)
    assert standing(town) == [("Aylin", "schalter-1", "Bernd")]
    assert all_clear(town, bernd, aylin)

    assert standing(town) == []
    assert told(town) == [
        ("HelpCalled", "schalter-1", aylin.id, None),
        ("HelpAnswered", "schalter-1", bernd.id, None),
        ("HelpEnded", "schalter-1", bernd.id, "all_clear"),
    ]


def test_twice_is_once(town, aylin, bernd):
    first = call(town, aylin)
    town.pass_time(minutes=1)
    assert call(town, aylin) == replace(first, called_at=first.called_at)

    for _ in range(2):
        answer(town, bernd, aylin)
    # Nobody comes to their own help.
    assert answer(town, aylin, aylin)
    assert [all_clear(town, aylin, aylin) for _ in range(2)] == [True, False]

    assert [name for name, *_ in told(town)] == ["HelpCalled", "HelpAnswered", "HelpEnded"]
    assert not answer(town, bernd, aylin)


def test_a_clerk_without_a_counter_calls_too(town, bernd):
    call(town, bernd)

    assert standing(town) == [("Bernd", "", None)]
    assert told(town) == [("HelpCalled", None, bernd.id, None)]


def test_it_ends_when_the_counter_closes(town, aylin):
    call(town, aylin)

    desks.close_counter(town.store, town.site(), "schalter-1", aylin, now=town.now)

    assert standing(town) == []
    assert told(town)[-1] == ("HelpEnded", "schalter-1", None, "left")


def test_it_ends_when_the_clerk_signs_out_at_a_counter_or_away_from_one(town, aylin, bernd):
    call(town, aylin)
    call(town, bernd)

    for clerk in (aylin, bernd):
        desks.leave(town.store, town.site(), clerk, now=town.now)

    assert standing(town) == []
    assert [by for *_, by in told(town)[-2:]] == ["left", "left"]


def test_it_ends_by_itself_and_can_be_called_anew(town, aylin, bernd):
    call(town, aylin)
    town.pass_time(minutes=ENDS_AFTER.seconds / 60)

    # Nobody sees it any more, tidied up or not.
    assert standing(town) == []
    assert not answer(town, bernd, aylin)
    call(town, aylin)
    assert standing(town) == [("Aylin", "schalter-1", None)]
    town.pass_time(minutes=ENDS_AFTER.seconds / 60)
    housekeeping.tidy_site(town.store, town.site(), now=town.now)
    housekeeping.tidy_site(town.store, town.site(), now=town.now)

    assert [by for *_, by in told(town)] == [None, "ran_out", None, "ran_out"]


def test_another_site_neither_sees_nor_ends_it(town, aylin):
    clara = town.clerk("Clara")
    call(town, clara)

    assert standing(town) == []
    assert not answer(town, aylin, clara)
    assert not all_clear(town, aylin, clara)
