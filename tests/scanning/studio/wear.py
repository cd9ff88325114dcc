"""What happens to paper and glass before anybody takes a picture: folds, cracks, fingers, toner."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from tests.scanning.studio.geometry import Point
from tests.scanning.studio.props import Prop

Wear = Callable[[Prop, random.Random], Prop]
Patch = tuple[tuple[int, int, int, int], tuple[float, ...]]
Mesh = list[Patch]


def cracked(rays: int = 9, width: float = 2.5, at: Point = (0.5, 0.5), reach: float = 1.4) -> Wear:
    """Glass that was dropped: `rays` run from `at` on the code, cobwebs between them."""

    def crack(prop: Prop, dice: random.Random) -> Prop:
        flat, centre = prop.flat.copy(), _place(prop, at)
        draw, side = ImageDraw.Draw(flat), prop.code[2] - prop.code[0]
        lines = [_ray(centre, side * reach, 360 * n / rays, dice) for n in range(rays)]
        webs = [list(knots) for knots in zip(*lines, strict=True)][1:4:2]
        for line in [*lines, *webs]:
            bright, thick = dice.choice((235, 205, 40)), width * dice.uniform(0.6, 1.3)
            shadow = [(x + thick * 0.8, y + thick * 0.8) for x, y in line]
            draw.line(shadow, (70, 74, 78), round(thick))
            draw.line(line, (bright, bright, bright), max(1, round(thick)))
        return replace(prop, flat=flat)

    return crack


def _ray(centre: Point, length: float, angle: float, dice: random.Random) -> list[Point]:
    angle += dice.uniform(-14, 14)
    points = [centre]
    for step in range(1, 7):
        angle += dice.uniform(-9, 9)
        far = length * step / 6
        turned = math.radians(angle)
        points.append((centre[0] + far * math.cos(turned), centre[1] + far * math.sin(turned)))
    return points


def folded(depth: float = 9, shade: float = 0.3, at: Point = (0.45, 0.55)) -> Wear:
    """Folded twice and opened again: four panels, each leaning and lit in its own way.

    The creases meet at `at` on the code; `depth` is how far they seem to move, in pixels of the
    paper, and `shade` the share of light that a panel may lose.
    """

    def fold(prop: Prop, dice: random.Random) -> Prop:
        x, y = _place(prop, at)
        width, height = prop.flat.size
        columns, rows = (0, round(x), width), (0, round(y), height)
        knots = {
            (i, j): (
                columns[i] + dice.uniform(-1, 1) * depth,
                rows[j] + dice.uniform(-1, 1) * depth,
            )
            for i in range(3)
            for j in range(3)
        }
        knots[1, 1] = (x + dice.choice((-1, 1)) * depth, y + dice.choice((-1, 1)) * depth)
        mesh = list(_patches(knots, columns, rows))
        flat = _through(prop.flat, mesh)
        light = Image.new("L", flat.size, 255)
        for box, _ in mesh:
            light.paste(_slope(box, shade, dice), box[:2])
        flat = _lit(flat, light)
        for line in (((x, 0), (x, height)), ((0, y), (width, y))):
            _crease(flat, line, dice)
        return replace(prop, flat=flat)

    return fold


def _slope(box: tuple[int, int, int, int], shade: float, dice: random.Random) -> Image.Image:
    """Light that falls off across a panel."""
    lights = bytes(round(255 * (1 - dice.uniform(0, shade))) for _ in range(4))
    corners = Image.frombytes("L", (2, 2), lights)
    return corners.resize((box[2] - box[0], box[3] - box[1]), Image.Resampling.BILINEAR)


def _crease(flat: Image.Image, line: tuple[Point, Point], dice: random.Random) -> None:
    """A shadow, an edge of light, and toner that has come off here and there."""
    draw = ImageDraw.Draw(flat)
    (x0, y0), (x1, y1) = line
    draw.line([(x0 + 2, y0 + 2), (x1 + 2, y1 + 2)], (120, 118, 116, 255), 2)
    draw.line([(x0, y0), (x1, y1)], (236, 235, 232, 255), 2)
    for _ in range(100):
        share, size = dice.random(), dice.uniform(1, 4)
        x = x0 + (x1 - x0) * share + dice.gauss(0, 2.5)
        y = y0 + (y1 - y0) * share + dice.gauss(0, 2.5)
        draw.ellipse((x - size / 2, y - size / 2, x + size / 2, y + size / 2), (232, 231, 228, 255))


def crumpled(depth: float = 7, shade: float = 0.35, cells: int = 7) -> Wear:
    """Carried in a trouser pocket: every patch is pushed about and lit in its own way."""

    def crumple(prop: Prop, dice: random.Random) -> Prop:
        columns, rows = ([side * n // cells for n in range(cells + 1)] for side in prop.flat.size)
        knots = {
            (i, j): (x + dice.uniform(-depth, depth), y + dice.uniform(-depth, depth))
            for i, x in enumerate(columns)
            for j, y in enumerate(rows)
        }
        flat = _through(prop.flat, list(_patches(knots, columns, rows)))
        lights = bytes(round(255 * (1 - dice.uniform(0, shade))) for _ in range((cells + 1) ** 2))
        light = Image.frombytes("L", (cells + 1, cells + 1), lights)
        return replace(prop, flat=_lit(flat, light.resize(flat.size, Image.Resampling.BILINEAR)))

    return crumple


def curled(depth: float = 22, waves: float = 1.0, shade: float = 0.35) -> Wear:
    """Paper that was rolled up: rows of the code run in a bow, and its flanks are darker."""

    def curl(prop: Prop, dice: random.Random) -> Prop:
        width, height = prop.flat.size
        strips = 24
        bow = [
            depth * math.cos(2 * math.pi * waves * (n / strips - 0.5)) for n in range(strips + 1)
        ]
        mesh: Mesh = []
        for n in range(strips):
            left, right = width * n // strips, width * (n + 1) // strips
            mesh.append(
                (
                    (left, 0, right, height),
                    (
                        left,
                        bow[n],
                        left,
                        height + bow[n],
                        right,
                        height + bow[n + 1],
                        right,
                        bow[n + 1],
                    ),
                )
            )
        lights = bytes(round(255 - shade * 255 * abs(n / 12 - 1) ** 2) for n in range(25))
        light = Image.frombytes("L", (25, 1), lights).resize(prop.flat.size)
        return replace(prop, flat=_lit(_through(prop.flat, mesh), light))

    return curl


def worn(specks: int = 500, size: float = 4, streaks: int = 3) -> Wear:
    """An old printer: toner missing in specks and in pale streaks, dirt elsewhere."""

    def wear(prop: Prop, dice: random.Random) -> Prop:
        flat = prop.flat.copy()
        draw = ImageDraw.Draw(flat)
        left, top, right, bottom = prop.code
        for _ in range(specks):
            x, y, r = (
                dice.uniform(left, right),
                dice.uniform(top, bottom),
                dice.uniform(0.5, size / 2),
            )
            draw.ellipse((x - r, y - r, x + r, y + r), dice.choice([(236, 236, 236), (60, 60, 62)]))
        for _ in range(streaks):
            y = round(dice.uniform(top, bottom))
            draw.line([(0, y), (flat.width, y)], (214, 214, 214), 3)
        return replace(prop, flat=flat)

    return wear


def smeared(at: Point = (0.5, 0.5), radius: float = 0.35, blur: float = 6) -> Wear:
    """A greasy thumb on the glass: a patch without sharpness and with little contrast."""

    def smear(prop: Prop, dice: random.Random) -> Prop:
        box = _round_box(prop, at, radius)
        patch = prop.flat.crop(box).convert("RGB").filter(ImageFilter.GaussianBlur(blur))
        dull = Image.blend(patch, Image.new("RGB", patch.size, (150, 148, 142)), 0.45)
        mask = Image.new("L", patch.size, 0)
        ImageDraw.Draw(mask).ellipse((8, 8, patch.width - 8, patch.height - 8), 255)
        flat = prop.flat.copy()
        flat.paste(dull, box[:2], mask.filter(ImageFilter.GaussianBlur(8)))
        return replace(prop, flat=flat)

    return smear


def covered(
    at: Point = (1.0, 1.0), radius: float = 0.18, skin: tuple[int, int, int] = (206, 160, 132)
) -> Wear:
    """A finger lies on the code."""

    def cover(prop: Prop, dice: random.Random) -> Prop:
        box = _round_box(prop, at, radius)
        flat = prop.flat.copy()
        ImageDraw.Draw(flat).ellipse(box, skin, tuple(value * 3 // 4 for value in skin), 3)
        return replace(prop, flat=flat)

    return cover


def _place(prop: Prop, at: Point) -> Point:
    left, top, right, bottom = prop.code
    return left + (right - left) * at[0], top + (bottom - top) * at[1]


def _round_box(prop: Prop, at: Point, radius: float) -> tuple[int, int, int, int]:
    (x, y), r = _place(prop, at), radius * (prop.code[2] - prop.code[0])
    return round(x - r), round(y - r), round(x + r), round(y + r)


def _patches(
    knots: dict[tuple[int, int], Point], columns: Sequence[int], rows: Sequence[int]
) -> Iterator[Patch]:
    """What each rectangle between `columns` and `rows` is filled with: the patch of its knots."""
    for i in range(len(columns) - 1):
        for j in range(len(rows) - 1):
            corners = knots[i, j], knots[i, j + 1], knots[i + 1, j + 1], knots[i + 1, j]
            box = (columns[i], rows[j], columns[i + 1], rows[j + 1])
            yield box, tuple(side for corner in corners for side in corner)


def _through(flat: Image.Image, mesh: Mesh) -> Image.Image:
    return flat.transform(flat.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def _lit(flat: Image.Image, light: Image.Image) -> Image.Image:
    lit = ImageChops.multiply(flat.convert("RGB"), Image.merge("RGB", (light, light, light)))
    lit.putalpha(flat.getchannel("A"))
    return lit
