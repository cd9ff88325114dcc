"""What the drawings of the figures show: people and waiting, over hours of the day or over days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from queue_server.domain.site import Site
from queue_server.office.charts import Chart, Point, chart, number
from queue_server.queries.statistics import By, Figures, FiguresRow, rows_by
from queue_server.queries.visits import Visit

SHORT_DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
# More columns than these are read in the table, not aloud.
MOST_READ = 31


@dataclass(frozen=True, slots=True)
class Drawn:
    """Two drawings over the same hours or days, and what they show in words."""

    axis: By
    days: int
    visits: Chart
    visits_said: str
    waits: Chart
    waits_said: str


def drawn(some: Sequence[Visit], site: Site, by: By) -> Drawn | None:
    """Over days when the rows are days, otherwise over hours; None when nobody came."""
    if not some:
        return None
    axis = By.DAY if by is By.DAY else By.HOUR
    rows = rows_by(some, site, axis)
    days = len({_day(visit, site) for visit in some})
    columns = _every_hour(rows) if axis is By.HOUR else _every_day(rows)
    # An hour stands for that hour of all the days; a head of office asks for that of one day.
    share = days if axis is By.HOUR else 1
    came = [Point(label, figures.issued / share if figures else 0) for label, figures in columns]
    waited = [_waited(label, figures) for label, figures in columns]
    return Drawn(axis, days, chart(came), _said(came), chart(waited), _said(waited))


def _every_hour(rows: Sequence[FiguresRow]) -> list[tuple[str, Figures | None]]:
    """From the first hour to the last, also those in which nobody came."""
    found = {int(row.key[:2]): row.figures for row in rows}
    hours = range(min(found), max(found) + 1)
    return [(f"{hour} Uhr" if len(hours) < 10 else str(hour), found.get(hour)) for hour in hours]


def _every_day(rows: Sequence[FiguresRow]) -> list[tuple[str, Figures | None]]:
    """Only days on which anybody came: a weekend is no gap."""
    return [(day_label(row.key, is_short=len(rows) > 8), row.figures) for row in rows]


def day_label(key: str, *, is_short: bool = False) -> str:
    """`Mo 23.11.`, or `23.11.`"""
    day = date.fromisoformat(key)
    return f"{day:%d.%m.}" if is_short else f"{SHORT_DAYS[day.weekday()]} {day:%d.%m.}"


def _waited(label: str, figures: Figures | None) -> Point:
    if figures is None or not figures.wait.count:
        return Point(label, 0)
    return Point(label, figures.wait.mean, figures.wait.p90)


def _said(points: Sequence[Point]) -> str:
    """The drawing for those who do not see it; a long one is read in the table."""
    if len(points) > MOST_READ:
        return ""
    return ", ".join(f"{point.label}: {number(point.value)}" for point in points)


def _day(visit: Visit, site: Site) -> date:
    return datetime.fromtimestamp(visit.issued_at / 1000, site.zone).date()
