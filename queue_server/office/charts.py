"""Columns side by side, drawn on the server: only where everything stands, no colours, no words.

The template makes an SVG of it (`office/chart.html`); colours come from the stylesheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

# In units of the drawing, which the page scales.
WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 22, 30
# What a letter and the gap between two labels take.
LETTER, GAP = 8, 10
MOST_VALUES = 26
STEPS = (1, 2, 5, 10)
LINES = 4


@dataclass(frozen=True, slots=True)
class Point:
    """A column: `value` is its height; `high`, if any, a mark above it."""

    label: str
    value: float
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """Where a column stands. `label` and `said` are empty where there is no room for words."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    said: str
    high_y: float | None


@dataclass(frozen=True, slots=True)
class Line:
    """A horizontal line with the number that it stands for."""

    y: float
    said: str


@dataclass(frozen=True, slots=True)
class Chart:
    columns: Sequence[Column]
    lines: Sequence[Line]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = HEIGHT - BOTTOM


def chart(points: Sequence[Point]) -> Chart:
    """The columns of these points in their order, over lines at round numbers."""
    top, step = _scale(max((max(p.value, p.high or 0) for p in points), default=0))
    slot = (WIDTH - LEFT - RIGHT) / max(len(points), 1)
    every = _label_every(points, slot)
    has_values = len(points) <= MOST_VALUES
    columns = [
        _column(point, LEFT + place * slot, slot, top, place % every == 0, has_values)
        for place, point in enumerate(points)
    ]
    lines = [Line(_y(step * n, top), number(step * n)) for n in range(round(top / step) + 1)]
    return Chart(columns, lines)


def number(value: float) -> str:
    """`7`, `7,5`: German, with one decimal where it says something."""
    text = f"{value:.1f}".replace(".", ",")
    return text.removesuffix(",0")


def _column(
    point: Point, x: float, slot: float, top: float, has_label: bool, has_value: bool
) -> Column:
    y = _y(point.value, top)
    return Column(
        x=round(x + slot * 0.15, 1),
        y=y,
        width=round(slot * 0.7, 1),
        height=round(HEIGHT - BOTTOM - y, 1),
        middle=round(x + slot / 2, 1),
        label=point.label if has_label else "",
        said=number(point.value) if has_value and point.value else "",
        high_y=None if point.high is None else _y(point.high, top),
    )


def _label_every(points: Sequence[Point], slot: float) -> int:
    """Every so many columns a label has room."""
    longest = max((len(point.label) for point in points), default=0)
    return max(1, ceil((longest * LETTER + GAP) / slot))


def _y(value: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top, 1)


def _scale(largest: float) -> tuple[float, float]:
    """The height of the drawing and the step of its lines, both round numbers."""
    if largest <= 0:
        return 1, 1
    rough = largest / LINES
    power = 10 ** floor(log10(rough))
    step = max(1, next(power * each for each in STEPS if power * each >= rough * 0.999))
    return step * ceil(largest / step * 0.999), step
