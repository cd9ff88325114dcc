"""Reading a page aloud: any sentence, spoken once and kept nowhere."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from queue_server.domain.codes import ALPHABET
from queue_server.domain.site import Site
from queue_server.voice.engines import PIPER, Espeak, VoiceEngine, engine_for
from queue_server.voice.sentences import Sentence
from queue_server.voice.sound import VoiceTrouble, written
from queue_server.voice.spoken import said_letter, said_number

log = logging.getLogger(__name__)
LONGEST_TEXT = 450
"""Characters: a long paragraph, spoken in half a minute."""
TICKET_NUMBER = re.compile(r"\b[A-Z] [0-9]{3}\b")
TERMINCODE = re.compile(rf"\b[{ALPHABET}]{{3}}(?:-[{ALPHABET}]{{3}}){{2}}\b")


def read_aloud(site: Site, base: Path, text: str, language: str) -> bytes | None:
    """The text as a WAV file; None when nothing can be spoken. Blocks: call it in a thread.

    Calls that are recorded or off say nothing about reading: then espeak-ng reads.
    """
    words = readable(text, language)
    if not words:
        return None
    try:
        return written(_engine(site, base).speak(Sentence(language, words)))
    except VoiceTrouble as trouble:
        log.info("reading aloud in %s: %s", language, trouble)
        return None


def readable(text: str, language: str) -> str:
    """As it is spoken: on one line, numbers of tickets as in a call, Termincodes sign by sign."""
    words = " ".join(text.split())
    words = TERMINCODE.sub(lambda found: _sign_by_sign(found[0], language), words)
    return TICKET_NUMBER.sub(lambda found: said_number(found[0], language), words)


def _sign_by_sign(code: str, language: str) -> str:
    """ "7K2-M4X-9PQ" is "7 K 2, M 4 X, 9 P Q"."""
    parts = code.split("-")
    return ", ".join(" ".join(said_letter(sign, language) for sign in part) for part in parts)


def _engine(site: Site, base: Path) -> VoiceEngine:
    engine = engine_for(site.voice, base) if site.voice.engine == PIPER else None
    return engine or Espeak(site.voice)
