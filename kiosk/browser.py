"""What the kiosk's browser needs beside its pages: its size, a page without server, a voice."""

from __future__ import annotations

from flask import Response, make_response, render_template, request

from kiosk.blueprint import kiosk_request, room
from queue_server.domain.errors import NotFound
from queue_server.languages import Said, marked, ready, texts, usable
from queue_server.languages.hyphenation import hardened
from queue_server.voice.reading import LONGEST_TEXT, read_aloud
from queue_server.web.app_context import app_context

WHAT_TO_DO = marked(
    "Dieses Terminal hat gerade keine Verbindung. Bitte wenden Sie sich an unsere Mitarbeiterinnen "
    "und Mitarbeiter. Wer schon eine Nummer hat, behält sie."
)


@room.get("/kiosk/<kiosk>/screen.css")
def screen(kiosk: str) -> Response:
    """`--screen-mm`, the diagonal in millimetres: the width of a fingertip follows from it."""
    asked = kiosk_request(kiosk)
    rule = f":root {{ --screen-mm: {asked.kiosk.screen_mm:.1f}; }}\n"
    return Response(rule, mimetype="text/css")


@room.get("/kiosk/<kiosk>/away")
def away(kiosk: str) -> str:
    """What to do, in every language at once: nobody can choose one then."""
    asked = kiosk_request(kiosk)
    said = [Said(texts(each).gettext(WHAT_TO_DO), each) for each in ready()]
    return render_template("kiosk/away.html", home=asked.home, said=said)


@room.get("/static/kiosk/away-worker.js")
def away_worker() -> Response:
    """The worker that shows it; it looks after pages that do not stand beside it."""
    answer = make_response(room.send_static_file("away-worker.js"))
    answer.headers["Service-Worker-Allowed"] = "/kiosk/"
    return answer


@room.post("/kiosk/<kiosk>/speech")
def speech(kiosk: str) -> Response:
    """`text` in `language` as a WAV file; 204 when there is no voice, or a later text to speak.

    Nothing of it is kept.

    Raises `NotFound` where the kiosk is not to speak.
    """
    asked, context = kiosk_request(kiosk), app_context()
    if not asked.kiosk.speech:
        raise NotFound()
    text = hardened(request.form.get("text", ""))[:LONGEST_TEXT]
    language = usable(request.form.get("language", ""))
    base = context.settings.path.parent
    # One sentence at a time for each kiosk: others read aloud as well. Whoever goes on by arrow key
    # faster than it speaks wants to hear the last one, and nobody listens to those before it.
    with context.turns.newest(f"speech {asked.kiosk.id}") as is_wanted:
        if not is_wanted:
            return Response(status=204)
        sound = context.pools.reading_aloud(lambda: read_aloud(asked.site, base, text, language))
    return Response(sound, mimetype="audio/wav") if sound else Response(status=204)
