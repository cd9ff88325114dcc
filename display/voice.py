"""Calls as sound, for the wall that shows them."""

from __future__ import annotations

from flask import Response, request

from display.frame import sites_of
from display.pages import is_paired, room
from queue_server.domain.errors import NotAllowed, NotSignedIn
from queue_server.domain.site import Display, Site
from queue_server.store import calls
from queue_server.voice.sentences import languages_for
from queue_server.web.app_context import app_context
from queue_server.web.identity import who

WAV = "audio/wav"


@room.get("/display/<id>/calls/<int:call>.wav")
def voice(id: str, call: int) -> Response:
    """A call, spoken, for the paired wall alone; 204 when it stands no more, or nothing can speak.

    With `language` only what is said in it.

    Raises `NotFound`, `NotSignedIn`, `NotAllowed`.
    """
    site, display = app_context().settings.display(id)
    if who().device is None:
        raise NotSignedIn()
    if not is_paired(id):
        raise NotAllowed()
    spoken = _spoken(site, display, call)
    answer = Response(spoken, mimetype=WAV) if spoken else Response(status=204)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _spoken(site: Site, display: Display, call: int) -> bytes | None:
    with app_context().store.snapshot() as snapshot:
        standing = {
            row["id"]: (each, row)
            for each in sites_of(site, display)
            for row in calls.standing(snapshot, each.id)
        }
    if call not in standing or not display.voice:
        return None
    (its_site, row), announcer = standing[call], app_context().announcer
    wanted = request.args.get("language")
    languages = languages_for(display, row["language"])
    if wanted is not None:
        languages = tuple(each for each in languages if each == wanted)
    return app_context().pools.voices(
        lambda: announcer.call(its_site, row["counter"], row["number"], languages)
    )
