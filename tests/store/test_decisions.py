"""What the office decides while it runs: rules and special days; ticket stops in test_stops.py."""

from __future__ import annotations

from datetime import timedelta

from queue_server.domain.hours import Span, SpecialDay
from queue_server.domain.site import PriorityRules
from queue_server.store import decisions
from tests.town import MONDAY

A_MOMENT = timedelta(milliseconds=1)
TUESDAY = MONDAY + timedelta(days=1)


def change(town, action, *args):
    with town.store.transaction() as tx:
        return action(tx, *args)


def read(town, look, *args):
    with town.store.snapshot() as snapshot:
        return look(snapshot, *args)


def test_the_newest_rule_of_a_site_counts_until_it_is_dropped(town):
    strict, arrival = PriorityRules("strict", 5, 6, 7, 8.5), PriorityRules("arrival")
    for site, decided in (("rathaus", arrival), ("rathaus", strict), ("nordend", arrival)):
        change(town, decisions.put_rules, site, decided)

    assert read(town, decisions.decided_rules, "rathaus") == strict
    assert change(town, decisions.drop_rules, "rathaus") == 1
    assert change(town, decisions.drop_rules, "rathaus") == 0
    assert read(town, decisions.decided_rules, "rathaus") is None
    assert read(town, decisions.decided_rules, "nordend") == arrival


def test_special_days_come_in_order_with_the_newest_decision_and_are_taken_back_one_by_one(town):
    spans = (Span(480, 600), Span(700, 720))
    change(town, decisions.put_special_day, "rathaus", TUESDAY, (), "zu")
    change(town, decisions.put_special_day, "rathaus", MONDAY, (), "zu")
    change(town, decisions.put_special_day, "rathaus", MONDAY, spans, "kurz")
    change(town, decisions.put_special_day, "nordend", MONDAY, (), "")

    monday, tuesday = SpecialDay(MONDAY, spans, "kurz"), SpecialDay(TUESDAY, (), "zu")
    assert read(town, decisions.special_days, "rathaus") == [monday, tuesday]
    assert change(town, decisions.remove_special_day, "rathaus", MONDAY) == 1
    assert read(town, decisions.special_days, "rathaus") == [tuesday]
    assert len(read(town, decisions.special_days, "nordend")) == 1
