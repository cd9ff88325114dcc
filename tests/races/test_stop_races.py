"""A stop and those who draw at the same moment: after its commit no number is given out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.actions import appointments, stops
from queue_server.actions.arrivals import draw_ticket
from queue_server.domain.errors import NotIssuing, SlotTaken
from queue_server.domain.events import TicketIssued, TicketStopSet
from tests.races.all_at_once import all_at_once, answers, refusals
from tests.town import MONDAY, moment


@dataclass(frozen=True)
class Ends:
    ends: dict[str, datetime]


def test_no_number_is_issued_after_the_stop(town):
    aylin = town.clerk("Aylin").id

    def act(n):
        if n == 10:
            return stops.stop(town.store, town.site(), aylin, reason="Andrang", now=town.now)
        return draw_ticket(town.store, town.site(), ("kfz",), now=town.now)

    futures = all_at_once(act, range(20))

    journal = town.journal()
    (at,) = [i for i, event in enumerate(journal) if isinstance(event, TicketStopSet)]
    assert not any(isinstance(event, TicketIssued) for event in journal[at:])
    assert set(refusals(futures)) <= {NotIssuing}
    assert len(answers(futures)) == at + 1


def test_the_same_forecast_from_many_sides_stops_once(town):
    late = Ends({"kfz": moment(MONDAY, "13:00")})

    futures = all_at_once(
        lambda _: stops.follow_forecast(town.store, town.site(), late, town.now), range(8)
    )

    assert answers(futures).count(True) == 1
    assert town.happened() == ["TicketStopSet"]


def test_two_kiosks_that_take_the_same_time_give_it_once(town):
    start = moment(MONDAY + timedelta(days=1), "08:00")

    futures = all_at_once(
        lambda _: appointments.take_next_free(
            town.store, town.site(), ("meldewesen",), start, now=town.now
        ),
        range(8),
    )

    assert len(answers(futures)) == 1
    assert set(refusals(futures)) == {SlotTaken}
