"""A forecaster as a serving process has it, and what the holder of a new number is told by it."""

from __future__ import annotations

from queue_server.domain.events import TicketIssued
from queue_server.queries.outlook import Place
from queue_server.store.database import run_here
from queue_server.web.forecaster import Forecaster
from queue_server.web.told_ranges import ToldRanges


class Counted:
    """An offload that counts what went through it."""

    def __init__(self) -> None:
        self.works = 0

    def __call__(self, work):
        self.works += 1
        return work()


def shared(town, offload=run_here) -> Forecaster:
    """As in a serving process, where it hears of everything before anybody is answered."""
    made = Forecaster(town.store, lambda: town.now, offload, shared=True)
    town.store.listen(made.hear)
    return made


def telling(town, forecasts: Forecaster | None = None) -> ToldRanges:
    return ToldRanges(town.store, lambda: town.now, forecasts or shared(town), town.site)


def drawn(town) -> list[TicketIssued]:
    return [event for event in town.journal() if isinstance(event, TicketIssued)]


def tell(told: ToldRanges, town, who) -> Place | None:
    """What the holder of a new number sees; the journal keeps it."""
    place = told.standing(town.site(), town.ticket(who))
    told.hear([event for event in drawn(town) if event.ticket == who.id])
    told.record()
    return place
