"""Reads a code that was found but could not be decoded: bent paper, folds, glare, a soft picture.

The decoder knows where the corners are, but looks for the modules where they would be on a flat
sheet, one pixel each. Here the code is laid out flat, then followed from the three corner marks
inwards, a step of two modules at a time: each step may lie a little beside its neighbours, where
black and white part best. Then each module is the mean of all its pixels, against its neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

Point = tuple[float, float]
Place = tuple[int, int]
"""A module out of every `STEP` in either direction."""
Slip = tuple[int, int]
"""So many pixels to the right and down a place lies from where a flat sheet would have it."""

QR_CODES = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])

# The side of a module on the sheet that is laid out: a step of a pixel is a quarter of it.
PIXELS = 4
# Version 10. A link with a Termincode needs 33 or 37; a page of text can look like a giant code.
MOST_MODULES = 57
# How far a place may lie beside the flat sheet: two modules.
REACH = 2 * PIXELS
STEP = 2
# A place close to its neighbours needs no proof; a place further off must be clearer by so much.
PULL = 0.5
# The side of a corner mark in modules: a dark middle, a light ring, a dark frame.
MARK = 7

# Sharpened so much against the next modules, then compared with the mean of so many around.
READINGS = ((2.0, 1.5), (5.0, 4.0), (3.0, 3.0))


@dataclass(frozen=True)
class Doubt:
    """A code that was seen and not understood: its corners and its modules to a side.

    The corners start where the code's own top left is and go round as a clock does.
    """

    corners: tuple[Point, Point, Point, Point]
    modules: int

    @property
    def is_plausible(self) -> bool:
        """No sheet that is held to a camera looks like a needle or a folded kite."""
        a, b, c, d = self.corners
        sides = [math.dist(a, b), math.dist(b, c), math.dist(c, d), math.dist(d, a)]
        turns = [_turn(*three) for three in ((a, b, c), (b, c, d), (c, d, a), (d, a, b))]
        is_sheet = min(turns) > 0 and max(sides) < 4 * min(sides)
        return is_sheet and self.modules <= MOST_MODULES and min(sides) > self.modules

    def is_near(self, other: Doubt) -> bool:
        """The same code, its corners seen at the same places or nearly so."""
        half_a_module = math.dist(*self.corners[:2]) / self.modules / 2
        pairs = zip(self.corners, other.corners, strict=True)
        apart = max(math.dist(*pair) for pair in pairs)
        return self.modules == other.modules and apart < half_a_module


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])


def straightened_text(picture: Image.Image, doubt: Doubt) -> str | None:
    """What the code says after all; None if it stays dark. Takes 5 to 12 ms."""
    sheet = Sheet(picture, doubt)
    if not sheet.has_marks():
        return None
    for modules in _readings(sheet.modules()):
        if text := _read(modules):
            return text
    return None


class Sheet:
    """A code laid out flat, `PIXELS` to the module, with a rim of `REACH` around it."""

    def __init__(self, picture: Image.Image, doubt: Doubt) -> None:
        self.count = doubt.modules
        self.side = doubt.modules * PIXELS
        whole = (self.side + 2 * REACH, self.side + 2 * REACH)
        picture, doubt = _at_fitting_size(picture, doubt)
        numbers = _perspective(doubt.corners, self.side)
        self.flat = picture.transform(
            whole, Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BILINEAR
        )
        self._clarities: dict[Slip, bytes] = {}
        self._choices: dict[Slip, list[tuple[bytes, float, Slip]]] = {}

    def has_marks(self) -> bool:
        """Whether all three corner marks are there, all dark on light or all light on dark."""
        plain, far = self._seen((0, 0)).tobytes(), self.count - MARK
        starts = [(y + 3) * self.count + x for x, y in ((0, 0), (far, 0), (0, far))]
        are_light = {plain[start + 3] > plain[start + 1] for start in starts}
        if are_light == {True}:
            self.flat = ImageOps.invert(self.flat)
        return len(are_light) == 1

    def modules(self) -> Image.Image:
        """One pixel to the module, each seen where it really lies."""
        slips = self._slips()
        views = {slip: self._seen(slip).tobytes() for slip in set(slips.values())}
        near = [round(place / STEP) for place in range(self.count)]
        values = bytes(
            views[slips[near[x], near[y]]][y * self.count + x]
            for y in range(self.count)
            for x in range(self.count)
        )
        return Image.frombytes("L", (self.count, self.count), values)

    def _slips(self) -> dict[Place, Slip]:
        """How every place lies, found from the corner marks inwards."""
        slips: dict[Place, Slip] = {}
        for place, is_mark, neighbours in _inwards(self.count // STEP + 1):
            if is_mark:
                slips[place] = (0, 0)
            else:
                near = [slips[neighbour] for neighbour in neighbours]
                right = round(sum(slip[0] for slip in near) / len(near))
                down = round(sum(slip[1] for slip in near) / len(near))
                module = place[1] * STEP * self.count + place[0] * STEP
                slips[place] = self._clearest(module, (right, down))
        return slips

    def _clearest(self, module: int, expected: Slip) -> Slip:
        """The slip close to what is expected that parts black and white best around a module."""
        if expected not in self._choices:
            self._choices[expected] = [
                (self._clarity(slip), pull, slip) for slip, pull in _close_to(expected)
            ]
        return max((clear[module] - pull, slip) for clear, pull, slip in self._choices[expected])[1]

    def _clarity(self, slip: Slip) -> bytes:
        """For every module how far black and white are apart around it, if all slip so."""
        if slip not in self._clarities:
            seen = self._seen(slip)
            apart = ImageChops.difference(seen, seen.filter(ImageFilter.BoxBlur(3)))
            self._clarities[slip] = apart.filter(ImageFilter.BoxBlur(2)).tobytes()
        return self._clarities[slip]

    def _seen(self, slip: Slip) -> Image.Image:
        left, top = REACH + slip[0], REACH + slip[1]
        return self.flat.crop((left, top, left + self.side, top + self.side)).reduce(PIXELS)


def _at_fitting_size(picture: Image.Image, doubt: Doubt) -> tuple[Image.Image, Doubt]:
    """Shrunk until a module is hardly larger than on the sheet: noise is averaged, not sampled."""
    module = math.dist(*doubt.corners[:2]) / doubt.modules
    shrink = max(1, int(module // 6))
    if shrink == 1:
        return picture, doubt
    a, b, c, d = ((x / shrink, y / shrink) for x, y in doubt.corners)
    return picture.reduce(shrink), Doubt((a, b, c, d), doubt.modules)


def _perspective(corners: tuple[Point, Point, Point, Point], side: int) -> list[float]:
    """Where each pixel of the sheet with its rim comes from, as Pillow wants it."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    across, along = (x1 - x2, y1 - y2), (x3 - x2, y3 - y2)
    skew = (x0 - x1 + x2 - x3, y0 - y1 + y2 - y3)
    area = across[0] * along[1] - along[0] * across[1]
    g = (skew[0] * along[1] - along[0] * skew[1]) / area
    h = (across[0] * skew[1] - skew[0] * across[1]) / area
    rows = [(x1 - x0 + g * x1, x3 - x0 + h * x3, x0), (y1 - y0 + g * y1, y3 - y0 + h * y3, y0)]
    g, h = g / side, h / side
    rim = 1 - REACH * (g + h)
    numbers = []
    for right, down, start in rows:
        right, down = right / side, down / side
        numbers += [right / rim, down / rim, (start - REACH * (right + down)) / rim]
    return [*numbers, g / rim, h / rim]


