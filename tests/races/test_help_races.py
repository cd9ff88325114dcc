"""Several people press at once: no call for help is lost, doubled, or answered by two."""

from __future__ import annotations

from collections import Counter

from queue_server.actions import desks, help_calls
from queue_server.store import help_calls as rows
from tests.races.all_at_once import all_at_once, answers


def told(town):
    return Counter(event.name for event in town.journal() if event.name.startswith("Help"))


def test_two_call_at_once_and_one_presses_again_and_again(town):
    clerks = [town.clerk(name) for name in ("Aylin", "Bernd", "Aylin", "Bernd", "Aylin", "Aylin")]

    def call(clerk):
        return help_calls.call_help(town.store, town.site(), clerk, now=town.now)

    found = answers(all_at_once(call, clerks))

    assert {call.clerk_name for call in found} == {"Aylin", "Bernd"}
    with town.store.snapshot() as snapshot:
        assert len(rows.at_site(snapshot, "rathaus")) == 2
    assert told(town) == {"HelpCalled": 2}


def test_answer_all_clear_and_sign_out_meet(town):
    aylin, bernd = town.clerk("Aylin"), town.clerk("Bernd")
    town.open_counter("Schalter 1")
    place = (town.store, town.site())
    help_calls.call_help(*place, aylin, now=town.now)

    def act(n):
        if n == 0:
            return desks.leave(*place, aylin, now=town.now)
        action = help_calls.answer if n % 2 else help_calls.give_all_clear
        return action(*place, bernd, aylin.id, now=town.now)

    futures = all_at_once(act, range(8))

    assert len(answers(futures)) == 8
    with town.store.snapshot() as snapshot:
        assert rows.at_site(snapshot, "rathaus") == []
    counted = told(town)
    assert counted["HelpEnded"] == 1
    assert counted["HelpAnswered"] <= 1
