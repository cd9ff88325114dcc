"""What of a call is spoken: where each language of it can be heard."""

from __future__ import annotations

from queue_server.domain.site import Site
from queue_server.queries.board import BoardCall
from queue_server.voice.sentences import languages_for
from queue_server.web.models import SpeechOut

OFF = "off"


def speech_of(site: Site, call: BoardCall) -> list[SpeechOut] | None:
    """In the order of speaking, from the first wall that speaks; None where none does."""
    speaking = (each for each in site.displays if site.voice.at(each).engine != OFF)
    display = next(speaking, None)
    if display is None:
        return None
    address = f"/display/{display.id}/calls/{call.call}.wav?language="
    return [
        SpeechOut(language=each, url=address + each)
        for each in languages_for(display, call.language)
    ]
