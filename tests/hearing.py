"""What a test hears: how loud a WAV file is, and which tones are in it when."""

from __future__ import annotations

import io
import math
import wave
from array import array

FRAME_SECONDS = 0.03
# Where speech is: from the voice itself to the hiss of an "s".
BANDS_HERTZ = tuple(round(180 * 1.32**step) for step in range(11))
# Two sounds that differ by so much in one band can be told apart by everybody.
CLEARLY_DECIBELS = 9.0
QUIETEST = 1e-6


def samples_of(data: bytes) -> tuple[int, list[float]]:
    """The rate and the samples, each from -1 to 1."""
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        rate, frames = file.getframerate(), file.readframes(file.getnframes())
    return rate, [sample / 32768 for sample in array("h", frames)]


def seconds_of(data: bytes) -> float:
    rate, samples = samples_of(data)
    return len(samples) / rate


def loudness(data: bytes) -> float:
    """The root of the mean square, 0 to 1."""
    _, samples = samples_of(data)
    return math.sqrt(sum(sample * sample for sample in samples) / len(samples))


def spectrum(data: bytes) -> list[tuple[float, ...]]:
    """For each 30 ms the energy of every band in decibels."""
    rate, samples = samples_of(data)
    size = int(rate * FRAME_SECONDS)
    frames = (samples[at : at + size] for at in range(0, len(samples) - size, size))
    return [tuple(_decibels(frame, band / rate) for band in BANDS_HERTZ) for frame in frames]


def seconds_apart(first: bytes, second: bytes) -> float:
    """How long two files sound clearly different; a longer one differs where the other is over."""
    one, other = spectrum(first), spectrum(second)
    both = list(zip(one, other, strict=False))
    differing = sum(
        max(abs(a - b) for a, b in zip(*pair, strict=True)) > CLEARLY_DECIBELS for pair in both
    )
    return (differing + abs(len(one) - len(other))) * FRAME_SECONDS


def _decibels(frame: list[float], turns: float) -> float:
    """Goertzel's sum: the energy of one frequency, given in turns a sample."""
    twice_cosine = 2 * math.cos(2 * math.pi * turns)
    before = last = 0.0
    for sample in frame:
        before, last = last, sample + twice_cosine * last - before
    energy = before * before + last * last - twice_cosine * before * last
    return 10 * math.log10(energy / len(frame) ** 2 + QUIETEST)


def tone(hertz: float, seconds: float, rate: int = 16_000) -> bytes:
    """A WAV file with one tone: a recording for tests."""
    count = int(seconds * rate)
    wanted = (int(12_000 * math.sin(2 * math.pi * hertz * at / rate)) for at in range(count))
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(array("h", wanted).tobytes())
    return file.getvalue()
