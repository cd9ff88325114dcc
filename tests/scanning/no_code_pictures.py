"""Pictures in which there is no code to read, though some of them look as if there were."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from tests.scanning.studio.geometry import Held
from tests.scanning.studio.mishaps import Mishap, defocused, glare, grainy, shadowed
from tests.scanning.studio.photo import photographed
from tests.scanning.studio.props import LETTER_LINES, Box, Prop, font, letter, phone, printout, room
from tests.scanning.studio.shot import HD, SMALL
from tests.scanning.studio.wear import Wear, covered, cracked, smeared

LINK = "https://termine.musterstadt.de/termin#K7Q-M4T-XA9"
LARGE = (2000, 1500)
PAPER, INK = (240, 239, 234), (28, 28, 32)


@dataclass(frozen=True)
class NoCode:
    """`name` ends the sentence "no code is found in …"."""

    name: str
    take: Callable[[random.Random], Image.Image]

    def file(self) -> bytes:
        """The same JPEG file every time."""
        file = io.BytesIO()
        self.take(random.Random(self.name)).convert("RGB").save(file, "JPEG", quality=80)
        return file.getvalue()


def held(
    prop: Prop,
    how: Held,
    *mishaps: Mishap,
    size: tuple[int, int] = SMALL,
    wear: tuple[Wear, ...] = (),
) -> Callable[[random.Random], Image.Image]:
    def take(dice: random.Random) -> Image.Image:
        thing = prop
        for each in wear:
            thing = each(thing, dice)
        photo = photographed(thing, how, size, dice, None)
        for mishap in mishaps:
            photo.picture = mishap(photo)
        return photo.picture

    return take


def symbol(kind: zxingcpp.BarcodeFormat, text: str, scale: int = 8) -> Prop:
    """A sheet with a code that is not a QR code."""
    seen = memoryview(zxingcpp.create_barcode(text, kind).to_image(scale=scale))
    code = Image.frombytes("L", (seen.shape[1], seen.shape[0]), bytes(seen))
    return sheet(code.convert("RGB"))


def sheet(middle: Image.Image) -> Prop:
    flat = Image.new("RGB", (760, 760), PAPER)
    place = ((760 - middle.width) // 2, (760 - middle.height) // 2)
    flat.paste(middle, place)
    box = (*place, place[0] + middle.width, place[1] + middle.height)
    return Prop(flat.convert("RGBA"), box, (0, 0, 760, 760))


def without(prop: Prop, *parts: Box) -> Prop:
    """Parts of the code are cut out; in hundredths of its side."""
    flat, (left, top, right, _) = prop.flat.copy(), prop.code
    draw, side = ImageDraw.Draw(flat), right - left
    for x0, y0, x1, y1 in parts:
        corners = (left + side * x0 / 100, top + side * y0 / 100)
        draw.rectangle((*corners, left + side * x1 / 100, top + side * y1 / 100), PAPER)
    return replace(prop, flat=flat)


def squares(size: tuple[int, int], side: int) -> Image.Image:
    board = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(board)
    for x in range(0, size[0], side):
        for y in range(0, size[1], side):
            if (x // side + y // side) % 2:
                draw.rectangle((x, y, x + side - 1, y + side - 1), INK)
    return board


def page(size: tuple[int, int], height: int) -> Image.Image:
    text = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(text)
    for row, y in enumerate(range(20, size[1] - height, height * 5 // 4)):
        words = [LETTER_LINES[(row + n) % len(LETTER_LINES)] for n in range(4)]
        draw.text((30, y), "  ".join(words), INK, font(height))
    return text


def specks(dice: random.Random, size: tuple[int, int], softness: float = 0) -> Image.Image:
    noise = Image.frombytes("L", size, dice.randbytes(size[0] * size[1]))
    soft = noise.filter(ImageFilter.GaussianBlur(softness)) if softness else noise
    return soft.point(
        lambda value: max(0, min(255, round(128 + (value - 128) * (1 + 4 * softness))))
    )


def faces(dice: random.Random) -> Image.Image:
    scene = room(HD, dice)
    draw = ImageDraw.Draw(scene)
    for left, skin in ((180, (224, 178, 150)), (700, (141, 96, 70))):
        draw.ellipse((left, 120, left + 320, 560), skin)
        draw.ellipse((left - 20, 80, left + 340, 300), (60, 42, 30))
        for eye in (left + 70, left + 200):
            draw.ellipse((eye, 290, eye + 52, 322), (250, 250, 250))
            draw.ellipse((eye + 14, 292, eye + 40, 320), (40, 60, 80))
        draw.arc((left + 90, 390, left + 230, 480), 20, 160, (150, 50, 60), 12)
    return scene.filter(ImageFilter.GaussianBlur(2))


def likeness(dice: random.Random, modules: int = 33, scale: int = 8) -> Prop:
    """Three corner marks and dots by chance: it looks like a code and says nothing."""
    dots = Image.new("L", (modules, modules))
    dots.putdata([dice.choice((0, 255)) for _ in range(modules**2)])
    draw = ImageDraw.Draw(dots)
    for x, y in ((0, 0), (modules - 7, 0), (0, modules - 7)):
        draw.rectangle((x - 1, y - 1, x + 7, y + 7), 255)
        for inset, ink in enumerate((0, 255, 0)):
            draw.rectangle((x + inset, y + inset, x + 6 - inset, y + 6 - inset), ink)
    side = modules * scale
    return sheet(dots.resize((side, side), Image.Resampling.NEAREST).convert("RGB"))


def switched_off() -> Prop:
    prop = phone(LINK)
    flat = prop.flat.copy()
    ImageDraw.Draw(flat).rounded_rectangle(prop.shining, 44, (14, 14, 16))
    return replace(prop, flat=flat)


EAN, FORMATS = "4012345678901", zxingcpp.BarcodeFormat
MARKS = (-3, -3, 24, 24), (76, -3, 103, 24), (-3, 76, 24, 103)
WHOLE = (-8, -8, 108, 108)

NO_CODE_PICTURES = [
    NoCode("an empty room", lambda dice: room(SMALL, dice)),
    NoCode("a large picture of an empty room", lambda dice: room(LARGE, dice)),
    NoCode("a phone that is switched off", held(switched_off(), Held(1.2, 12, 20))),
    NoCode("a letter without a code", held(without(letter(LINK), WHOLE), Held(1.3, 5), size=HD)),
    NoCode("a page of large text", lambda dice: page(SMALL, 30)),
    NoCode("a large picture full of small text", lambda dice: page(LARGE, 20)),
    NoCode("a barcode from a shop", held(symbol(FORMATS.EAN13, EAN, 5), Held(0.9, 12))),
    NoCode("a long barcode", held(symbol(FORMATS.Code128, "RATHAUS-4711", 3), Held(0.9, -8, 20))),
    NoCode("a Data Matrix", held(symbol(FORMATS.DataMatrix, LINK, 12), Held(0.9, 20))),
    NoCode("an Aztec code of a train ticket", held(symbol(FORMATS.Aztec, LINK, 11), Held(0.9, 9))),
    NoCode("a stacked barcode", held(symbol(FORMATS.PDF417, LINK, 3), Held(0.9, -14))),
    NoCode("a chessboard", held(sheet(squares((400, 400), 50)), Held(0.9, 30, 25))),
    NoCode("a large picture of tiles", lambda dice: squares(LARGE, 20)),
    NoCode("faces", faces),
    NoCode("noise", lambda dice: specks(dice, SMALL)),
    NoCode("a large picture of noise", lambda dice: specks(dice, LARGE)),
    NoCode("soft speckles", lambda dice: specks(dice, SMALL, 3)),
    NoCode("darkness", lambda dice: Image.new("RGB", SMALL, (3, 3, 4))),
    NoCode("corner marks around dots by chance",
           lambda dice: held(likeness(dice), Held(0.9, 11))(dice)),
    NoCode("a code without its corner marks", held(without(printout(LINK), *MARKS), Held(0.9, 8))),
    NoCode("corner marks with nothing in between",
           held(without(printout(LINK), (24, -3, 76, 103), (-3, 24, 103, 76)), Held(0.9, -9))),
    NoCode("the upper half of a code",
           held(without(printout(LINK), (-3, 50, 103, 103)), Held(0.9))),
    NoCode("a code half below a hand",
           held(phone(LINK), Held(1.3, 14), wear=(covered((0.25, 0.5), 0.5),))),
    NoCode("a code far out of focus", held(phone(LINK), Held(1.3, 14), defocused(16))),
    NoCode("a code burnt out by a lamp",
           held(phone(LINK), Held(1.3, -6), glare(radius=1.6, light=255), glare(radius=1.2))),
    NoCode("a code smeared all over",
           held(phone(LINK), Held(1.3, 3), grainy(20), wear=(smeared((0.5, 0.5), 0.9, 16),))),
    NoCode("a code behind shattered glass",
           held(phone(LINK), Held(1.3, 3), wear=(cracked(24, 11), cracked(16, 9, (0.2, 0.2))))),
    NoCode("a code too far away", held(phone(LINK), Held(0.12, 5), shadowed(left=0.6))),
]  # fmt: skip
