"""The check-in terminal where people arrive: draw a number, or check in with a Termincode.

Every page is plain HTML with real links and forms; the scripts beside it only make it faster and
keep it standing when the line is cut.
"""

from __future__ import annotations

from datetime import date

from flask import Response, make_response, request

from kiosk import bookings, check_ins, next_free, offer, refusals, tickets
from kiosk.blueprint import kiosk_request, room, show, spoken
from queue_server.domain.errors import NotFound
from queue_server.domain.hours import local_day
from queue_server.domain.site import Site
from queue_server.languages import Said, holiday_name, usable
from queue_server.languages.hyphenation import hardened
from queue_server.languages.office_texts import own_words
from queue_server.opening import notice_of
from queue_server.queries.outlook import outlook
from queue_server.store.database import Reader
from queue_server.voice.reading import LONGEST_TEXT, read_aloud
from queue_server.web.app_context import app_context
from queue_server.web.language import current

__all__ = ["bookings", "check_ins", "next_free", "room", "tickets"]

refusals.install(room)


@room.get("/kiosk/<kiosk>")
def home(kiosk: str) -> str:
    """The first page: check in, or choose what you come for."""
    asked = kiosk_request(kiosk)
    now, told = app_context().now(), app_context().forecasts.of(asked.site)
    with app_context().store.snapshot() as snapshot:
        groups = offer.groups(snapshot, asked.site, now)
        today = outlook(snapshot, asked.site, now, told)
        closed = offer.why_not_issuing(snapshot, asked.site, now)
        notice = _notice(snapshot, asked.site, local_day(now, asked.site.zone))
    return show(
        "home",
        asked,
        groups=groups,
        outlook=today,
        needs_groups=offer.needs_groups(asked.site),
        notice=notice,
        refusal=spoken(asked, closed),
        closed=closed.facts["why"] if closed else "",
        booking=next_free.anything(asked) if closed else None,
    )


@room.get("/kiosk/<kiosk>/groups/<letter>")
def group(kiosk: str, letter: str) -> str:
    """The services of a group: one touch draws the number."""
    asked = kiosk_request(kiosk)
    now, told = app_context().now(), app_context().forecasts.of(asked.site)
    with app_context().store.snapshot() as snapshot:
        found = offer.group(snapshot, asked.site, letter, now)
        wait = offer.usual_wait(outlook(snapshot, asked.site, now, told), found.offered)
        closed = offer.why_not_issuing(snapshot, asked.site, now)
    return show(
        "group",
        asked,
        group=found,
        wait=wait,
        refusal=spoken(asked, closed),
    )


@room.get("/kiosk/<kiosk>/several")
def several(kiosk: str) -> str:
    """Several concerns or several persons in one visit."""
    return refusals.several_page(kiosk_request(kiosk))


def _notice(reader: Reader, site: Site, day: date) -> Said | None:
    """What the office says about today; on a public holiday its name."""
    said = notice_of(reader, site, day)
    if said:
        return own_words(site, said, current())
    return holiday_name(day, site.land, current())


@room.get("/kiosk/<kiosk>/screen.css")
def screen(kiosk: str) -> Response:
    """`--screen-mm`, the diagonal in millimetres: the width of a fingertip follows from it."""
    asked = kiosk_request(kiosk)
    rule = f":root {{ --screen-mm: {asked.kiosk.screen_mm:.1f}; }}\n"
    return Response(rule, mimetype="text/css")


@room.get("/kiosk/<kiosk>/away")
def away(kiosk: str) -> str:
    """The page for a missing server, for the browser to keep."""
    return refusals.away_page(kiosk_request(kiosk))


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
