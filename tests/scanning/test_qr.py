"""Codes that we make are codes that we read."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ElementTree

import pytest
from PIL import Image, ImageDraw

from queue_server.qr import qr_png, qr_svg
from queue_server.scanning import read_code_texts

TEXTS = ["K7Q-M4T-XA9", "https://amt.example/t/" + "x" * 43, "Grüße aus Nordend", "7" * 300]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("scale", [2, 4, 12])
def test_a_png_is_read_back(text, scale):
    assert read_code_texts(qr_png(text, scale)) == [text]


@pytest.mark.parametrize("text", TEXTS)
def test_an_svg_is_read_back(text):
    assert read_code_texts(photo_of(qr_svg(text))) == [text]


def photo_of(svg: str, scale: int = 6) -> bytes:
    """Draws the rectangles of the path, as a browser would."""
    side = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])
    picture = Image.new("L", (side * scale, side * scale), 255)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-", svg):
        left, top = int(x) * scale, int(y) * scale
        box = (left, top, left + int(length) * scale - 1, top + scale - 1)
        ImageDraw.Draw(picture).rectangle(box, fill=0)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def test_an_svg_is_well_formed_and_has_no_id_style_or_script():
    svg = qr_svg("<script>&\"'")

    ElementTree.fromstring(svg)
    assert not re.search(r"\b(id|style|class|on\w+)=|script", svg)


def test_an_svg_keeps_the_quiet_zone():
    svg = qr_svg("K7Q-M4T-XA9")
    side = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])
    runs = [(int(x), int(y), int(n)) for x, y, n in re.findall(r"M(\d+) (\d+)h(\d+)v1h-", svg)]

    assert min(x for x, _, _ in runs) == min(y for _, y, _ in runs) == 4
    assert max(x + n for x, _, n in runs) == max(y for _, y, _ in runs) + 1 == side - 4


@pytest.mark.parametrize("scale", [0, -1, 41])
def test_a_senseless_scale_is_refused(scale):
    with pytest.raises(ValueError, match="scale"):
        qr_png("x", scale)


def test_an_overlong_text_is_refused():
    with pytest.raises(ValueError):
        qr_svg("x" * 3000)
