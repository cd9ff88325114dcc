"""A folder of the office's own recordings: `FOLDER/LANGUAGE/NAME.wav`.

A call is put together from "nummer", the letters of the number ("m"), the number as a whole ("42")
or its digits ("4", "2"), and the place: "bitte_zu_schalter-3" for the counter with that id, or
"bitte_zu_schalter" and "3".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from queue_server.domain.site import Site
from queue_server.voice.sentences import Sentence, Ways, letter_names, sentence
from queue_server.voice.sound import NoSound, Sound, VoiceTrouble, joined, read

PAUSE_SECONDS = 0.08
MISSING = "the recordings {names} are missing in {folder}"
ENDING = ".wav"


@dataclass(frozen=True)
class Recordings:
    """Speaks with the files of this folder."""

    folder: Path

    def speak(self, sentence: Sentence) -> Sound:
        """Put the call together. Raises `VoiceTrouble`."""
        here = self.folder / sentence.language
        if missing := self.missing(sentence):
            raise VoiceTrouble(
                MISSING.format(names=", ".join(missing), folder=here), is_missing=True
            )
        return joined(
            [_piece(self._file(here, name)) for name in self._names(sentence)], PAUSE_SECONDS
        )

    def describes(self, sentence: Sentence) -> str:
        """The files, and when each was last changed."""
        here = self.folder / sentence.language
        files = [self._file(here, name) for name in self._names(sentence)]
        return " ".join(f"{file}@{_changed(file)}" for file in files)

    def missing(self, sentence: Sentence) -> list[str]:
        """The files that a sentence needs and that are not there."""
        here = self.folder / sentence.language
        files = [self._file(here, name) for name in self._names(sentence)]
        return [file.name for file in files if not file.is_file()]

    def _names(self, sentence: Sentence) -> Iterator[str]:
        here = self.folder / sentence.language
        for ways in sentence.ways:
            yield from self._way(here, ways)

    def _way(self, here: Path, ways: Ways) -> tuple[str, ...]:
        """The first way that is recorded; the last one when none is."""
        recorded = (way for way in ways if all(self._file(here, name).is_file() for name in way))
        return next(recorded, ways[-1])

    @staticmethod
    def _file(here: Path, name: str) -> Path:
        return here / f"{name}{ENDING}"


def missing_recordings(site: Site, recordings: Recordings, language: str) -> list[str]:
    """Every file that some call of this site would need: all letters, digits and counters."""
    numbers = [f"{letter} {digits}" for letter in letter_names(site) for digits in (123, 456, 789)]
    numbers.append("100")
    counters = [counter.id for counter in site.counters]
    calls = [(counters[0], number) for number in numbers] + [(each, "100") for each in counters]
    needed = [recordings.missing(sentence(site, *call, language)) for call in calls]
    return list(dict.fromkeys(name for some in needed for name in some))


def _piece(file: Path) -> Sound:
    try:
        return read(file.read_bytes())
    except (NoSound, OSError) as error:
        raise VoiceTrouble(f"the recording {file} {error}") from None


def _changed(file: Path) -> int:
    return file.stat().st_mtime_ns if file.is_file() else 0
