"""A slip as a picture, for letters that receipt printers do not have.

Arabic and Persian are joined and run from right to left: Pillow's "raqm" does that, with the
system's libfribidi.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from queue_server.printing.slip import Paper, Slip, wrapped
from queue_server.qr import qr_png

FONTS = Path(__file__).with_name("fonts")
SITE, CAPTION, STRONG, PLAIN, SMALL = 34, 28, 34, 28, 24
"""Sizes in dots, eight to the millimetre: letters of 3 mm and more, for paper is read without
glasses."""

LARGEST_NUMBER = 168
SPACE, MARGIN, LEADING = 18, 4, 1.3
INK = 140
"""What is darker becomes black: thermal heads know no grey."""

STRIP_DOTS = 128
"""Printers with little memory begin with the first strip."""

RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff]")


@cache
def can_shape() -> bool:
    """Whether Arabic letters can be joined here; it needs the Debian package libfribidi0."""
    from PIL import features

    return bool(features.check("raqm"))


def picture_bytes(slip: Slip, paper: Paper) -> bytes:
    """The slip in ESC/POS as one raster picture, cut off at its end."""
    from escpos.printer import Dummy

    printer = Dummy()
    printer.hw("INIT")
    printer.set(align="center")
    for strip in _strips(draw(slip, paper)):
        printer._raw(strip)
    printer.cut()
    return bytes(printer.output)


def draw(slip: Slip, paper: Paper) -> Any:
    """The slip as a black and white picture, as wide as the head of a printer for this paper."""
    from PIL import Image

    parts = list(_parts(slip, paper.dots))
    ends = list(accumulate(part.height + SPACE for part in parts))
    sheet = Image.new("L", (paper.dots, ends[-1]), 255)
    for part, end in zip(parts, ends, strict=True):
        sheet.paste(part, ((paper.dots - part.width) // 2, end - part.height - SPACE))
    return sheet.point(lambda shade: 255 if shade > INK else 0).convert("1")


def _strips(picture: Any) -> Iterator[bytes]:
    """GS v 0 for each strip: bytes in a row, rows, then a bit for each dot, black is one."""
    row = picture.width // 8
    dots = bytes(byte ^ 0xFF for byte in picture.tobytes())
    for top in range(0, picture.height, STRIP_DOTS):
        rows = min(STRIP_DOTS, picture.height - top)
        size = row.to_bytes(2, "little") + rows.to_bytes(2, "little")
        yield b"\x1dv0\x00" + size + dots[top * row : (top + rows) * row]


def _parts(slip: Slip, dots: int) -> Iterator[Any]:
    yield _block((slip.site,), dots, SITE, is_bold=True)
    if slip.caption:
        yield _block((slip.caption,), dots, CAPTION)
    yield _number(slip.number, dots)
    if slip.strong:
        yield _block(slip.strong, dots, STRONG, is_bold=True)
    if slip.lines:
        yield _block(slip.lines, dots, PLAIN)
    if slip.qr_text:
        yield _qr(slip.qr_text, dots)
    if slip.qr_caption and slip.qr_text:
        yield _block((slip.qr_caption,), dots, SMALL)
    if slip.footer:
        yield _block(slip.footer, dots, SMALL)


def _block(paragraphs: tuple[str, ...], dots: int, size: int, *, is_bold: bool = False) -> Any:
    from PIL import Image, ImageDraw

    font, height = _font(size, is_bold), round(size * LEADING)
    width = dots - 2 * MARGIN
    lines = [line for text in paragraphs for line in wrapped(text, width, lambda t: _long(t, font))]
    block = Image.new("L", (dots, height * len(lines)), 255)
    pen = ImageDraw.Draw(block)
    for index, line in enumerate(lines):
        top = height * index + height // 2
        pen.text((dots / 2, top), line, font=font, anchor="mm", **_way(line))
    return block


def _number(number: str, dots: int) -> Any:
    """Large letters without the room above and below that a line of text has."""
    from PIL import Image, ImageDraw

    wide = _long(number, _font(LARGEST_NUMBER, True))
    font = _font(min(LARGEST_NUMBER, int(LARGEST_NUMBER * (dots - 16) / wide)), True)
    left, top, right, bottom = font.getbbox(number)
    block = Image.new("L", (round(right - left), round(bottom - top)), 255)
    ImageDraw.Draw(block).text((-left, -top), number, font=font)
    return block


def _qr(text: str, dots: int) -> Any:
    """Modules of whole dots, about 38 mm in all; its own white edge is in it."""
    from PIL import Image

    smallest = Image.open(io.BytesIO(qr_png(text, 1)))
    scale = max(3, min(dots * 7 // 8, 304) // smallest.width)
    return smallest.convert("L").resize((smallest.width * scale,) * 2, Image.Resampling.NEAREST)


def _long(text: str, font: Any) -> float:
    return float(font.getlength(text, **_way(text)))


def _way(text: str) -> dict[str, Any]:
    """Only lines with such letters run from right to left: a German name stays as it is."""
    return {"direction": "rtl"} if can_shape() and RIGHT_TO_LEFT.search(text) else {}


@cache
def _font(size: int, is_bold: bool) -> Any:
    from PIL import ImageFont

    path = FONTS / ("slip-bold.ttf" if is_bold else "slip-regular.ttf")
    return ImageFont.truetype(path, size)
