"""How a site looks, and how well a text stands out from its colours, as WCAG 2.2 computes it.

Relative luminance and contrast ratio are those of https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
and #dfn-contrast-ratio; criterion 1.4.6 asks for 7:1, which the wall takes for everything.
Colours are texts such as "#00525c".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LEAST_RATIO = 7.0
COLOR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
# The two colours of text that `tokens.css` has.
WHITE, INK = "#ffffff", "#0b1b2b"
# Below this a channel is linear, above it follows a power; from the definition of sRGB.
LINEAR_UP_TO = 0.04045


@dataclass(frozen=True, slots=True)
class Links:
    """Pages of the town's own website, in the foot of every public page of this site."""

    imprint: str = ""
    privacy: str = ""
    accessibility: str = ""


@dataclass(frozen=True, slots=True)
class Theme:
    """How a site looks: its name and crest (a file) on the wall, and two colours there and at the
    kiosk.

    `color` is behind the head of the page, `accent` behind what matters most: a new call on the
    wall, "I have an appointment" at the kiosk. `dark` is for the wall alone.
    """

    name: str = ""
    crest: str = ""
    color: str = "#00525c"
    accent: str = "#ffb627"
    dark: bool = False

    @property
    def has_own_colors(self) -> bool:
        """Whether the default colours are not enough."""
        return (self.color, self.accent) != (Theme().color, Theme().accent)


def ratio(one: str, other: str) -> float:
    """The contrast of two colours, from 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    """The relative luminance, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(channel / 255) for channel in channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def text_on(background: str) -> str:
    """White or ink, whichever is read better on this colour."""
    return max((WHITE, INK), key=lambda text: ratio(text, background))


def mixed(color: str, ground: str, share: float) -> str:
    """A colour of which `share` (0 to 1) is `color` and the rest `ground`."""
    pairs = zip(channels(color), channels(ground), strict=True)
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)


def channels(color: str) -> tuple[int, int, int]:
    """Red, green and blue, from 0 to 255."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= LINEAR_UP_TO else ((channel + 0.055) / 1.055) ** 2.4
