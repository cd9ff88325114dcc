"""What an office should know about its voices before anybody is called."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from queue_server.domain.site import Display, Site
from queue_server.voice.engines import ESPEAK, NO_ESPEAK, VoiceEngine, engine_for
from queue_server.voice.program import where_is
from queue_server.voice.recordings import MISSING, Recordings, missing_recordings
from queue_server.voice.sentences import GERMAN, PLAIN_GERMAN, letter_names, sentence
from queue_server.voice.sound import VoiceTrouble

UNSPOKEN = "display {id}: its languages ({languages}) are not spoken, because {why}"
VOICE_IS_OFF, ENGINE_IS_OFF = "voice = false", 'the engine of the site is "off"'


def faults(site: Site, base: Path) -> list[str]:
    """What keeps the site's calls from being spoken in a language of its displays.

    Takes seconds with an engine that hangs. That espeak-ng is not installed is no fault but a note.
    """
    engine, speaking = engine_for(site.voice, base), _speaking(site)
    if engine is None or not speaking or _lacks_espeak(site):
        return []
    found = [fault for each in _languages(speaking) for fault in _fault(site, engine, each)]
    return list(dict.fromkeys(found))


def notes(site: Site) -> Iterator[str]:
    """What is no mistake, and good to know."""
    if _speaking(site) and _lacks_espeak(site):
        yield NO_ESPEAK
    for display in site.displays:
        others = [each for each in display.languages if each != GERMAN]
        if others and display not in _speaking(site):
            why = ENGINE_IS_OFF if display.voice else VOICE_IS_OFF
            yield UNSPOKEN.format(id=display.id, languages=", ".join(others), why=why)


def _speaking(site: Site) -> list[Display]:
    return [each for each in site.displays if site.voice.at(each).engine != "off"]


def _lacks_espeak(site: Site) -> bool:
    return site.voice.engine == ESPEAK and where_is(ESPEAK) is None


def _languages(displays: list[Display]) -> list[str]:
    """German first; Leichte Sprache has the German voice."""
    spoken = [language for display in displays for language in display.languages]
    return list(dict.fromkeys([GERMAN, *spoken]))


def _fault(site: Site, engine: VoiceEngine, language: str) -> Iterator[str]:
    if isinstance(engine, Recordings):
        if missing := missing_recordings(site, engine, language):
            folder = engine.folder / language
            yield MISSING.format(names=", ".join(missing), folder=folder)
        return
    if language == PLAIN_GERMAN:
        return
    letter = (letter_names(site) or ("a",))[0].upper()
    try:
        engine.speak(sentence(site, site.counters[0].id, f"{letter} 042", language))
    except VoiceTrouble as trouble:
        yield str(trouble)
