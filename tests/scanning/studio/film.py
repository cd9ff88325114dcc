"""A short film for a fake camera: somebody brings a phone with a code before the lens."""

from __future__ import annotations

import random
from collections.abc import Iterator

from PIL import Image

from tests.scanning.studio.geometry import Held
from tests.scanning.studio.mishaps import defocused, grainy, shaken
from tests.scanning.studio.photo import photographed
from tests.scanning.studio.props import phone, room
from tests.scanning.studio.shot import HD


def phone_video_frames(
    text: str, frames: int = 30, still: int = 15, size: tuple[int, int] = HD
) -> Iterator[Image.Image]:
    """First an empty room, then a phone that comes in from below at an angle, then holds still.

    `frames` pictures of the way, moving and out of focus at first, and `still` pictures of the
    phone as it is held in the end: slightly tipped and turned, easily read. RGB, of `size`.
    Written one after the other as JPEG files they are a Motion JPEG film:
    `b"".join(jpeg_of(frame) for frame in phone_video_frames(text))`.
    """
    prop, dice = phone(text), random.Random(text)
    back = room(size, dice)
    yield back.copy()
    for number in range(frames):
        way = (number + 1) / frames
        rest = (1 - way) ** 2
        held = Held(
            fill=1.25 - 0.3 * rest,
            turn=9 - 40 * rest,
            tip=14 + 30 * rest,
            swing=-16 + 45 * rest,
            at=(0.5 + 0.25 * rest, 0.5 + 0.95 * rest),
        )
        photo = photographed(prop, held, size, dice, back.copy())
        if rest > 0.02:
            photo.picture = shaken(-30 * rest, -60 * rest)(photo)
            photo.picture = defocused(5 * rest)(photo)
        yield grainy(8)(photo)
    for _ in range(still):
        yield grainy(8)(photographed(prop, held, size, dice, back.copy()))
