"""Looks for codes in a grey picture again and again, each time prepared in another way.

The decoder finds most codes at first sight. The attempts are for the rest: glare, shake, a dim
screen, a moire of camera and display pixels, cracked glass, a tiny code far away. Cheap and
fruitful ones come first, and a smaller picture is the cheapest filter of all. What an attempt finds
and does not understand is laid out flat and read with more patience.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple, cast

import zxingcpp
from PIL import Image, ImageChops, ImageFilter

from queue_server.scanning.deskew import QR_CODES, Doubt, straightened_text

ATTEMPTS_SECONDS = 0.1
"""After this much computing no further attempt is begun. Without a code all of them take about
50 ms; noise, pages full of squares and hostile pictures take more."""

MOST_DOUBTS = 4
"""So many codes that were seen and not understood are laid out flat; each takes about 7 ms."""

# Filters cost time per pixel; a code worth reading survives this size.
LONGEST_SIDE = 1000
# Doubling helps small pictures only; a large one would be doubled for nothing.
LONGEST_SMALL_SIDE = 800

Preparation = Callable[[Image.Image], Image.Image]
Wanted = Callable[[str], object]


class Attempt(NamedTuple):
    """How the picture is prepared, and who parts black from white then: the decoder by the mean
    of the surroundings, or the preparation itself, which leaves grey 128 between the two.
    """

    prepare: Preparation
    binarizer: zxingcpp.Binarizer = zxingcpp.Binarizer.LocalAverage


def texts_in(picture: Image.Image, wanted: Wanted, seconds: float) -> list[str]:
    """The texts of all QR codes seen until one of them is `wanted`, each once; [] if none is seen.

    After `seconds` of computing no further look is begun.
    """
    until = time.thread_time() + seconds
    texts: dict[str, None] = {}
    doubts: list[Doubt] = []
    for seen, binarizer, scale in _views(picture):
        found, doubtful = _look(seen, binarizer, scale)
        texts |= dict.fromkeys(found)
        for doubt in doubtful:
            if len(doubts) < MOST_DOUBTS and not any(doubt.is_near(other) for other in doubts):
                doubts.append(doubt)
                if text := straightened_text(picture, doubt):
                    texts[text] = None
        if any(wanted(text) for text in texts) or time.thread_time() > until:
            break
    return list(texts)


def _views(picture: Image.Image) -> Iterator[tuple[Image.Image, zxingcpp.Binarizer, float]]:
    """The picture as it is, then in all preparations, with pixels of the picture per pixel seen."""
    yield picture, zxingcpp.Binarizer.LocalAverage, 1.0
    small = _at_most(LONGEST_SIDE)(picture)
    is_small = max(picture.size) <= LONGEST_SMALL_SIDE
    for prepare, binarizer in (*(ATTEMPTS_AT_SMALL_PICTURES if is_small else ()), *ATTEMPTS):
        seen = prepare(small)
        yield seen, binarizer, picture.width / seen.width


def _look(
    picture: Image.Image, binarizer: zxingcpp.Binarizer, scale: float
) -> tuple[list[str], list[Doubt]]:
    codes = zxingcpp.read_barcodes(
        picture,
        formats=QR_CODES,
        text_mode=zxingcpp.TextMode.Plain,
        binarizer=binarizer,
        return_errors=True,
    )
    texts = [code.text for code in codes if not code.error and code.text]
    doubts = [_doubt(code, scale) for code in codes if code.error and code.extra]
    return texts, [doubt for doubt in doubts if doubt and doubt.is_plausible]


def _doubt(code: zxingcpp.Barcode, scale: float) -> Doubt | None:
    """None for what the decoder takes for a Micro QR code (version M1 to M4)."""
    version = str(cast(dict[str, object], code.extra).get("Version", ""))
    if not version.isdigit():
        return None
    place = code.position
    round_ = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    a, b, c, d = ((corner.x * scale, corner.y * scale) for corner in round_)
    return Doubt((a, b, c, d), 17 + 4 * int(version))


def _plain(picture: Image.Image) -> Image.Image:
    return picture


def _halved(picture: Image.Image) -> Image.Image:
    return picture.reduce(2)


def _at_most(side: int) -> Preparation:
    def smaller(picture: Image.Image) -> Image.Image:
        small = picture.copy()
        small.thumbnail((side, side), Image.Resampling.BOX)
        return small

    return smaller


def _doubled(picture: Image.Image) -> Image.Image:
    return picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.BICUBIC)


def _blurred(radius: float) -> Preparation:
    return lambda picture: picture.filter(ImageFilter.BoxBlur(radius))


def _sharpened(radius: float, strength: float) -> Preparation:
    """Away from the blurred picture: what it differs by counts `strength` times."""
    soft = _blurred(radius)
    return lambda picture: Image.blend(soft(picture), picture, strength)


def _against_surroundings(radius: float) -> Preparation:
    """Each pixel against its surroundings, so that a glare or a shadow no longer counts."""
    soft = _blurred(radius)
    return lambda picture: ImageChops.subtract(picture, soft(picture), offset=128)


def _evened(picture: Image.Image) -> Image.Image:
    """As above with a wide surrounding, which a small picture of the picture shows well enough."""
    wide = picture.reduce(8).filter(ImageFilter.BoxBlur(5))
    surroundings = wide.resize(picture.size, Image.Resampling.BILINEAR)
    return ImageChops.subtract(picture, surroundings, offset=128)


def _thickened(picture: Image.Image) -> Image.Image:
    """The lightest of two by two: thin dark scratches vanish."""
    wide = ImageChops.lighter(picture, ImageChops.offset(picture, 1, 0))
    return ImageChops.lighter(wide, ImageChops.offset(wide, 0, 1))


def _steadied(right: int, down: int) -> Preparation:
    """Away from what lies on both sides in one direction, for a hand that moved that way."""

    def steadied(picture: Image.Image) -> Image.Image:
        before = ImageChops.offset(picture, -right, -down)
        ghosts = Image.blend(before, ImageChops.offset(picture, right, down), 0.5)
        return Image.blend(ghosts, picture, 3)

    return steadied


def _together(*steps: Preparation) -> Preparation:
    def through_all(picture: Image.Image) -> Image.Image:
        for each in steps:
            picture = each(picture)
        return picture

    return through_all


_MIDDLE = zxingcpp.Binarizer.FixedThreshold

ATTEMPTS: tuple[Attempt, ...] = (
    Attempt(_halved),
    Attempt(_plain),
    Attempt(_together(_halved, _blurred(1))),
    Attempt(_together(_halved, _against_surroundings(4)), _MIDDLE),
    Attempt(_together(_halved, _thickened)),
    Attempt(_together(_halved, _against_surroundings(3)), _MIDDLE),
    Attempt(_together(_at_most(700), _blurred(1), _sharpened(4, 6))),
    Attempt(_evened, zxingcpp.Binarizer.GlobalHistogram),
    Attempt(_together(_halved, _steadied(3, 0))),
    Attempt(_together(_halved, _steadied(0, 3))),
    Attempt(_together(_at_most(700), _blurred(2))),
    Attempt(_together(_at_most(700), _blurred(1), _against_surroundings(6)), _MIDDLE),
)
ATTEMPTS_AT_SMALL_PICTURES: tuple[Attempt, ...] = (
    Attempt(_doubled),
    Attempt(_together(_doubled, _against_surroundings(8)), _MIDDLE),
    Attempt(_together(_doubled, _blurred(1))),
)
