"""Drawings made on the server: only where everything stands, no colours, few words.

Columns side by side (`office/chart.html`), and two worlds as pairs of bars or as two lines
(`office/plot.html`). The templates make SVGs of them; colours come from the stylesheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from queue_server.web.wording import number

# What a letter and the gap between two labels take, in units of the drawing.
LETTER, GAP = 8, 14
MOST_VALUES = 26
# How far apart horizontal lines stand, and how many of them there are at most.
COLUMN_STEPS = tuple(each * 10**power for power in range(7) for each in (1, 2, 5))
PLOT_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
COLUMN_LINES, PLOT_LINES = 4, 5


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
class Bar:
    """A bar of one world (`was` or `would`)."""

    world: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Label:
    """A word at the foot, or a number beside its line."""

    at: float
    said: str


@dataclass(frozen=True, slots=True)
class DrawingFrame:
    """A drawing without its content, in units that the page scales."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int

    @property
    def inner(self) -> int:
        return self.right - self.left

    def beside(self, lines: Sequence[Label]) -> DrawingFrame:
        """The same with room for the numbers that stand to the left of their lines."""
        longest = max(len(line.said) for line in lines)
        return replace(self, left=max(self.left, longest * LETTER + GAP))

    def y(self, value: float, highest: float) -> float:
        return round(self.bottom - (self.bottom - self.top) * value / highest, 1)

    def lines(self, step: int, highest: float, unit: str = "") -> list[Label]:
        """Lines at round numbers."""
        steps = [step * n for n in range(round(highest / step) + 1)]
        return [Label(self.y(value, highest), number(value) + unit) for value in steps]


COLUMN_FRAME = DrawingFrame(640, 240, 44, 632, 22, 210)
PLOT_FRAME = DrawingFrame(640, 260, 44, 626, 14, 228)


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns over lines at round numbers."""

    columns: Sequence[Column]
    lines: Sequence[Label]
    frame: DrawingFrame = COLUMN_FRAME


@dataclass(frozen=True, slots=True)
class Plot:
    """Two worlds. `paths` are lines through them, empty for a drawing of bars."""

    lines: Sequence[Label]
    words: Sequence[Label]
    bars: Sequence[Bar] = ()
    paths: Sequence[tuple[str, str]] = ()
    frame: DrawingFrame = PLOT_FRAME


def chart(points: Sequence[Point]) -> Chart:
    """The columns of these points in their order."""
    largest = max((max(p.value, p.high or 0) for p in points), default=0)
    highest, step = _scale(largest, COLUMN_STEPS, COLUMN_LINES)
    lines = COLUMN_FRAME.lines(step, highest)
    frame = COLUMN_FRAME.beside(lines)
    slot = frame.inner / max(len(points), 1)
    every = _label_every(points, slot)
    has_values = len(points) <= MOST_VALUES
    columns = [
        _column(point, frame.left + place * slot, slot, highest, place % every == 0, has_values)
        for place, point in enumerate(points)
    ]
    return Chart(columns, lines, frame)


def bars(
    labels: Sequence[str], was: Sequence[float], would: Sequence[float], unit: str = ""
) -> Plot:
    """Pairs of bars in the order of the labels; `unit` follows the numbers beside the lines."""
    highest, step = _scale(max((*was, *would), default=0), PLOT_STEPS, PLOT_LINES)
    lines = PLOT_FRAME.lines(step, highest, unit)
    frame = PLOT_FRAME.beside(lines)
    slot = frame.inner / max(len(labels), 1)
    width = round(slot * 0.38, 1)
    drawn = [
        _bar(world, frame.left + (place + shift) * slot, width, value, highest)
        for world, shift, values in (("was", 0.1, was), ("would", 0.52, would))
        for place, value in enumerate(values)
    ]
    words = [Label(round(frame.left + (n + 0.5) * slot, 1), said) for n, said in enumerate(labels)]
    return Plot(lines, words, bars=drawn, frame=frame)


def courses(
    labels: Sequence[str], was: Sequence[float], would: Sequence[float], every: int
) -> Plot:
    """Two lines over the same moments; every n-th moment has its label."""
    highest, step = _scale(max((*was, *would), default=0), PLOT_STEPS, PLOT_LINES)
    lines = PLOT_FRAME.lines(step, highest)
    frame = PLOT_FRAME.beside(lines)
    apart = frame.inner / max(len(labels) - 1, 1)
    paths = [
        (world, _path(values, frame, apart, highest))
        for world, values in (("was", was), ("would", would))
    ]
    words = [
        Label(round(frame.left + place * apart, 1), said)
        for place, said in enumerate(labels)
        if place % every == 0
    ]
    return Plot(lines, words, paths=paths, frame=frame)


def _column(
    point: Point, x: float, slot: float, highest: float, has_label: bool, has_value: bool
) -> Column:
    y = COLUMN_FRAME.y(point.value, highest)
    return Column(
        x=round(x + slot * 0.15, 1),
        y=y,
        width=round(slot * 0.7, 1),
        height=round(COLUMN_FRAME.bottom - y, 1),
        middle=round(x + slot / 2, 1),
        label=point.label if has_label else "",
        said=number(point.value) if has_value and point.value else "",
        high_y=None if point.high is None else COLUMN_FRAME.y(point.high, highest),
    )


def _label_every(points: Sequence[Point], slot: float) -> int:
    """Every so many columns a label has room."""
    longest = max((len(point.label) for point in points), default=0)
    return max(1, ceil((longest * LETTER + GAP) / slot))


def _bar(world: str, x: float, width: float, value: float, highest: float) -> Bar:
    y = PLOT_FRAME.y(value, highest)
    return Bar(world, round(x, 1), y, width, round(PLOT_FRAME.bottom - y, 1))


def _path(values: Sequence[float], frame: DrawingFrame, apart: float, highest: float) -> str:
    points = (
        f"{frame.left + place * apart:.1f} {frame.y(value, highest)}"
        for place, value in enumerate(values)
    )
    return "M" + "L".join(points)


def _scale(largest: float, steps: Sequence[int], lines: int) -> tuple[float, int]:
    """The number at the top of a drawing and the step of its lines, both round."""
    # What a mean has behind the comma makes no line more.
    needed = largest * 0.999
    step = next((each for each in steps if each * lines >= needed), steps[-1])
    return step * max(1, ceil(needed / step)), step
