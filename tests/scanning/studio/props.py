"""The things that people hold to a camera: a phone, a letter, a printout; and the room behind."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from queue_server.qr import qr_png

Box = tuple[int, int, int, int]
Colour = tuple[int, int, int]

PHONE = (520, 1060)
# Around the phone there is place for the hand that holds it.
HAND = 130
SHEET = (900, 1270)
INK: Colour = (28, 28, 32)
SKINS: tuple[Colour, ...] = ((224, 178, 150), (198, 148, 116), (141, 96, 70), (92, 62, 48))

# The font that comes with Pillow knows no umlauts, so neither do these lines.
LETTER_LINES = (
    "Guten Tag,",
    "Ihr Termin im Rathaus ist gebucht. Bitte kommen Sie",
    "einige Minuten eher und halten Sie den Termincode",
    "am Terminal vor die Kamera. Bringen Sie bitte mit:",
    "-  Ihren bisherigen Personalausweis oder Reisepass",
    "-  ein biometrisches Foto, nicht zu alt und ohne Brille",
    "-  bei Umzug: das Formular Ihres Wohnungsgebers",
    "Wenn Sie nicht kommen, sagen Sie den Termin bitte ab.",
)


@dataclass(frozen=True)
class Prop:
    """A flat thing, RGBA, and where on it the code is (quiet zone not counted).

    Props are made once and used often: whoever changes one works on a copy of `flat`.
    """

    flat: Image.Image
    code: Box
    shining: Box
    """The part that gives light of its own; the whole thing if none does."""


@lru_cache(maxsize=16)
def code_picture(text: str, scale: int) -> Image.Image:
    return Image.open(io.BytesIO(qr_png(text, scale))).convert("L")


@lru_cache(maxsize=16)
def phone(
    text: str, *, inverted: bool = False, dark: bool = False, small: bool = False, hand: int = 0
) -> Prop:
    """A phone in a hand. `inverted`: the whole screen; `dark`: dark page, the code on a card."""
    screen, code = _screen(text, dark=dark, small=small)
    if inverted:
        screen = ImageOps.invert(screen)
    flat = Image.new("RGBA", (PHONE[0] + 2 * HAND, PHONE[1] + 2 * HAND))
    flat.alpha_composite(_palm(SKINS[hand]))
    body = Image.new("RGBA", PHONE, (0, 0, 0, 0))
    draw = ImageDraw.Draw(body)
    draw.rounded_rectangle((0, 0, PHONE[0] - 1, PHONE[1] - 1), 62, (24, 24, 27, 255))
    draw.rounded_rectangle((3, 3, PHONE[0] - 4, PHONE[1] - 4), 60, None, (88, 88, 94, 255), 3)
    glass = Image.new("L", screen.size, 0)
    ImageDraw.Draw(glass).rounded_rectangle((0, 0, screen.width - 1, screen.height - 1), 44, 255)
    body.paste(screen, (18, 18), glass)
    draw.rounded_rectangle((PHONE[0] // 2 - 70, 32, PHONE[0] // 2 + 70, 62), 15, (0, 0, 0, 255))
    flat.alpha_composite(body, (HAND, HAND))
    flat.alpha_composite(_fingers(SKINS[hand]))
    moved = HAND + 18
    shining = (moved, moved, moved + screen.width, moved + screen.height)
    return Prop(flat, tuple(side + moved for side in code), shining)  # type: ignore[arg-type]


def _screen(text: str, *, dark: bool, small: bool) -> tuple[Image.Image, Box]:
    size = (PHONE[0] - 36, PHONE[1] - 36)
    paper, ink = ((18, 20, 24), (232, 232, 236)) if dark else ((250, 250, 252), INK)
    screen = Image.new("RGB", size, paper)
    draw = ImageDraw.Draw(screen)
    draw.text((36, 16), "09:41", ink, font(24))
    for bar in range(4):
        draw.rectangle((360 + bar * 9, 36 - bar * 5, 365 + bar * 9, 40), ink)
    draw.rounded_rectangle((410, 20, 450, 40), 5, None, ink, 2)
    draw.rectangle((414, 24, 440, 36), ink)
    draw.rectangle((0, 70, size[0], 130), (0, 84, 96))
    draw.text((28, 84), "Rathaus - Ihr Termin", (255, 255, 255), font(28))
    draw.text((28, 152), "Di, 24. November, 10:20 Uhr", ink, font(26))
    draw.text((28, 192), "Bitte halten Sie den Code an die Kamera.", ink, font(19))
    code = code_picture(text, 5 if small else 9)
    code = code if code.width <= 400 else code_picture(text, 9 * 400 // code.width)
    place = ((size[0] - code.width) // 2, 250 + (400 - code.height) // 2)
    screen.paste(ImageOps.expand(code, 6, 255).convert("RGB"), (place[0] - 6, place[1] - 6))
    draw.text((28, 672), text[-11:], ink, font(34))
    for row, line in enumerate(LETTER_LINES[1:7]):
        draw.text((28, 730 + 34 * row), line[:44], ink, font(18))
    draw.rounded_rectangle((28, 950, size[0] - 28, 1010), 14, (0, 84, 96))
    return screen, _without_quiet_zone(place, code, text)


def _without_quiet_zone(place: tuple[int, int], code: Image.Image, text: str) -> Box:
    modules = code_picture(text, 1).width
    quiet = 4 * code.width // modules
    left, top = place[0] + quiet, place[1] + quiet
    return left, top, place[0] + code.width - quiet, place[1] + code.height - quiet


@lru_cache
def _palm(skin: Colour) -> Image.Image:
    """What of the hand is behind the phone."""
    size = (PHONE[0] + 2 * HAND, PHONE[1] + 2 * HAND)
    palm = Image.new("RGBA", size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(palm)
    draw.ellipse((60, 560, 700, size[1] + 160), (*skin, 255))
    draw.rounded_rectangle((size[0] - 330, size[1] - 260, size[0] - 60, size[1]), 90, (*skin, 255))
    return palm.filter(ImageFilter.GaussianBlur(3))


@lru_cache
def _fingers(skin: Colour) -> Image.Image:
    """What of the hand is before the phone: a thumb at the left edge, four tips at the right."""
    size = (PHONE[0] + 2 * HAND, PHONE[1] + 2 * HAND)
    fingers = Image.new("RGBA", size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(fingers)
    shade: Colour = tuple(value * 3 // 4 for value in skin)  # type: ignore[assignment]
    for top in (560, 670, 780, 885):
        box = (size[0] - HAND - 24, top, size[0] - 40, top + 92)
        draw.rounded_rectangle(box, 44, (*skin, 255), (*shade, 255), 4)
    draw.rounded_rectangle((46, 820, 262, 930), 54, (*skin, 255), (*shade, 255), 4)
    draw.rounded_rectangle((196, 838, 250, 906), 26, (240, 208, 190, 255))
    return fingers.filter(ImageFilter.GaussianBlur(2))


@lru_cache(maxsize=16)
def letter(text: str, *, scale: int = 6) -> Prop:
    """A letter of the town hall; its code is at the lower right."""
    sheet = Image.new("RGB", SHEET, (243, 242, 237))
    draw = ImageDraw.Draw(sheet)
    draw.rounded_rectangle((90, 70, 150, 140), 12, (0, 84, 96))
    draw.text((170, 78), "Stadt Musterstadt", INK, font(40))
    draw.text((170, 126), "Rathausplatz 1, 12345 Musterstadt", INK, font(19))
    draw.text((90, 240), "Frau\nErika Mustermann\nAm Markt 17\n12345 Musterstadt", INK, font(25))
    draw.text((90, 430), "Ihr Termin am 24. November um 10:20 Uhr", INK, font(32))
    for row, line in enumerate(LETTER_LINES):
        draw.text((90, 500 + 38 * row), line, INK, font(25))
    code = code_picture(text, scale)
    place = (SHEET[0] - 90 - code.width, 850 + max(0, (300 - code.height) // 2))
    sheet.paste(code.convert("RGB").point(lambda value: 24 + value * 218 // 255), place)
    draw.text((90, 900), "Ihr Termincode:", INK, font(26))
    draw.text((90, 945), text[-11:], INK, font(40))
    draw.text((90, 1200), "Offen Mo-Fr 8-12 Uhr, Do auch 14-18 Uhr", INK, font(18))
    return Prop(sheet.convert("RGBA"), _without_quiet_zone(place, code, text), (0, 0, *sheet.size))


@lru_cache(maxsize=16)
def printout(text: str, *, scale: int = 8) -> Prop:
    """Half a page from a home printer: the code and little else."""
    sheet = Image.new("RGB", (760, 760), (238, 238, 240))
    draw = ImageDraw.Draw(sheet)
    draw.text((70, 60), "Ihr Termin", INK, font(44))
    draw.text((70, 120), "Di, 24.11., 10:20 Uhr, Rathaus Mitte", INK, font(26))
    code = code_picture(text, scale)
    place = ((760 - code.width) // 2, 190 + (440 - code.height) // 2)
    sheet.paste(code.convert("RGB").point(lambda value: 30 + value * 208 // 255), place)
    draw.text((70, 660), f"Termincode: {text[-11:]}", INK, font(32))
    return Prop(sheet.convert("RGBA"), _without_quiet_zone(place, code, text), (0, 0, *sheet.size))


@lru_cache(maxsize=16)
def poster(text: str, title: str) -> Prop:
    """A notice on the wall with a code that is not ours."""
    sheet = Image.new("RGB", (520, 700), (250, 214, 90))
    draw = ImageDraw.Draw(sheet)
    draw.text((50, 50), title, INK, font(46))
    code = code_picture(text, 9)
    place = ((520 - code.width) // 2, 150)
    sheet.paste(code.convert("RGB"), place)
    draw.text((50, 600), "Einfach scannen!", INK, font(34))
    return Prop(sheet.convert("RGBA"), _without_quiet_zone(place, code, text), (0, 0, *sheet.size))


def room(size: tuple[int, int], dice: random.Random) -> Image.Image:
    """A waiting room out of focus: wall, floor, window, door, chairs, a lamp."""
    width, height = 96, 72
    base = dice.randrange(110, 190)
    back = Image.new("RGB", (width, height), (base, base - 6, base - 18))
    draw = ImageDraw.Draw(back)
    draw.rectangle((0, 50, width, height), (base - 60, base - 66, base - 70))
    draw.rectangle((4, 6, 4 + dice.randrange(14, 30), 38), (226, 234, 240))
    door = dice.randrange(50, 74)
    draw.rectangle((door, 14, door + 16, 56), (120, 84, 58))
    for chair in range(dice.randrange(2, 6)):
        left = dice.randrange(0, 84)
        draw.rectangle((left, 46 + chair, left + 9, 62 + chair), (40, 50 + 12 * chair, 90))
    lamp = dice.randrange(20, 76)
    draw.ellipse((lamp, 1, lamp + 12, 6), (255, 252, 238))
    return back.filter(ImageFilter.GaussianBlur(2)).resize(size, Image.Resampling.BILINEAR)


@lru_cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
