"""Spoken calls, each rendered once and kept on disk; nobody waits for an engine that fails."""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from queue_server.domain.site import Site
from queue_server.voice.engines import VoiceEngine, engine_for
from queue_server.voice.sentences import Sentence, sentence
from queue_server.voice.sound import NoSound, Sound, VoiceTrouble, joined, read, written

log = logging.getLogger(__name__)
PAUSE_SECONDS = 0.6
MOST_KEPT_BYTES = 64 * 1024 * 1024
"""Some five hundred calls: more than an office has different ones in a day."""
REST_SECONDS = 60.0
"""For how long an engine that failed is not asked again: each try may take seconds."""


class Announcer:
    """Renders calls for the walls. `folder` is its own, `base` is where relative paths begin.

    Its methods block: call them in a thread, one at a time, so that what two walls ask for at once
    is rendered by the first and found by the second.
    """

    def __init__(
        self, folder: Path, base: Path, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._folder = folder
        self._base = base
        self._seconds = seconds
        self._rests_until: dict[str, float] = {}
        self._told: set[str] = set()

    def call(self, site: Site, counter: str, number: str, languages: Sequence[str]) -> bytes | None:
        """The call as a WAV file, one language after the other; None when none can be spoken."""
        engine = engine_for(site.voice, self._base)
        if engine is None:
            return None
        sentences = [sentence(site, counter, number, language) for language in languages]
        spoken = [self._spoken(site, engine, each) for each in sentences]
        sounds = [sound for sound in spoken if sound is not None]
        return written(joined(sounds, PAUSE_SECONDS)) if sounds else None

    def _spoken(self, site: Site, engine: VoiceEngine, wanted: Sentence) -> Sound | None:
        file = self._file(site, engine, wanted)
        kept = _kept(file)
        if kept is not None:
            return kept
        # One language without a voice says nothing about the others.
        who = f"{site.id} {wanted.language}"
        if self._rests_until.get(who, 0.0) > self._seconds():
            return None
        try:
            sound = engine.speak(wanted)
        except VoiceTrouble as trouble:
            self._note(who, trouble)
            return None
        self._told.discard(who)
        self._keep(file, sound)
        return sound

    def _note(self, who: str, trouble: VoiceTrouble) -> None:
        """Once in the log until it speaks again, not at every call."""
        if not trouble.is_missing:
            self._rests_until[who] = self._seconds() + REST_SECONDS
        if who not in self._told:
            self._told.add(who)
            log.warning("voice of %s: %s", who, trouble)

    def _file(self, site: Site, engine: VoiceEngine, wanted: Sentence) -> Path:
        described = engine.describes(wanted)
        said = "\n".join((site.voice.engine, described, wanted.language, wanted.text))
        return self._folder / f"{hashlib.sha256(said.encode()).hexdigest()[:40]}.wav"

    def _keep(self, file: Path, sound: Sound) -> None:
        """On a full disk the call is spoken all the same."""
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Under another name first: half a file is never found.
            half = file.with_suffix(f".{os.getpid()}")
            half.write_bytes(written(sound))
            half.replace(file)
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        found = sorted(self._folder.iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)
        size = 0
        for file in found:
            size += file.stat().st_size
            if size > MOST_KEPT_BYTES:
                file.unlink(missing_ok=True)


def _kept(file: Path) -> Sound | None:
    """The file as it was kept, and a note that it was wanted again."""
    try:
        sound = read(file.read_bytes())
        os.utime(file)
    except (NoSound, OSError):
        return None
    return sound
