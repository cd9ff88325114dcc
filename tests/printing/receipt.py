"""What comes out of a receipt printer: ESC/POS turned into a picture.

Only what slips use; anything else is refused, so that no command goes unseen.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path

import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFont

from queue_server.printing import Paper
from queue_server.qr import qr_png

LETTER, LINE = (12, 24), 30
FONT = Path(__file__).parents[2] / "queue_server" / "printing" / "fonts" / "slip-bold.ttf"


@dataclass
class Receipt:
    """`rows` are pictures as wide as the paper; `texts` the lines that were printed as letters."""

    paper: Paper
    rows: list[Image.Image] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    cuts: int = 0
    _line: str = ""
    _size: int = 1
    _qr: bytes = b""
    _module: int = 3

    def take(self, data: bytes) -> None:
        while data:
            data = data[self._command(data) :]
        assert not self._line, f"{self._line!r} was never printed: no line feed"

    def picture(self) -> Image.Image:
        sheet = Image.new("L", (self.paper.dots, sum(row.height for row in self.rows)), 255)
        top = 0
        for row in self.rows:
            assert row.width <= self.paper.dots, f"{row.width} dots do not fit the paper"
            sheet.paste(row, ((self.paper.dots - row.width) // 2, top))
            top += row.height
        return sheet

    def codes(self) -> list[str]:
        """What a phone reads from the paper, with some table around it."""
        picture = self.picture()
        table = Image.new("L", (picture.width + 80, picture.height + 80), 200)
        table.paste(picture, (40, 40))
        return [found.text for found in zxingcpp.read_barcodes(table)]

    def _command(self, data: bytes) -> int:
        if data[0] == 0x0A:
            self._feed()
            return 1
        if data[0] in (0x1B, 0x1D):
            return self._escape(data)
        self._line += data[:1].decode("cp437")
        return 1

    def _escape(self, data: bytes) -> int:
        match data[:2]:
            case b"\x1b@":
                return 2
            case b"\x1bE" | b"\x1ba" | b"\x1bM" | b"\x1b-" | b"\x1b!" | b"\x1d!" | b"\x1dB":
                if data[:2] in (b"\x1d!", b"\x1b!"):
                    self._size = (data[2] & 7) + 1 if data[1:2] == b"!" and data[0] == 0x1D else 1
                return 3
            case b"\x1bt":
                assert data[2] == 0, "a code page that not every printer has"
                return 3
            case b"\x1bd":
                self.rows.append(self._blank(LINE * data[2]))
                return 3
            case b"\x1dV":
                self.cuts += 1
                return 3
            case b"\x1d(":
                return self._two_dimensional(data)
            case b"\x1dv":
                return self._raster(data)
        raise AssertionError(f"unknown command {data[:4]!r}")

    def _two_dimensional(self, data: bytes) -> int:
        length = int.from_bytes(data[3:5], "little")
        kind, body = data[6], data[7 : 5 + length]
        if kind == 0x43:
            self._module = body[0]
        elif kind == 0x50:
            self._qr = body[1:]
        elif kind == 0x51:
            self.rows.append(Image.open(io.BytesIO(qr_png(self._qr.decode(), self._module))))
        return 5 + length

    def _raster(self, data: bytes) -> int:
        wide, high = (int.from_bytes(data[at : at + 2], "little") for at in (4, 6))
        body = data[8 : 8 + wide * high]
        assert len(body) == wide * high, "the picture ends too soon"
        self.rows.append(ImageChops.invert(Image.frombytes("1", (wide * 8, high), body)))
        return 8 + wide * high

    def _feed(self) -> None:
        cell = LETTER[0] * self._size
        row = self._blank(LINE * self._size)
        pen, font = ImageDraw.Draw(row), ImageFont.truetype(FONT, 18 * self._size)
        left = (self.paper.dots - cell * len(self._line)) // 2
        assert left >= -self.paper.dots % 12, f"{self._line!r} is longer than the paper"
        for place, letter in enumerate(self._line):
            middle = (left + cell * (place + 0.5), row.height / 2)
            pen.text(middle, letter, font=font, anchor="mm")
        self.rows.append(row)
        if self._line:
            self.texts.append(self._line)
        self._line = ""

    def _blank(self, height: int) -> Image.Image:
        return Image.new("L", (self.paper.dots, height), 255)


def printed(data: bytes, paper: Paper = Paper.WIDE) -> Receipt:
    receipt = Receipt(paper)
    receipt.take(data)
    return receipt
