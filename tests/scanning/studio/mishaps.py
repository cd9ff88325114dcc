"""What spoils a picture when it is taken: light, hands, lenses, screens that flicker."""

from __future__ import annotations

import math
from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from tests.scanning.studio.geometry import Point, bounds, box_quad, perspective, shifted
from tests.scanning.studio.photo import Photo

Mishap = Callable[[Photo], Image.Image]


def defocused(radius: float) -> Mishap:
    """Out of focus by a lens whose disc has this radius in pixels."""
    return lambda photo: photo.picture.filter(ImageFilter.BoxBlur(radius))


def shaken(right: float, down: float) -> Mishap:
    """The hand moved so many pixels while the shutter was open."""

    def shake(photo: Photo) -> Image.Image:
        picture = photo.picture
        # Sixteen ghosts in a row cost four blends: each doubles what is there.
        for part in (2, 4, 8, 16):
            ghost = ImageChops.offset(picture, round(right / part), round(down / part))
            picture = Image.blend(picture, ghost, 0.5)
        return picture

    return shake


def glare(
    at: Point = (0.5, 0.5), radius: float = 0.4, light: float = 230, streak: float = 0
) -> Mishap:
    """A lamp mirrored in the glass at a place of the code; `radius` in sides of the code.

    `streak` is the length of a band of light through the spot, in sides of the code.
    """

    def shine(photo: Photo) -> Image.Image:
        lights = Image.new("L", photo.picture.size, 0)
        _spot(lights, photo.at(*at), radius * photo.side, light)
        if streak:
            _band(lights, photo, at, streak, light)
        return _brighter(photo.picture, lights)

    return shine


def _spot(lights: Image.Image, centre: Point, radius: float, light: int) -> None:
    """Brightest in the middle, nothing at the rim."""
    side = max(4, round(2 * radius))
    falling = Image.radial_gradient("L").resize((side, side))
    spot = falling.point(lambda far: round(light * max(0.0, 1 - far / 181) ** 1.5 * 1.25))
    lights.paste(spot, (round(centre[0] - side / 2), round(centre[1] - side / 2)))


def _band(lights: Image.Image, photo: Photo, at: Point, length: float, light: int) -> None:
    (x0, y0), (x1, y1) = (
        photo.at(at[0] - length / 2, at[1] - 0.2),
        photo.at(at[0] + length / 2, at[1] + 0.2),
    )
    band = Image.new("L", lights.size, 0)
    ImageDraw.Draw(band).line([(x0, y0), (x1, y1)], round(light), max(2, round(photo.side * 0.12)))
    soft = band.filter(ImageFilter.GaussianBlur(photo.side * 0.05))
    lights.paste(ImageChops.add(lights, soft))


def _brighter(picture: Image.Image, lights: Image.Image) -> Image.Image:
    return ImageChops.add(picture, Image.merge("RGB", (lights, lights, lights)))


def mirrored(strength: float = 0.5) -> Mishap:
    """A bright window with bars, mirrored in the whole screen."""

    def mirror(photo: Photo) -> Image.Image:
        view = Image.new("L", (80, 60), 0)
        draw = ImageDraw.Draw(view)
        draw.polygon([(10, 14), (72, 20), (66, 46), (6, 40)], 220)
        for left in (28, 50):
            draw.line([(left, 4), (left - 4, 54)], 0, 3)
        draw.line([(6, 27), (72, 32)], 0, 2)
        draw.ellipse((38, 30, 52, 50), 0)
        x0, y0, x1, y1 = bounds(photo.shining, photo.picture.size)
        soft = view.filter(ImageFilter.GaussianBlur(0.8)).resize((x1 - x0, y1 - y0))
        lights = Image.new("L", photo.picture.size, 0)
        lights.paste(soft.point(lambda value: round(value * strength)), (x0, y0))
        glass = Image.new("L", lights.size, 0)
        ImageDraw.Draw(glass).polygon(photo.shining, 255)
        return _brighter(photo.picture, ImageChops.multiply(lights, glass))

    return mirror


