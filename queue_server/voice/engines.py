"""Engines: a sentence in, a WAV file out. espeak-ng, piper, or the office's own recordings."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from queue_server.domain.site import VoiceRules
from queue_server.voice.program import ProgramFailed, run, where_is
from queue_server.voice.recordings import Recordings
from queue_server.voice.sentences import GERMAN, PLAIN_GERMAN, Sentence
from queue_server.voice.sound import NoSound, Sound, VoiceTrouble, read

ESPEAK = "espeak-ng"
PIPER = "piper"
# Words a minute at speed 100: slower than the engine's own 175, for a hall with an echo.
ESPEAK_WORDS = 140
SECONDS = 6.0
"""A gong takes two and a half; whoever speaks later than this is not waited for anyway."""

NO_ESPEAK = (
    "espeak-ng is not installed, so calls are not spoken and the gong rings alone: "
    "apt-get install espeak-ng"
)
NO_PIPER = "piper is not installed, so calls are not spoken and the gong rings alone"
NO_FILE = "the voice file {path} is not there"
NOT_CHOSEN = "no voice is named for the language {language}: [site.voice.voices] {language}"


class VoiceEngine(Protocol):
    """May block for `SECONDS`: call it in a thread, never on the hub."""

    def speak(self, sentence: Sentence) -> Sound:
        """The sentence as sound. Raises `VoiceTrouble`."""

    def describes(self, sentence: Sentence) -> str:
        """All that its sound depends on: the same description, the same sound."""


def engine_for(rules: VoiceRules, base: Path) -> VoiceEngine | None:
    """The engine of a site, paths relative to `base`; None when calls are not spoken."""
    if rules.engine == "piper":
        return Piper(rules, base)
    if rules.engine == "recordings":
        return Recordings(base / rules.folder)
    return Espeak(rules) if rules.engine == "espeak-ng" else None


@dataclass(frozen=True)
class Espeak:
    """espeak-ng, a separate program."""

    rules: VoiceRules

    def speak(self, sentence: Sentence) -> Sound:
        program = where_is(ESPEAK)
        if program is None:
            raise VoiceTrouble(NO_ESPEAK, is_missing=True)
        options = ("-v", self._voice(sentence.language), "-s", str(self._words), "-b", "1")
        return _spoken(lambda file: (program, *options, "--stdin", "-w", file), sentence.text)

    def describes(self, sentence: Sentence) -> str:
        return f"{self._voice(sentence.language)} {self._words}"

    @property
    def _words(self) -> int:
        return ESPEAK_WORDS * self.rules.speed // 100

    def _voice(self, language: str) -> str:
        spoken = _spoken_language(language)
        return self.rules.voice_of(spoken) or spoken


@dataclass(frozen=True)
class Piper:
    """piper with a voice file for each language; a natural voice that needs more of a machine."""

    rules: VoiceRules
    base: Path

    def speak(self, sentence: Sentence) -> Sound:
        program, model = _piper(), self._model(sentence.language)
        if program is None:
            raise VoiceTrouble(NO_PIPER, is_missing=True)
        if model is None:
            language = _spoken_language(sentence.language)
            raise VoiceTrouble(NOT_CHOSEN.format(language=language), is_missing=True)
        if not model.is_file():
            raise VoiceTrouble(NO_FILE.format(path=model), is_missing=True)
        options = ("--model", str(model), "--length_scale", self._length)
        return _spoken(lambda file: (*program, *options, "--output_file", file), sentence.text)

    def describes(self, sentence: Sentence) -> str:
        return f"{self._model(sentence.language)} {self._length}"

    @property
    def _length(self) -> str:
        return f"{100 / self.rules.speed:.2f}"

    def _model(self, language: str) -> Path | None:
        named = self.rules.voice_of(_spoken_language(language))
        return self.base / named if named else None


def _piper() -> tuple[str, ...] | None:
    """Its command, on the path or beside this Python."""
    beside = Path(sys.executable).parent / PIPER
    found = where_is(PIPER) or (str(beside) if beside.is_file() else None)
    return (found,) if found else None


def _spoken_language(language: str) -> str:
    return GERMAN if language == PLAIN_GERMAN else language


def _spoken(command: Callable[[str], tuple[str, ...]], text: str) -> Sound:
    try:
        with tempfile.TemporaryDirectory(prefix="aufruf-voice-") as folder:
            file = Path(folder) / "call.wav"
            run(command(str(file)), text, SECONDS)
            return read(file.read_bytes())
    except (ProgramFailed, NoSound, OSError) as error:
        raise VoiceTrouble(f"calls are not spoken, the gong rings alone: {error}") from None
