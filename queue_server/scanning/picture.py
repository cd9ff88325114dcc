"""Opens an uploaded picture without trusting it: limits first, then as few pixels as needed.

What an iPhone takes is a HEIC file. Its decoder is a library of its own, which is loaded when the
first such file comes: most offices never need its memory.

A JPEG of one scan is decoded at a part of its size, row by row, and may have the 50 megapixels of
a phone's camera. Everything else is in memory as a whole, several times over, before a pixel can be
had: twelve WebPs of 50 megapixels, each a file of 89 kB, took eight gigabytes. So every other
format has its own limit, such that no picture takes more than 300 MB.
"""

from __future__ import annotations

import io
from functools import cache
from typing import ClassVar

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 50_000_000
"""Enough for the 50-megapixel cameras of phones, which send JPEGs; a bomb claims far more."""

MAX_WHOLE_PIXELS = 25_000_000
"""Of pictures that can only be decoded whole: the 24 megapixels of an iPhone's HEIC."""

MAX_WEBP_PIXELS = 16_000_000
"""Its decoder keeps four pictures of four bytes a pixel: this frame, the last, and two copies."""

MAX_SCANS = 40
"""Of a progressive JPEG, which has about ten. Each may be a few bytes, and is a walk over all."""

LONGEST_SIDE = 2000
"""Pixels. A code that a person holds to a camera stays readable, and decoding stays quick."""

# A JPEG can be decoded at 1/2, 1/4 or 1/8 of its size; its shorter side keeps at least this.
SHORTEST_DRAFT_SIDE = 1000

START_OF_SCAN = b"\xff\xda"

# Only what phones and scanners send: every further decoder is one more way in for a hostile file.
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
HEIC = "HEIF"
"""As the decoder calls it: the container of HEIC and its kin."""

# A file of this family says what it is after four bytes of length; "mif1" may hold AVIF as well.
HEIC_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)


class ScanningRefused(Exception):
    """A picture that is not looked at; `code` says why and is stable."""

    code: ClassVar[str] = "scanning_refused"


class PictureTooLarge(ScanningRefused):
    """More than MAX_BYTES, or a header that promises more than MAX_PIXELS."""

    code = "picture_too_large"


class NotAPicture(ScanningRefused):
    """Not one of the known formats, damaged, or cut off."""

    code = "not_a_picture"


def open_picture(data: bytes) -> Image.Image:
    """The picture upright, grey, and at most LONGEST_SIDE pixels long.

    Raises PictureTooLarge, judged by length and header alone, and NotAPicture.
    """
    if len(data) > MAX_BYTES:
        raise PictureTooLarge(f"{len(data)} bytes, at most {MAX_BYTES}")
    picture = _read_header(data)
    most = _most_pixels(picture, data)
    if picture.width * picture.height > most:
        raise PictureTooLarge(f"{picture.width} x {picture.height} pixels, at most {most}")
    return _decode(picture)


def _most_pixels(picture: Image.Image, data: bytes) -> int:
    """How many pixels a picture like this may have; none at all for a bomb of scans."""
    if picture.format == "WEBP":
        return MAX_WEBP_PIXELS
    if not isinstance(picture, JpegImageFile):
        return MAX_WHOLE_PIXELS
    if data.count(START_OF_SCAN) > MAX_SCANS:
        return 0
    return MAX_PIXELS if _has_one_scan(picture, data) else MAX_WHOLE_PIXELS


def _has_one_scan(picture: JpegImageFile, data: bytes) -> bool:
    """Whether the first scan holds all colours at once; else all of it is kept until the last."""
    at = 2
    while data[at : at + 1] == b"\xff" and data[at : at + 2] != START_OF_SCAN:
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    # After the marker and a length stands how many colours are in this scan.
    has_all = data[at : at + 2] == START_OF_SCAN and data[at + 4 : at + 5] == bytes(
        [picture.layers]
    )
    return has_all and "progressive" not in picture.info


def _read_header(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=_formats_of(data))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise PictureTooLarge(str(bomb)) from bomb
    except Exception as fault:  # decoders meet hostile bytes with every kind of error
        raise NotAPicture(type(fault).__name__) from fault


def _formats_of(data: bytes) -> tuple[str, ...]:
    if data[4:8] != b"ftyp" or data[8:12] not in HEIC_BRANDS:
        return FORMATS
    _learn_heic()
    return (*FORMATS, HEIC)


@cache
def _learn_heic() -> None:
    # Here and not above, so that only an office that gets such a file pays for it.
    import pi_heif

    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


def _decode(picture: Image.Image) -> Image.Image:
    try:
        picture.draft("L", (SHORTEST_DRAFT_SIDE, SHORTEST_DRAFT_SIDE))
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BOX)
        return _grey(ImageOps.exif_transpose(picture))
    except Exception as fault:  # as above: only now are the pixels read
        raise NotAPicture(type(fault).__name__) from fault


def _grey(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits a pixel would all be clipped to white
        return picture.point(lambda value: value * (1 / 256)).convert("L")
    if picture.has_transparency_data:  # a code drawn on nothing stands on white paper
        opaque = picture.convert("RGBA")
        paper = Image.new("RGBA", opaque.size, "white")
        return Image.alpha_composite(paper, opaque).convert("L")
    return picture.convert("L")
