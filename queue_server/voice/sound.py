"""Sound as engines and recordings give it: WAV files of 16 bits, put together to one."""

from __future__ import annotations

import io
import wave
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

MOST_SECONDS = 30
# A voice is far above this; below it a file is silence or the hiss of a bad microphone.
AUDIBLE = 200


class NoSound(ValueError):
    """This is no WAV file that can be used; the sentence says why."""


class VoiceTrouble(Exception):
    """Why a call is not spoken, as a sentence for the office.

    `is_missing` when nothing was tried, so nothing was waited for.
    """

    def __init__(self, sentence: str, *, is_missing: bool = False) -> None:
        self.is_missing = is_missing
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Sound:
    """One channel of 16-bit samples, `rate` of them a second."""

    rate: int
    samples: array[int]

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


def read(data: bytes) -> Sound:
    """The sound in a WAV file; of several channels the first. Raises `NoSound`."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            rate, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            frames = file.readframes(MOST_SECONDS * rate)
    except (wave.Error, EOFError, OSError) as error:
        raise NoSound(f"is no WAV file: {error or 'it ends too early'}") from None
    if width != 2:
        raise NoSound(f"has {8 * width} bits, and 16 are expected")
    samples = array("h", frames[: len(frames) // 2 * 2])[::channels]
    if not samples or max(max(samples), -min(samples)) < AUDIBLE:
        raise NoSound("is silent")
    return Sound(rate, samples)


def joined(parts: Sequence[Sound], pause_seconds: float) -> Sound:
    """One after the other with silence between them, all at the rate of the first."""
    rate = parts[0].rate
    together = array("h")
    for place, part in enumerate(parts):
        if place:
            together.extend(array("h", bytes(2 * int(pause_seconds * rate))))
        together.extend(_at_rate(part, rate).samples)
    return Sound(rate, together)


def written(sound: Sound) -> bytes:
    """The sound as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(sound.rate)
        out.writeframes(sound.samples.tobytes())
    return file.getvalue()


def _at_rate(sound: Sound, rate: int) -> Sound:
    """Voices of different makers differ in their rate; the nearest sample is good enough."""
    if sound.rate == rate:
        return sound
    count = int(sound.seconds * rate)
    step = sound.rate / rate
    return Sound(rate, array("h", (sound.samples[int(place * step)] for place in range(count))))
