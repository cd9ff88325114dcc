"""Reading the journal: versions by site, events in order, counts from a moment on."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest

from queue_server.domain.events import CounterClosed, CounterOpened, ForecastGiven, RulesSet
from queue_server.domain.site import PriorityRules
from queue_server.store import journal
from queue_server.store.journal import PAGE

A_MOMENT = timedelta(milliseconds=1)


def read(town, look, *args, **more):
    with town.store.snapshot() as snapshot:
        return look(snapshot, *args, **more)


def tell(town, who, low=5):
    """The holder of a ticket is told a forecast; the seq of it."""
    minutes = {"low_minutes": low, "high_minutes": low + 5, "likely_minutes": low}
    with town.store.transaction() as tx:
        return tx.record(ForecastGiven(at=town.now, site="rathaus", ticket=who.id, **minutes))


def test_each_site_has_its_own_version_which_grows_with_its_events_only(town):
    assert read(town, journal.version, "rathaus") == 0
    town.draw()
    first = read(town, journal.version, "rathaus")
    town.draw(site="nordend")

    assert read(town, journal.version, "rathaus") == first
    assert read(town, journal.version, "nordend") > first


def test_what_people_are_told_is_a_new_version_and_moves_nobody(town):
    assert read(town, journal.moved, "rathaus") == 0
    who = town.draw()
    moved = read(town, journal.moved, "rathaus")
    town.draw(site="nordend")
    seq = tell(town, who)

    assert (read(town, journal.version, "rathaus"), read(town, journal.moved, "rathaus")) == (
        seq,
        moved,
    )


def test_a_holder_was_told_what_was_said_to_them_last(town):
    who, other = town.draw(), town.draw()
    assert read(town, journal.told, who.id) is None
    for low in (10, 5):
        tell(town, who, low)
    tell(town, other, 30)
    town.call_next()

    assert read(town, journal.told, who.id).low_minutes == 5


@pytest.mark.parametrize("rows", [PAGE - 1, PAGE, PAGE + 1, 2 * PAGE])
def test_a_journal_of_several_pages_is_read_in_order_and_to_its_end(town, rows):
    with town.store.transaction() as tx:
        for n in range(rows):
            tx.record(CounterClosed(at=town.now, site="rathaus", counter=str(n), by="clerk"))
            if n % 100 == 0:
                tx.record(CounterClosed(at=town.now, site="nordend", counter="x", by="clerk"))

    with town.store.snapshot() as snapshot:
        read_rows = list(journal.numbered(snapshot, "rathaus"))
        later = list(journal.numbered(snapshot, "rathaus", after=read_rows[0][0]))

    assert [event.counter for _, event in read_rows] == [str(n) for n in range(rows)]
    assert later == read_rows[1:]


def test_the_newest_events_of_a_name_come_newest_first_and_no_more_than_asked(town):
    people = [town.draw() for _ in range(3)]
    town.draw(site="nordend")
    town.call_next()

    newest = read(town, journal.newest, "rathaus", "TicketIssued", 2)

    assert [event.ticket for event in newest] == [people[2].id, people[1].id]


def test_the_last_event_of_a_name_is_that_of_this_ticket(town):
    who = town.draw()
    town.call_next()
    town.release()
    town.pass_time(minutes=1)
    town.call_next()
    town.finish()
    town.draw()
    again = town.now
    town.call_next()

    assert read(town, journal.last_of, who.id, "TicketCalled").at == again
    assert read(town, journal.last_of, who.id, "TicketParked") is None


def test_the_last_event_of_a_clerk_is_of_this_name_and_of_this_site(town):
    aylin = town.clerk("Aylin").id
    events = [
        CounterClosed(at=town.now, site="rathaus", counter="a", clerk=aylin, by="clerk"),
        CounterClosed(at=town.now, site="rathaus", counter="b", clerk=aylin, by="clerk"),
        CounterOpened(at=town.now, site="rathaus", counter="c", clerk=aylin, services=("kfz",)),
        CounterClosed(at=town.now, site="rathaus", counter="d", clerk=aylin + 1, by="clerk"),
        CounterClosed(at=town.now, site="nordend", counter="e", clerk=aylin, by="clerk"),
    ]
    with town.store.transaction() as tx:
        for each in events:
            tx.record(each)

    assert read(town, journal.last_by, "rathaus", aylin, "CounterClosed") == events[1]


def test_events_count_from_the_very_moment_on(town):
    town.draw()
    since = town.now
    town.pass_time(minutes=1)
    town.draw()
    town.draw(site="nordend")
    names = ("TicketIssued", "TicketCalled")

    counted = {"TicketIssued": 2, "TicketCalled": 0}
    assert read(town, journal.count_since, "rathaus", names, since) == counted
    counted = {"TicketIssued": 1, "TicketCalled": 0}
    assert read(town, journal.count_since, "rathaus", names, since + A_MOMENT) == counted


def test_a_span_begins_with_its_first_moment_and_ends_before_its_last(town):
    people = []
    for _ in range(4):
        people.append(town.draw().id)
        town.pass_time(minutes=1)
    since, until = town.now - timedelta(minutes=3), town.now - timedelta(minutes=1)

    rows = read(town, lambda *asked: list(journal.between(*asked)), "rathaus", since, until)

    assert [event.ticket for _, event in rows] == people[1:3]


def test_another_sites_clock_does_not_widen_a_span(town):
    early, since = town.now - timedelta(minutes=1), town.now
    with town.store.transaction() as tx:
        for at, site in ((since, "nordend"), (early, "rathaus"), (since, "rathaus")):
            tx.record(CounterClosed(at=at, site=site, counter="x", by="clerk"))

    until = since + timedelta(minutes=1)
    rows = read(town, lambda *asked: list(journal.between(*asked)), "rathaus", since, until)

    assert [event.at for _, event in rows] == [since]


def test_the_last_rules_are_those_of_the_site_before_the_moment(town):
    rules = [
        RulesSet(at=at, site=site, by="office", **asdict(PriorityRules(guard_every=every)))
        for at, site, every in (
            (town.now - 2 * A_MOMENT, "rathaus", 2),
            (town.now - A_MOMENT, "rathaus", 3),
            (town.now - A_MOMENT, "nordend", 4),
            (town.now, "rathaus", 5),
        )
    ]
    with town.store.transaction() as tx:
        for each in rules:
            tx.record(each)

    assert read(town, journal.last_rules, "rathaus", town.now) == rules[1]
    assert read(town, journal.last_rules, "rathaus", town.now - 2 * A_MOMENT) is None


def test_the_last_arrival_is_of_the_site_before_the_moment(town):
    town.draw()
    first = town.now
    town.pass_time(minutes=1)
    town.draw(site="nordend")
    town.draw()

    assert read(town, journal.last_arrival, "rathaus", town.now) == first
    assert read(town, journal.last_arrival, "rathaus", first) is None


def test_what_stood_before_is_that_of_the_site_and_of_earlier_rows(town):
    kept = [CounterClosed(at=town.now, site="rathaus", counter=each, by="clerk") for each in "ab"]
    with town.store.transaction() as tx:
        first = tx.record(kept[0])
        tx.record(CounterClosed(at=town.now, site="nordend", counter="x", by="clerk"))
        last = tx.record(kept[1])

    def standing(seq):
        return read(town, lambda *asked: list(journal.standing_before(*asked)), "rathaus", seq)

    assert (standing(first), standing(last)) == ([], kept[:1])


def test_the_first_arrival_from_a_moment_on_is_none_before_it_and_never_another_event(town):
    town.draw()
    town.call_next()
    town.pass_time(minutes=1)
    since = town.now
    town.arrive()
    second = town.draw()

    found = read(town, journal.first_arrival, "rathaus", since)

    assert dict(read(town, lambda *asked: list(journal.numbered(*asked)), "rathaus"))[
        found
    ].ticket == (second.id)
    later = read(town, journal.first_arrival, "rathaus", since + A_MOMENT)
    assert later == read(town, journal.version, "rathaus") + 1


def test_a_request_is_no_booking_until_it_is_confirmed(town):
    asked, by_clerk = town.book(at="09:30"), town.booked(at="11:00")

    assert not read(town, journal.was_booked, asked.id)
    assert read(town, journal.was_booked, by_clerk.id)
    town.confirm(asked)
    assert read(town, journal.was_booked, asked.id)
    assert read(town, journal.count_of, asked.id, ["AppointmentConfirmed"]) == 1


def test_the_newest_event_of_all_sites_says_how_late_it_is(town):
    assert read(town, journal.newest_at) is None
    town.draw()
    first = town.now
    town.pass_time(minutes=5)
    assert read(town, journal.newest_at) == first
