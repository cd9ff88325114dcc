"""The last day on which anybody came, in one look: for the overview and above the figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from queue_server.domain.hours import day_start, local_day
from queue_server.languages import words
from queue_server.office.door import Asker
from queue_server.queries.calibration import Kept, kept
from queue_server.queries.statistics import By, Statistics, statistics
from queue_server.queries.visits import Period, latest_visit
from queue_server.store.database import Reader


@dataclass(frozen=True, slots=True)
class Glance:
    """`name` is `Gestern`, or that day: after a weekend, nobody asks about Sunday."""

    name: str
    period: Period
    found: Statistics
    forecasts: Kept


def glance(reader: Reader, who: Asker) -> Glance | None:
    """The last day before today on which anybody came; None when nobody ever did."""
    last = latest_visit(reader, who.site.id, day_start(who.now, who.site.zone))
    if last is None:
        return None
    day = local_day(last, who.site.zone)
    period = Period(day, day)
    name = "Gestern" if day == who.today - timedelta(days=1) else words.date_words(day)
    found = statistics(reader, who.site, period, By.HOUR)
    return Glance(name, period, found, forecasts_kept(reader, who, period))


def forecasts_kept(reader: Reader, who: Asker, period: Period) -> Kept:
    """How often the waiting times that were told in this period came true."""
    return kept(reader, who.site, period.since(who.site.zone), period.until(who.site.zone))
