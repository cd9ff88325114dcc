"""Where a flat thing ends up in a picture when it is held at an angle."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
"""Corners in the order top left, top right, bottom right, bottom left."""

# From camera to thing, in heights of the picture: a short arm, so that near edges look longer.
ARM = 1.6


@dataclass(frozen=True)
class Held:
    """How a thing is held before the camera; angles in degrees."""

    fill: float = 0.9
    """Height of the thing in heights of the picture."""
    turn: float = 0.0
    """In the plane of the picture, like the hand of a clock."""
    tip: float = 0.0
    """Backwards: the upper edge goes away."""
    swing: float = 0.0
    """Sideways: the right edge goes away."""
    at: Point = (0.5, 0.5)
    """Where the middle of its code is, in widths and heights of the picture."""


def quad_of(size: tuple[int, int], held: Held, picture: tuple[int, int]) -> Quad:
    """The corners of a flat thing of `size` in a picture, in pixels around the thing's middle."""
    width, height = size[0] / size[1], 1.0
    corners = [(-width, -height), (width, -height), (width, height), (-width, height)]
    a, b, c, d = (_projected(x / 2, y / 2, held) for x, y in corners)
    tall = picture[1]
    return tuple((x * tall, y * tall) for x, y in (a, b, c, d))  # type: ignore[return-value]


def _projected(x: float, y: float, held: Held) -> Point:
    turn, tip, swing = (math.radians(angle) for angle in (held.turn, held.tip, held.swing))
    x, y = x * held.fill, y * held.fill
    x, depth = x * math.cos(swing), x * math.sin(swing)
    y, depth = y * math.cos(tip), depth - y * math.sin(tip)
    near = ARM / (ARM + depth)
    x, y = x * near, y * near
    return x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)


def box_quad(box: Sequence[float]) -> Quad:
    left, top, right, bottom = box
    return (left, top), (right, top), (right, bottom), (left, bottom)


def perspective(source: Quad, target: Quad) -> list[float]:
    """The eight numbers with which Pillow asks, for each target pixel, where it comes from."""
    rows = []
    for (u, v), (x, y) in zip(source, target, strict=True):
        rows.append([x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, u])
        rows.append([0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y, v])
    return _solved(rows)


def mapped(numbers: Sequence[float], point: Point) -> Point:
    a, b, c, d, e, f, g, h = numbers
    x, y = point
    below = g * x + h * y + 1
    return (a * x + b * y + c) / below, (d * x + e * y + f) / below


def _solved(rows: list[list[float]]) -> list[float]:
    """Gauss and Jordan: the last column is the right-hand side."""
    count = len(rows)
    for column in range(count):
        pivot = max(range(column, count), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for row in range(count):
            if row != column and (factor := rows[row][column]):
                rows[row] = [
                    value - factor * other
                    for value, other in zip(rows[row], rows[column], strict=True)
                ]
    return [row[-1] for row in rows]


def bounds(quad: Quad, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The upright box around a quad, as far as it is in a picture of this size."""
    xs, ys = zip(*quad, strict=True)
    left, top = max(0, math.floor(min(xs))), max(0, math.floor(min(ys)))
    return left, top, min(size[0], math.ceil(max(xs))), min(size[1], math.ceil(max(ys)))


def laid(flat: Image.Image, scene: Image.Image, quad: Quad) -> None:
    """Puts a flat thing with transparency into the scene, its corners at `quad`."""
    box = bounds(quad, scene.size)
    size = (box[2] - box[0], box[3] - box[1])
    if min(size) > 0:
        # Pillow's transform takes single points; much smaller, things would flicker like a mosaic.
        shrink = math.dist(quad[0], quad[3]) / flat.height
        if shrink < 0.6:
            small = (round(flat.width * shrink * 1.2), round(flat.height * shrink * 1.2))
            flat = flat.resize(small, Image.Resampling.BOX)
        numbers = perspective(box_quad((0, 0, *flat.size)), shifted(quad, box))
        # Colours and transparency apart: together Pillow would multiply and divide them twice.
        colours, glass = (
            part.transform(size, Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BILINEAR)
            for part in (flat.convert("RGB"), flat.getchannel("A"))
        )
        scene.paste(colours, box[:2], glass)


def shifted(quad: Quad, origin: Sequence[float]) -> Quad:
    return tuple((x - origin[0], y - origin[1]) for x, y in quad)  # type: ignore[return-value]
