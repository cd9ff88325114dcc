"""Takes the photo: a prop in a room, held so or so, the exposure untouched so far."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from PIL import Image

from tests.scanning.studio.geometry import (
    Held,
    Point,
    Quad,
    box_quad,
    laid,
    mapped,
    perspective,
    quad_of,
    shifted,
)
from tests.scanning.studio.props import Box, Prop, room


@dataclass
class Photo:
    """A picture in the making. Mishaps find the code in it through `at` and `side`."""

    picture: Image.Image
    code: Quad
    shining: Quad
    dice: random.Random

    def at(self, u: float, v: float) -> Point:
        """Pixels of a place on the code: (0, 0) is its top left corner, (1, 1) its lower right."""
        return mapped(perspective(self.code, box_quad((0, 0, 1, 1))), (u, v))

    @property
    def side(self) -> float:
        """Length of the code's left side in pixels."""
        return math.dist(self.code[0], self.code[3])


def photographed(
    prop: Prop, held: Held, size: tuple[int, int], dice: random.Random, behind: Image.Image | None
) -> Photo:
    """The prop in a room, or before the scene `behind`, which is changed."""
    scene = behind or room(size, dice)
    sheet = box_quad((0, 0, *prop.flat.size))
    quad = quad_of(prop.flat.size, held, scene.size)
    middle = (prop.code[0] + prop.code[2]) / 2, (prop.code[1] + prop.code[3]) / 2
    x, y = mapped(perspective(quad, sheet), middle)
    # People aim with the code, not with the middle of the phone.
    quad = shifted(quad, (x - held.at[0] * scene.width, y - held.at[1] * scene.height))
    laid(prop.flat, scene, quad)
    into = perspective(quad, sheet)
    return Photo(scene, _seen(into, prop.code), _seen(into, prop.shining), dice)


def _seen(into: list[float], box: Box) -> Quad:
    a, b, c, d = (mapped(into, corner) for corner in box_quad(box))
    return a, b, c, d