def dim(darkest: int, brightest: int) -> Mishap:
    """Little light or a dim backlight: all that is left lies between these two of 255."""
    span = brightest - darkest
    return lambda photo: photo.picture.point(lambda value: darkest + value * span // 255)


def grainy(amount: int) -> Mishap:
    """Noise of a small sensor, up to so many of 255 up or down."""

    def grain(photo: Photo) -> Image.Image:
        width, height = photo.picture.size
        grains = Image.frombytes("L", (width, height), photo.dice.randbytes(width * height))
        grains = grains.point(lambda value: 128 + round((value - 128) * amount / 128))
        return ImageChops.add(photo.picture, Image.merge("RGB", (grains, grains, grains)), 1, -128)

    return grain


def overexposed(gain: float = 1.6, bloom: float = 6) -> Mishap:
    """A bright screen in a dark room: the light runs over into the dark modules."""

    def expose(photo: Photo) -> Image.Image:
        bright = photo.picture.point(lambda value: min(255, round(value * gain)))
        return ImageChops.screen(
            bright, bright.filter(ImageFilter.BoxBlur(bloom)).point(lambda v: v // 2)
        )

    return expose


def shadowed(across: Point = (0.2, 0.7), left: float = 0.3, soft: float = 0.03) -> Mishap:
    """A shadow with an edge through the code, from top to bottom; `left` is the light in it."""

    def shade(photo: Photo) -> Image.Image:
        light = Image.new("L", photo.picture.size, 255)
        edge = [photo.at(across[0], -3), photo.at(across[1], 4)]
        away = [photo.at(across[1] - 6, 4), photo.at(across[0] - 6, -3)]
        ImageDraw.Draw(light).polygon([*edge, *away], round(255 * left))
        light = light.filter(ImageFilter.BoxBlur(max(1.0, photo.side * soft)))
        return ImageChops.multiply(photo.picture, Image.merge("RGB", (light, light, light)))

    return shade


def flickering(bands: float = 5, depth: float = 0.6) -> Mishap:
    """A dimmed screen before a rolling shutter: dark bands across the picture."""

    def flicker(photo: Photo) -> Image.Image:
        height = photo.picture.height
        period = photo.side / bands
        rows = bytes(
            round(255 * (1 - depth * (0.5 + 0.5 * math.sin(2 * math.pi * row / period)) ** 2))
            for row in range(height)
        )
        light = Image.new("L", photo.picture.size, 255)
        glass = Image.new("L", light.size, 0)
        ImageDraw.Draw(glass).polygon(photo.shining, 255)
        light.paste(Image.frombytes("L", (1, height), rows).resize(light.size), (0, 0), glass)
        return ImageChops.multiply(photo.picture, Image.merge("RGB", (light, light, light)))

    return flicker


def moire(pitch: float = 1.7, depth: float = 0.7) -> Mishap:
    """The pixels of the screen, `pitch` pixels of the camera apart, beat with the camera's own.

    Each screen pixel is three columns of colour and a dark row; looked at point by point, as a
    sensor does, they make the waves of themselves.
    """

    def beat(photo: Photo) -> Image.Image:
        corners = photo.shining
        box = bounds(corners, photo.picture.size)
        size = (box[2] - box[0], box[3] - box[1])
        columns = round(math.dist(corners[0], corners[1]) / pitch)
        rows = round(math.dist(corners[0], corners[3]) / pitch)
        numbers = perspective(box_quad((0, 0, columns * 3, rows * 3)), shifted(corners, box))
        colours = [
            _grid(columns, rows, column, depth).transform(
                size, Image.Transform.PERSPECTIVE, numbers, Image.Resampling.NEAREST, fillcolor=255
            )
            for column in range(3)
        ]
        picture = photo.picture.copy()
        seen = ImageChops.multiply(picture.crop(box), Image.merge("RGB", colours))
        picture.paste(seen.filter(ImageFilter.BoxBlur(0.5)), box[:2])
        return picture

    return beat


def _grid(columns: int, rows: int, column: int, depth: float) -> Image.Image:
    """The screen in one of its three colours, three by three pixels to the cell."""
    dark = round(255 * (1 - depth))
    cell = bytearray([dark, dark, dark])
    cell[column] = 255
    lit, gap = bytes(cell) * columns, bytes([dark]) * (3 * columns)
    return Image.frombytes("L", (3 * columns, 3 * rows), (lit + lit + gap) * rows)
