"""One picture of a set: what is held, how, what is wrong with it, and the file that comes out."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from PIL import Image

from tests.scanning.studio.geometry import Held
from tests.scanning.studio.mishaps import Mishap
from tests.scanning.studio.photo import photographed
from tests.scanning.studio.props import Prop
from tests.scanning.studio.wear import Wear

MakeProp = Callable[[str], Prop]

VGA, HD, SMALL, TALL = (640, 480), (1280, 720), (960, 720), (1200, 1080)
FULL_HD = (1920, 1080)


@dataclass(frozen=True)
class Beside:
    """Another thing with a code of its own in the same picture."""

    prop: MakeProp
    text: str
    held: Held


@dataclass(frozen=True)
class Shot:
    """`name` ends the sentence "a code is read from …"; `kind` is what makes it hard."""

    kind: str
    name: str
    text: str
    prop: MakeProp
    held: Held
    size: tuple[int, int] = SMALL
    wear: tuple[Wear, ...] = ()
    mishaps: tuple[Mishap, ...] = ()
    quality: int = 80
    beside: tuple[Beside, ...] = ()

    @property
    def texts(self) -> set[str]:
        return {self.text, *(other.text for other in self.beside)}

    def picture(self, draw: int = 0) -> Image.Image:
        """The same picture every time for the same `draw`.

        Every other draw turns the thing some other way and lets cracks, creases, noise and the
        room fall out differently: no reader can know those by heart.
        """
        dice = random.Random(f"{self.name} {draw}")
        held = replace(self.held, turn=dice.uniform(-180, 180)) if draw else self.held
        scene = None
        for other in self.beside:
            scene = photographed(other.prop(other.text), other.held, self.size, dice, scene).picture
        prop = self.prop(self.text)
        for wear in self.wear:
            prop = wear(prop, dice)
        photo = photographed(prop, held, self.size, dice, scene)
        for mishap in self.mishaps:
            photo.picture = mishap(photo)
        return photo.picture

    def file(self, draw: int = 0) -> bytes:
        """The picture as the JPEG file that a camera would have made of it."""
        file = io.BytesIO()
        self.picture(draw).save(file, "JPEG", quality=self.quality)
        return file.getvalue()
