"""The hard pictures of the tests: how many are read, how long each takes, and how long none does.

Ours is the whole way, from the bytes of the file to the texts, under the limits of the running
server. Bare is zxing-cpp alone, one attempt at the same picture, already decoded. The two alternate
three times and the fastest run counts. Other seeds give the same scenes with other angles, cracks,
creases and noise, which no reader can have been tuned to.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import zxingcpp

from bench.house import ROOT
from bench.table import Line, milliseconds, percentile, print_table
from queue_server.domain.codes import parse_code
from queue_server.scanning import read_code_texts
from queue_server.scanning.deskew import QR_CODES
from queue_server.scanning.picture import open_picture
from tests.scanning.hard_pictures import HARD_PICTURES
from tests.scanning.no_code_pictures import NO_CODE_PICTURES

TIMES = 3
MOST_WITHOUT_SECONDS = 0.15
SHARE_OF_OTHER_DRAWS = 0.96


@dataclass(frozen=True)
class Reading:
    """One picture, read by both; seconds."""

    ours: float
    bare: float
    is_read: bool
    is_read_bare: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=1, help="other random seeds (default 1)")
    options = parser.parse_args()
    print_table("Pictures: hard ones, by what makes them hard", list(measure_hard()))
    print_table(f"Pictures: the same with {options.draws} other seeds", list(draw(options.draws)))
    print_table("Pictures: without a code, and a HEIC file", list(measure_others()))


def measure_hard() -> Iterator[Line]:
    kinds: dict[str, list[Reading]] = defaultdict(list)
    for shot in HARD_PICTURES:
        kinds[shot.kind].append(read(shot.file(), shot.text))
    for kind, readings in kinds.items():
        yield Line(kind, f"{times_of(readings)}; {hits_of(readings)}")
    every = [reading for readings in kinds.values() for reading in readings]
    is_met = all(reading.is_read for reading in every)
    yield Line("**all**", f"{times_of(every)}; {hits_of(every)}", "all read", is_met)


def draw(draws: int) -> Iterator[Line]:
    readings = [
        read(shot.file(number), shot.text)
        for shot in HARD_PICTURES
        for number in range(1, draws + 1)
    ]
    if readings:
        share = sum(reading.is_read for reading in readings) / len(readings)
        target = f"≥ {SHARE_OF_OTHER_DRAWS:.0%}"
        yield Line("time", times_of(readings))
        yield Line("read", hits_of(readings), target, share >= SHARE_OF_OTHER_DRAWS)


def measure_others() -> Iterator[Line]:
    readings = {picture.name: read(picture.file(), "") for picture in NO_CODE_PICTURES}
    longest = max(readings, key=lambda name: readings[name].ours)
    slowest = readings[longest].ours
    invented = sum(reading.is_read for reading in readings.values())
    yield Line("without a code", times_of(list(readings.values())))
    yield Line(
        f"the slowest of them: {longest}",
        milliseconds(slowest),
        f"≤ {milliseconds(MOST_WITHOUT_SECONDS)}",
        slowest <= MOST_WITHOUT_SECONDS,
    )
    yield Line("codes found where there is none", str(invented), "0", invented == 0)
    heic = read((ROOT / "tests" / "scanning" / "phone.heic").read_bytes(), HARD_PICTURES[0].text)
    yield Line("a HEIC file of 1024 x 768", f"{times_of([heic])}; {hits_of([heic])}")


def read(data: bytes, text: str) -> Reading:
    """Both readers, in turns. With no `text` it counts as read if anything is."""
    picture = open_picture(data)
    ours, bare = [], []
    for _ in range(TIMES):
        began = time.perf_counter()
        texts = read_code_texts(data, parse_code)
        between = time.perf_counter()
        seen = zxingcpp.read_barcodes(picture, formats=QR_CODES)
        ended = time.perf_counter()
        ours.append(between - began)
        bare.append(ended - between)
    bare_texts = [code.text for code in seen]
    return Reading(min(ours), min(bare), _is_in(text, texts), _is_in(text, bare_texts))


def _is_in(text: str, texts: list[str]) -> bool:
    return text in texts if text else bool(texts)


def times_of(readings: list[Reading]) -> str:
    ours, bare = [one.ours for one in readings], [one.bare for one in readings]
    usual = percentile(ours, 0.5)
    ratio = usual / percentile(bare, 0.5)
    return f"median {milliseconds(usual)} ({ratio:.1f} × bare), max {milliseconds(max(ours))}"


def hits_of(readings: list[Reading]) -> str:
    ours = sum(reading.is_read for reading in readings)
    bare = sum(reading.is_read_bare for reading in readings)
    return f"{ours} of {len(readings)} read (bare {bare})"


if __name__ == "__main__":
    main()