def _close_to(slip: Slip) -> Iterator[tuple[Slip, float]]:
    for right in range(max(-REACH, slip[0] - 1), min(REACH, slip[0] + 1) + 1):
        for down in range(max(-REACH, slip[1] - 1), min(REACH, slip[1] + 1) + 1):
            yield (right, down), PULL * (abs(right - slip[0]) + abs(down - slip[1]))


@lru_cache
def _inwards(count: int) -> list[tuple[Place, bool, list[Place]]]:
    """All places from the corner marks on: whether one lies on a mark, and whom it follows."""
    marks = ((0, 0), (count - 1, 0), (0, count - 1))

    def far(place: Place) -> int:
        return min(max(abs(place[0] - x), abs(place[1] - y)) for x, y in marks)

    order = sorted(((i, j) for i in range(count) for j in range(count)), key=far)
    known: set[Place] = set()
    steps = []
    for i, j in order:
        around = [(i + x, j + y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
        steps.append(((i, j), far((i, j)) * STEP < MARK // 2, [p for p in around if p in known]))
        known.add((i, j))
    return steps


def _readings(modules: Image.Image) -> Iterator[Image.Image]:
    """Black and white, judged in several ways; what every code has is drawn as it should be."""
    soft = modules.filter(ImageFilter.BoxBlur(1))
    for strength, radius in READINGS:
        sharp = Image.blend(soft, modules, strength)
        apart = ImageChops.subtract(sharp, sharp.filter(ImageFilter.BoxBlur(radius)), 1, 128)
        reading = apart.point([0] * 128 + [255] * 128)
        _draw_marks(reading)
        yield reading


def _draw_marks(modules: Image.Image) -> None:
    draw, far = ImageDraw.Draw(modules), modules.width - MARK
    for x, y in ((0, 0), (far, 0), (0, far)):
        draw.rectangle((x - 1, y - 1, x + 7, y + 7), 255)
        for inset, ink in enumerate((0, 255, 0)):
            draw.rectangle((x + inset, y + inset, x + 6 - inset, y + 6 - inset), ink)
    for place in range(MARK + 1, far):
        draw.point([(place, MARK - 1), (MARK - 1, place)], 255 * (place % 2))


def _read(modules: Image.Image) -> str:
    with_rim = ImageOps.expand(modules, 4, 255)
    clean = with_rim.resize((with_rim.width * 3, with_rim.height * 3), Image.Resampling.NEAREST)
    found = zxingcpp.read_barcodes(
        clean, formats=QR_CODES, text_mode=zxingcpp.TextMode.Plain, try_invert=False
    )
    return found[0].text if found else ""
