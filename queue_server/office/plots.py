"""Two worlds in one drawing, made on the server: only where everything stands, no colours.

The template makes an SVG of it (`office/plot.html`); colours come from the stylesheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from queue_server.office.charts import number

# In units of the drawing, which the page scales.
WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 44, 14, 14, 32
FLOOR = HEIGHT - BOTTOM
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
MOST_LINES = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of one world (`was` or `would`)."""

    world: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Word:
    """A word at the foot, or a number beside its line."""

    at: float
    said: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing. `paths` are lines through the two worlds, empty for a drawing of bars."""

    lines: Sequence[Word]
    words: Sequence[Word]
    bars: Sequence[Bar] = ()
    paths: Sequence[tuple[str, str]] = ()
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT


def bars(labels: Sequence[str], was: Sequence[float], would: Sequence[float]) -> Plot:
    """Pairs of bars in the order of the labels."""
    top, lines = _scale(max((*was, *would), default=0))
    slot = (WIDTH - LEFT - RIGHT) / max(len(labels), 1)
    width = round(slot * 0.38, 1)
    drawn = [
        _bar(world, LEFT + (place + shift) * slot, width, value, top)
        for world, shift, values in (("was", 0.1, was), ("would", 0.52, would))
        for place, value in enumerate(values)
    ]
    words = [Word(round(LEFT + (n + 0.5) * slot, 1), said) for n, said in enumerate(labels)]
    return Plot(lines, words, bars=drawn)


def courses(
    labels: Sequence[str], was: Sequence[float], would: Sequence[float], every: int
) -> Plot:
    """Two lines over the same moments; every n-th moment has its label."""
    top, lines = _scale(max((*was, *would), default=0))
    step = (WIDTH - LEFT - RIGHT) / max(len(labels) - 1, 1)
    paths = [
        (world, _path(values, step, top)) for world, values in (("was", was), ("would", would))
    ]
    words = [
        Word(round(LEFT + place * step, 1), said)
        for place, said in enumerate(labels)
        if place % every == 0
    ]
    return Plot(lines, words, paths=paths)


def _bar(world: str, x: float, width: float, value: float, top: float) -> Bar:
    y = _y(value, top)
    return Bar(world, round(x, 1), y, width, round(FLOOR - y, 1))


def _path(values: Sequence[float], step: float, top: float) -> str:
    points = (f"{LEFT + place * step:.1f} {_y(value, top)}" for place, value in enumerate(values))
    return "M" + "L".join(points)


def _y(value: float, top: float) -> float:
    return round(FLOOR - (FLOOR - TOP) * value / top, 1)


def _scale(largest: float) -> tuple[float, list[Word]]:
    """The height of the drawing, and lines at round numbers."""
    step = next((each for each in STEPS if each * MOST_LINES >= largest), STEPS[-1])
    count = max(1, ceil(largest / step))
    top = step * count
    return top, [Word(_y(step * n, top), number(step * n)) for n in range(count + 1)]
