"""What would have been: real days of the journal beside the same days in another world."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from queue_server.domain.hours import at_wall_clock, opening_spans
from queue_server.domain.site import PriorityRules, Site
from queue_server.opening import days_of
from queue_server.simulation.compare import Change, Comparison
from queue_server.simulation.happened import Almanac, Happened, LocalDay, happened, stretches
from queue_server.simulation.script import rules_from
from queue_server.store.database import Reader, milliseconds

LONGEST_DAYS = 400
PAGE = 5000
# Whoever came before midnight, at a house that never closes, was there before the first day began.
LEAD_DAYS = 2
NOON = 12 * 60
Progress = Callable[[int, int], None]


def what_if(
    reader: Reader,
    site: Site,
    first: date,
    last: date,
    change: Change,
    *,
    now: datetime,
    progress: Progress | None = None,
) -> Comparison:
    """The local days from `first` to `last`, both included, as they were and would have been.

    `progress` hears how many of the days are done, and of how many.
    """
    almanac = _almanac(reader, site, first, last)
    comparison = Comparison(
        change,
        _rules_before(reader, site, almanac.days[0].start),
        site.visit_minutes,
        almanac,
        (LEAD_DAYS, len(almanac.days) - 1 - LEAD_DAYS),
        milliseconds(now),
    )
    total = (last - first).days + 1
    for stretch in stretches(_events(reader, site, almanac), almanac):
        comparison.play(stretch)
        if progress is not None:
            done = almanac.number(stretch[-1].at) - LEAD_DAYS + 1
            progress(min(max(done, 0), total), total)
    return comparison


def _almanac(reader: Reader, site: Site, first: date, last: date) -> Almanac:
    """The days asked for, and some around them."""
    spans_of = days_of(reader, site)

    def local_day(day: date) -> LocalDay:
        spans = opening_spans(spans_of, day, site.zone)
        midnight = at_wall_clock(day, 0, site.zone)
        # A house open at midnight neither opens nor closes on that day.
        next_midnight = at_wall_clock(day + timedelta(days=1), 0, site.zone)
        opens = spans[0][0] if spans and spans[0][0] > midnight else None
        closes = spans[-1][1] if spans and spans[-1][1] < next_midnight else None
        clock = at_wall_clock(day, NOON, site.zone) - timedelta(minutes=NOON)
        return LocalDay(day, milliseconds(midnight), milliseconds(clock), _ms(opens), _ms(closes))

    count = (last - first).days + 1 + 2 * LEAD_DAYS
    return Almanac([local_day(first + timedelta(days=n - LEAD_DAYS)) for n in range(count)])


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else milliseconds(moment)


def _events(reader: Reader, site: Site, almanac: Almanac) -> Iterator[Happened]:
    return happened(_rows(reader, site, almanac.days[0].start, almanac.days[-1].start))


def _rows(reader: Reader, site: Site, begin: int, end: int) -> Iterator[Any]:
    """The journal of some days, page by page."""
    window = {"site": site.id, "begin": begin, "end": end}
    ends = reader.row(
        """SELECT MIN(seq) AS first, MAX(seq) AS last FROM journal
           WHERE site = :site AND at >= :begin AND at < :end""",
        window,
    )
    if ends is None or ends["first"] is None:
        return
    after = ends["first"] - 1
    while rows := reader.rows(
        """SELECT seq, at, name, ticket, counter, data FROM journal
           WHERE site = :site AND seq > :after AND seq <= :last ORDER BY seq LIMIT :page""",
        {"site": site.id, "after": after, "last": ends["last"], "page": PAGE},
    ):
        yield from rows
        after = rows[-1]["seq"]


def _rules_before(reader: Reader, site: Site, begin: int) -> PriorityRules:
    """The rule in force when the days began, as far as the journal tells."""
    row = reader.row(
        """SELECT data FROM journal WHERE site = :site AND name = 'RulesSet' AND at < :begin
           ORDER BY seq DESC LIMIT 1""",
        {"site": site.id, "begin": begin},
    )
    return rules_from(json.loads(row["data"])) if row else site.priority
