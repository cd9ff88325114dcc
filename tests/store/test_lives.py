"""Every ticket's way through the office, from the journal: what figures are made of."""

from __future__ import annotations

from datetime import timedelta

from queue_server.domain import events as e
from queue_server.domain.ticket import Kind
from queue_server.domain.timestamps import milliseconds
from queue_server.store import journal
from queue_server.store.lives import Happening, IssuedFor, Lacking, Told, lives

KINDS = (e.TicketIssued, e.TicketCalled, e.TicketFinished)


def lives_of(
    town, site: str = "rathaus", *, hours: float = 1, kinds=KINDS
) -> list[list[Happening]]:
    until = town.now + timedelta(hours=hours)
    with town.store.snapshot() as snapshot:
        return list(lives(snapshot, site, town.now, until, kinds))


def test_each_ticket_has_what_happened_to_it_in_order_and_nothing_of_others(town):
    town.open_counter("Schalter 1")
    town.draw("Kfz")
    town.draw("Meldewesen")
    town.serve_next()
    town.draw(site="nordend")
    found = lives_of(town, hours=2)

    assert [[each.kind for each in life] for life in found] == [list(KINDS), [e.TicketIssued]]
    assert [life[0].said.service for life in found] == ["kfz", "meldewesen"]


def test_a_call_says_where_and_by_whom(town):
    town.open_counter("Schalter 1", "Aylin")
    town.draw("Kfz")
    town.call_next()
    (_, called) = lives_of(town)[0]

    assert (called.at, called.said) == (milliseconds(town.now), None)
    assert (called.counter, called.clerk) == (town.counter_id("Schalter 1"), town.clerk("Aylin").id)


def test_what_figures_need_of_arrivals_and_forecasts_is_what_their_events_say(town):
    booking = town.booked("Kfz", at="08:10")
    who = town.draw("Meldewesen", "Kfz")
    town.check_in(booking)
    with town.store.transaction() as tx:
        minutes = {"low_minutes": 3, "likely_minutes": 5, "high_minutes": 9}
        tx.record(e.ForecastGiven(at=town.now, site="rathaus", ticket=who.id, **minutes))
    kinds = (e.TicketIssued, e.ForecastGiven)
    with town.store.snapshot() as snapshot:
        events = [one for _, one in journal.numbered(snapshot, "rathaus", kinds=kinds)]

    said = [each.said for life in lives_of(town, kinds=kinds) for each in life]

    assert sorted(map(str, said)) == sorted(str(said_by(event)) for event in events)
    assert len(said) == 3


def said_by(event: e.Event) -> IssuedFor | Told:
    if isinstance(event, e.ForecastGiven):
        return Told(event.low_minutes, event.high_minutes, event.likely_minutes)
    due = milliseconds(event.due_at) if event.due_at else None
    return IssuedFor(event.kind == Kind.APPOINTMENT, event.services[0], due, event.number)


def test_what_became_later_of_somebody_who_came_in_time_counts(town):
    began = town.now
    town.open_counter("Schalter 1")
    town.draw("Kfz")
    town.pass_time(hours=3)
    town.call_next()
    town.draw("Kfz")
    with town.store.snapshot() as snapshot:
        until = began + timedelta(hours=1)
        found = list(lives(snapshot, "rathaus", began, until, KINDS))

    assert [[each.kind for each in life] for life in found] == [[e.TicketIssued, e.TicketCalled]]


def test_missing_documents_are_read_from_whoever_named_them(town):
    town.open_counter("Schalter 1")
    some = [town.draw("Meldewesen") for _ in range(2)]
    with town.store.transaction() as tx:
        declared = e.DocumentsDeclared(
            at=town.now, site="rathaus", ticket=some[0].id, missing=("Ausweis",)
        )
        tx.record(declared)
        missing = {"outcome": "documents_missing", "missing": ("Foto",)}
        tx.record(e.TicketFinished(at=town.now, site="rathaus", ticket=some[1].id, **missing))

    found = lives_of(town, kinds=(e.DocumentsDeclared, e.TicketFinished))

    assert [each.said for life in found for each in life] == [
        Lacking(("Ausweis",)),
        Lacking(("Foto",)),
    ]
