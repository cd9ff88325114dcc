"""Bars that lie below each other, for what has a name instead of a time: services, counters.

A name stands above its bar, where a long one has the whole width. `office/chart.html` draws them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queue_server.office.charts import LETTER, Point
from queue_server.web.wording import number

WIDTH, ROW, NAME, THICK = 640, 44, 16, 16
# What the numbers behind the longest bar take.
BEHIND = 96


@dataclass(frozen=True, slots=True)
class HorizontalBar:
    """`y` is the top of the bar; `high_x` a mark beyond its end, `end` where its number begins."""

    name: str
    y: int
    width: float
    said: str
    end: float
    high_x: float | None


@dataclass(frozen=True, slots=True)
class HorizontalChart:
    """Bars below each other in a drawing of this size."""

    bars: Sequence[HorizontalBar]
    width: int
    height: int
    thick: int = THICK


def horizontal_chart(points: Sequence[Point]) -> HorizontalChart:
    """The bars of these points in their order."""
    longest = max((max(p.value, p.high or 0) for p in points), default=0) or 1
    scale = (WIDTH - BEHIND) / longest
    bars = [_bar(point, row * ROW + NAME + 4, scale) for row, point in enumerate(points)]
    return HorizontalChart(bars, WIDTH, max(len(points), 1) * ROW)


def _bar(point: Point, y: int, scale: float) -> HorizontalBar:
    high = None if point.high is None else round(point.high * scale, 1)
    width = round(point.value * scale, 1)
    # Without a mark nothing may have been measured: 0 would say too much.
    numbers = [point.value or None] if point.high is None else [point.value, point.high]
    said = " / ".join(number(value) for value in numbers if value is not None)
    return HorizontalBar(_shortened(point.label), y, width, said, max(width, high or 0) + 8, high)


def _shortened(name: str) -> str:
    """What fits into the width; the table beside the drawing says it all."""
    most = WIDTH // LETTER
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"
