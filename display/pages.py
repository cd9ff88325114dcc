"""The wall display in the waiting room: a public page with numbers and places, never a name.

The paired wall also gets its calls as sound.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from display.boards import ShownBoard, joined
from display.frame import frame_of, sites_of
from display.information import pages_of
from display.words import again, spoken_by
from queue_server.domain.errors import NotAllowed, NotFound, NotSignedIn
from queue_server.domain.hours import local_day
from queue_server.domain.site import Display, Site
from queue_server.queries.board import board
from queue_server.store import calls
from queue_server.voice.sentences import languages_for
from queue_server.web import errors, theme
from queue_server.web.app_context import app_context
from queue_server.web.identity import keep_paired, who
from queue_server.web.models import BoardOut
from queue_server.web.serializers import board_out

room = Blueprint(
    "display",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/display",
)
room.after_request(keep_paired)
# A wall that finds another value here than in its own page reloads itself.
PAGE_HEADER = "Aufruf-Page"
WAV = "audio/wav"


@room.get("/display/<id>")
def wall(id: str) -> Response:
    """The wall with its first board, so that it can be read before any script has run.

    Raises `NotFound`.
    """
    context = app_context()
    site, display = context.settings.display(id)
    frame = frame_of(site, display, local_day(context.now(), site.zone))
    first = joined(display, [(each, _board(each)) for each in sites_of(site, display)])
    page = make_response(
        render_template(
            "display/wall.html",
            frame=frame,
            zone=site.zone,
            board=first,
            say=frame.sayings[frame.languages[0]],
            again=_again(site, first, frame.languages[0]),
            slots=first.slots(frame.rows),
            is_paired=is_paired(id),
        )
    )
    page.headers[PAGE_HEADER] = frame.fingerprint
    return page


@room.get("/display/<id>/pictures/<int:place>")
def picture(id: str, place: int) -> Response:
    """The picture of a page of information. Raises `NotFound`."""
    context = app_context()
    site, display = context.settings.display(id)
    today = local_day(context.now(), site.zone)
    pages = pages_of(site, display, today, spoken_by(display.languages))
    found = next((page for page in pages if page.place == place), None)
    if found is None:
        raise NotFound(picture=str(place))
    return theme.picture(found.picture)


@room.errorhandler(Exception)
def trouble(error: Exception) -> Response:
    """A wall that can't be shown says so in large letters and tries again: nobody touches it."""
    answer = errors.answer(error)
    if answer.status_code >= 500 and request.endpoint == "display.wall":
        answer.set_data(render_template("display/trouble.html"))
    return answer


def is_paired(display: str) -> bool:
    """Whether the asking browser is this very wall."""
    device = who().device
    return device is not None and (device.role, device.place) == ("display", display)


def _board(site: Site) -> BoardOut:
    context = app_context()
    with context.store.snapshot() as snapshot:
        return board_out(site, board(snapshot, site, context.now()))


def _again(site: Site, first: ShownBoard, language: str) -> str:
    opens_at = first.stop.opens_at if first.stop else None
    return again(opens_at, site.zone, app_context().now(), language) if opens_at else ""


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
