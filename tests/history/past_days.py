"""Days at the Rathaus whose figures can be reckoned by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from queue_server.history.statistics import By, FiguresRow, Statistics, statistics
from queue_server.history.visits import Period
from tests.cast import MONDAY
from tests.town import Town, Visitor


def figures_of(
    town: Town, by: By = By.DAY, first: date = MONDAY, last: date | None = None
) -> Statistics:
    """The figures of these days, as anybody reckons them who has the journal."""
    with town.store.snapshot() as snapshot:
        return statistics(snapshot, town.site(), Period(first, last or first), by)


def row(found: Statistics, key: str) -> FiguresRow:
    return next(each for each in found.rows if each.key == key)


def keys(rows: Sequence[FiguresRow]) -> list[str]:
    return [each.key for each in rows]


def called_at(town: Town, clock: str, counter: str = "Schalter 1") -> Visitor | None:
    town.set_clock(clock)
    return town.call_next(counter)


def served_from_to(town: Town, begin: str, end: str, counter: str = "Schalter 1") -> None:
    """Whoever was called arrives at the one time and is done at the other."""
    town.set_clock(begin)
    town.arrive(counter)
    town.set_clock(end)
    town.finish(counter)


def plain_morning(town: Town) -> None:
    """Two walk-ins and an appointment at Schalter 1.

    Waiting 5, 16 and 20 minutes, walking 1, 2 and 3, served 10, 12 and 14 minutes.
    """
    town.set_clock("08:00")
    booked = town.booked(at="08:20")
    town.draw("Meldewesen")
    town.set_clock("08:10")
    town.check_in(booked)
    called_at(town, "08:05")
    served_from_to(town, "08:06", "08:16")
    town.set_clock("08:30")
    town.draw("Kfz")
    called_at(town, "08:36")
    served_from_to(town, "08:38", "08:50")
    called_at(town, "08:50")
    served_from_to(town, "08:53", "09:07")
