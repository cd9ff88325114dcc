"""Calls: one row each, announced again under the same id, newest first on the wall."""

from __future__ import annotations

from queue_server.domain.site import BookingRules, PriorityRules
from queue_server.store import calls, lines


def standing(town, site="rathaus"):
    with town.store.snapshot() as snapshot:
        return [(row["number"], row["times"]) for row in calls.standing(snapshot, site)]


def contested(town, most=9, pool=None):
    pool = pool or town.session("Schalter 1").pool
    with town.store.snapshot() as snapshot:
        return lines.recent_contested(snapshot, "rathaus", pool, town.now.replace(hour=0), most)


def test_on_the_wall_stands_who_is_called_and_not_yet_there_newest_first(town):
    town.hire("Dora")
    town.open_counter("Schalter 3", "Dora")
    for site in ("rathaus", "rathaus", "nordend"):
        town.draw(site=site)
    town.call_next("Schalter 1")
    town.pass_time(seconds=1)
    town.call_next("Schalter 3")
    town.call_next("nordend-1")

    assert standing(town) == [("M 002", 1), ("M 001", 1)]
    town.arrive("Schalter 3")
    assert standing(town) == [("M 001", 1)]


def test_an_announcement_once_more_is_the_same_call_and_stands_first_again(town):
    town.hire("Dora")
    town.open_counter("Schalter 3", "Dora")
    for _ in range(2):
        town.draw()
    first = town.call("Schalter 1")
    town.call_next("Schalter 3")
    town.pass_time(minutes=1)

    again = town.recall("Schalter 1")

    assert again.ticket.call == first.ticket.call
    assert standing(town) == [("M 001", 2), ("M 002", 1)]


def busy(town):
    town.change(
        priority=PriorityRules(busy_from_minutes=0, guard_after_minutes=5),
        booking=BookingRules(walk_in_share=0),
    )
    for minute in range(3):
        town.check_in(town.booked(at=f"08:{5 * minute:02}"))
    town.draw()
    town.pass_time(minutes=10)


def test_contested_calls_count_newest_first_and_no_more_than_asked(town):
    busy(town)
    for _ in range(4):
        town.serve_next(seconds=1)

    assert contested(town) == [False, True, False, False]
    assert contested(town, most=2) == [False, True]
    assert contested(town, pool="kfz") == []


def test_a_call_taken_back_uses_up_nobodys_share_and_no_other_calls(town):
    busy(town)
    town.serve_next(seconds=1)
    town.call_next()

    town.release()

    assert contested(town) == [False]
