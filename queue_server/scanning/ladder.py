"""Looks for codes in a grey picture again and again, each time through another pair of glasses.

The decoder finds most codes at first sight. The rungs are for the rest: glare, shake, a dim screen,
a moire of camera and display pixels, a tiny code far away. Cheap and fruitful rungs come first.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import zxingcpp
from PIL import Image, ImageChops, ImageFilter, ImageOps

LADDER_SECONDS = 0.12
"""After this much computing without a code no further rung is begun."""

# Filters cost time per pixel; a code worth reading survives this size.
LONGEST_SIDE = 1000
# Doubling helps small pictures only; a large one would be doubled for nothing.
LONGEST_DOUBLED_SIDE = 800

QR_CODES = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])

Glasses = Callable[[Image.Image], Image.Image]


def texts_in(picture: Image.Image) -> list[str]:
    """The texts of all QR codes that the first fruitful look finds, each once; [] if none does."""
    texts = _look(picture)
    until = time.thread_time() + LADDER_SECONDS
    small = picture.copy()
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BOX)
    for glasses in RUNGS:
        if texts or time.thread_time() > until:
            break
        texts = _look(glasses(small))
    return texts


def _look(picture: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(picture, formats=QR_CODES, text_mode=zxingcpp.TextMode.Plain)
    return list(dict.fromkeys(code.text for code in found if code.text))


def _halved(picture: Image.Image) -> Image.Image:
    return picture.reduce(2)


def _doubled(picture: Image.Image) -> Image.Image:
    if max(picture.size) > LONGEST_DOUBLED_SIDE:
        return picture
    return picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.BICUBIC)


def _stretched(picture: Image.Image) -> Image.Image:
    return ImageOps.autocontrast(picture, cutoff=2)


def _blurred(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(1.2))


def _despeckled(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.MedianFilter(3))


def _sharpened(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.UnsharpMask(radius=3, percent=250, threshold=0))


def _evened(picture: Image.Image) -> Image.Image:
    """Each pixel against its surroundings, so that a bright patch or a shadow no longer counts."""
    surroundings = picture.filter(ImageFilter.BoxBlur(max(picture.size) // 20 + 1))
    return ImageOps.autocontrast(ImageChops.subtract(picture, surroundings, offset=128), cutoff=1)


RUNGS: tuple[Glasses, ...] = (
    _halved,
    _stretched,
    _blurred,
    _evened,
    _sharpened,
    _doubled,
    _despeckled,
)
