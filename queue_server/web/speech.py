"""What of a call is spoken: where each language of it can be heard."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.site import Site, VoiceRules
from queue_server.queries.board import BoardCall
from queue_server.voice.sentences import languages_for
from queue_server.web.models import SpeechOut

OFF = "off"


def speech_of(site: Site, call: BoardCall) -> list[SpeechOut] | None:
    """In the order of speaking, from the first wall that speaks; None where none does.

    It is about the last announcement: what is called in quiet hours is spoken by nobody later.
    """
    at = call.at.astimezone(site.zone)
    speaking = (each for each in site.displays if _speaks(site.voice.at(each), at))
    display = next(speaking, None)
    if display is None:
        return None
    address = f"/display/{display.id}/calls/{call.call}.wav?language="
    return [
        SpeechOut(language=each, url=address + each)
        for each in languages_for(display, call.language)
    ]


def _speaks(voice: VoiceRules, at: datetime) -> bool:
    minute = at.hour * 60 + at.minute
    is_quiet = any(span.start <= minute < span.end for span in voice.quiet)
    return voice.engine != OFF and voice.volume > 0 and not is_quiet
