"""What the drawings of the figures show: people and waiting, for each row of the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from queue_server.domain.hours import local_day
from queue_server.domain.site import Site
from queue_server.history.groups import TOGETHER
from queue_server.history.statistics import By, Figures, FiguresRow, Statistics
from queue_server.history.visits import PastVisit
from queue_server.languages.words import NO_BREAK
from queue_server.office.charts import Chart, Point, chart
from queue_server.office.horizontal_charts import HorizontalChart, horizontal_chart
from queue_server.web.wording import number

WEEKDAYS = (
    "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag",
)  # fmt: skip
SHORT_DAYS = tuple(name[:2] for name in WEEKDAYS)
KINDS = {"appointment": "Mit Termin", "walk_in": "Ohne Termin"}
NEVER_CALLED = "nie aufgerufen"
# More columns than these are read in the table, not aloud.
MOST_READ = 31
# A name of so many letters has room below a column of its own.
MOST_WORDY = 7
# Over these, time runs from left to right; over anything else the bars lie below their names.
RUNNING = (By.HOUR, By.WEEKDAY, By.DAY)
Drawn = Chart | HorizontalChart


@dataclass(frozen=True, slots=True)
class FigureCharts:
    """Two drawings over the rows of the table, and what they show in words.

    `days` had visits; where a row stands for several of them, visits are their mean.
    """

    days: int
    is_mean: bool
    is_horizontal: bool
    visits: Drawn
    visits_said: str
    waits: Drawn
    waits_said: str


def row_label(by: By, key: str, name: str) -> str:
    """A row's first cell: `8 bis 9 Uhr`, `Montag`, `Mo 08.06.`, a service, a counter, a kind."""
    if by is By.HOUR:
        hour = int(key[:2])
        return f"{hour} bis {hour + 1}{NO_BREAK}Uhr"
    if by is By.WEEKDAY:
        return WEEKDAYS[int(key) - 1]
    if by is By.DAY:
        return day_label(key)
    if key == TOGETHER:
        return "mehrere gemeinsam (zu wenige Fälle)"
    return KINDS[key] if by is By.KIND else name or NEVER_CALLED


def figure_charts(some: Sequence[PastVisit], site: Site, found: Statistics) -> FigureCharts | None:
    """Two drawings of the rows; None when nobody came."""
    if not some:
        return None
    days = {local_day(visit.issued_at, site.zone) for visit in some}
    columns = _columns(found)
    shares = _shares(found, days)
    came = [
        Point(label, figures.issued / shares[key] if figures else 0)
        for key, label, figures in columns
    ]
    waited = [_waited(label, figures) for _, label, figures in columns]
    is_horizontal = found.by not in RUNNING
    draw = horizontal_chart if is_horizontal else chart
    is_mean = any(share > 1 for share in shares.values())
    return FigureCharts(
        len(days), is_mean, is_horizontal, draw(came), _said(came), draw(waited), _said(waited)
    )


Columns = list[tuple[str, str, Figures | None]]


def _columns(found: Statistics) -> Columns:
    """Key, label and figures of each place of the drawing."""
    if found.by is By.HOUR:
        return _every_hour(found.rows)
    is_short = found.by is By.WEEKDAY or len(found.rows) > MOST_WORDY
    return [(row.key, _label(found.by, row, is_short=is_short), row.figures) for row in found.rows]


def _label(by: By, row: FiguresRow, *, is_short: bool) -> str:
    if is_short and by is By.WEEKDAY:
        return SHORT_DAYS[int(row.key) - 1]
    if is_short and by is By.DAY:
        return day_label(row.key, is_short=True)
    return row_label(by, row.key, row.name)


def _every_hour(rows: Sequence[FiguresRow]) -> Columns:
    """From the first hour to the last, also those in which nobody came."""
    found = {int(row.key[:2]): row.figures for row in rows}
    hours = range(min(found), max(found) + 1)
    unit = f"{NO_BREAK}Uhr" if len(hours) <= MOST_WORDY else ""
    return [(f"{hour:02d}:00", f"{hour}{unit}", found.get(hour)) for hour in hours]


def _shares(found: Statistics, days: Iterable[date]) -> Counter[str]:
    """Of how many days each row tells, by its key.

    An hour stands for that hour of all the days and a weekday for all of its days; a head of
    office asks for that of one.
    """
    dates = list(days)
    if found.by is By.HOUR:
        return Counter({f"{hour:02d}:00": len(dates) for hour in range(24)})
    if found.by is By.WEEKDAY:
        return Counter(str(day.isoweekday()) for day in dates)
    return Counter(row.key for row in found.rows)


def day_label(key: str, *, is_short: bool = False) -> str:
    """`Mo 23.11.`, or `23.11.`"""
    day = date.fromisoformat(key)
    return f"{day:%d.%m.}" if is_short else f"{SHORT_DAYS[day.weekday()]}{NO_BREAK}{day:%d.%m.}"


def _waited(label: str, figures: Figures | None) -> Point:
    if figures is None or not figures.wait.count:
        return Point(label, 0)
    return Point(label, figures.wait.mean, figures.wait.p90)


def _said(points: Sequence[Point]) -> str:
    """The drawing for those who do not see it; a long one is read in the table."""
    if len(points) > MOST_READ:
        return ""
    return ", ".join(f"{point.label}: {number(point.value)}" for point in points)
