"""What clients may ask over the socket. An unknown or forbidden watch joins nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import request
from flask_socketio import SocketIO, join_room

from queue_server.actions.housekeeping import report_display
from queue_server.domain.errors import BadRequest, NotAllowed, NotSignedIn, Refused
from queue_server.domain.site import Site
from queue_server.domain.ticket import Ticket
from queue_server.languages import GERMAN, usable
from queue_server.queries.outlook import place_of
from queue_server.queries.why import why_not_yet
from queue_server.realtime import messages
from queue_server.realtime.ended_rights import hang_up
from queue_server.realtime.states import board_of, queue_of
from queue_server.realtime.written import Written
from queue_server.settings import VERSION
from queue_server.store import journal, tickets
from queue_server.store.database import Reader
from queue_server.web.app_context import AppContext, app_context
from queue_server.web.devices import CAMERAS, KioskReport
from queue_server.web.identity import Identity, who_opened
from queue_server.web.models import WhyOut
from queue_server.web.reasons import why_out
from queue_server.web.serializers import brief, placed_ticket_out, plain

log = logging.getLogger(__name__)
SOUNDS = ("running", "blocked", "off")
LONGEST_VERSION = 40
Answer = dict[str, Any]


def install(socketio: SocketIO, context: AppContext) -> None:
    """Register the handlers, and hang up at sign-out."""
    socketio.on_event("connect", greet)
    socketio.on_event(messages.WATCH_BOARD, answering(watch_board))
    socketio.on_event(messages.WATCH_QUEUE, answering(watch_queue))
    socketio.on_event(messages.WATCH_TICKET, answering(watch_ticket))
    socketio.on_event(messages.ASK_WHY, answering(ask_why))
    socketio.on_event(messages.BEAT, answering(beat))
    socketio.on_event(messages.REPORT_DISPLAY, answering(report))
    socketio.on_event(messages.REPORT_KIOSK, answering(report_kiosk))
    # Past Flask-SocketIO, which takes the data of a word "*" for the socket that sent it.
    socketio.server.on("*", unknown)
    context.on_sign_out.append(lambda token: hang_up(socketio, messages.session_topic(token)))


def answering(handler: Callable[[Answer], Answer | Written]) -> Callable[..., Answer | Written]:
    """A refusal becomes the acknowledgement `{"error": code}`; so does a body that is no object."""

    @wraps(handler)
    def answer(body: Any = None, *_: Any) -> Answer | Written:
        try:
            if body is not None and not isinstance(body, dict):
                raise BadRequest(errors=[])
            return handler(body or {})
        except Refused as refusal:
            return {"error": refusal.code}

    return answer


def greet(auth: Any = None) -> None:
    """Many clients can name a token in `auth` alone; it counts like one among the headers."""
    token = auth.get("token") if isinstance(auth, dict) else None
    if isinstance(token, str) and token.isprintable() and "Authorization" not in request.headers:
        request.environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"


def watch_board(body: Answer) -> Written:
    """`{site, display?}` → the board, then every newer one."""
    site = app_context().site(_text(body, "site"))
    # A wall may show other sites than its own, but only a wall that there is shows anything.
    if body.get("display") is not None:
        app_context().settings.display(_text(body, "display"))
    join_room(messages.board_topic(site.id))
    return board_of(app_context(), site)


def watch_queue(body: Answer) -> Written:
    """`{site}` → the queue, for clerks and programs of that site, then every newer one."""
    site = app_context().site(_text(body, "site"))
    requester = _identity()
    if requester.clerk is None:
        raise NotAllowed() if requester.program else NotSignedIn()
    if requester.clerk.site != site.id:
        raise NotAllowed()
    join_room(messages.queue_topic(site.id))
    join_room(_right_of(requester))
    return queue_of(app_context(), site)


def watch_ticket(body: Answer) -> Answer:
    """`{token}` → the ticket, then `ticket` when it changes and `place` as the queue moves.

    Pushes carry no `why`: time alone changes it, too, and each page has a language of its own.
    """
    token = _text(body, "token")
    with app_context().store.snapshot() as snapshot:
        known = tickets.by_token(snapshot, token)
    site = app_context().site(known.site)
    # Join before looking: a change in between is pushed, and the newer version wins.
    join_room(messages.ticket_topic(known.id))
    join_room(messages.crowd_topic(site.id))
    told = app_context().forecasts.of(site, known)
    with app_context().store.snapshot() as snapshot:
        ticket = tickets.by_token(snapshot, token)
        place = place_of(snapshot, site, ticket, app_context().now(), told)
        version = journal.version(snapshot, site.id)
        why = _why(snapshot, site, ticket, body)
    return brief(placed_ticket_out(site, ticket, place, why=why)) | {"version": version}


def ask_why(body: Answer) -> Answer:
    """`{token, language?}` → why it is not this ticket's turn yet, in that language."""
    token = _text(body, "token")
    with app_context().store.snapshot() as snapshot:
        ticket = tickets.by_token(snapshot, token)
        why = _why(snapshot, app_context().site(ticket.site), ticket, body)
    return {"why": plain(why) if why else None}


def beat(body: Answer) -> Answer:
    """A heartbeat: the page knows within seconds that the line is dead."""
    return {"at": _local_now()}


def report(body: Answer) -> Answer:
    """`{sound, version}` from a paired display: the office learns of a wall that can't be heard,
    or that shows an old page."""
    device = _identity().device
    if device is None:
        raise NotSignedIn()
    sound = body.get("sound")
    if sound is not None and sound not in SOUNDS:
        raise BadRequest(errors=[("sound", "unknown", str(sound))])
    version = _text({"version": "", **body}, "version")
    if len(version) > LONGEST_VERSION:
        raise BadRequest(errors=[("version", "too_long", str(LONGEST_VERSION))])
    context = app_context()
    report_display(context.store, device, sound, now=context.now())
    context.display_versions.heard(device.place, version)
    return {"at": _local_now()}


def report_kiosk(body: Answer) -> Answer:
    """`{version, camera}` from a paired kiosk → the server's version: after an update the page
    loads itself anew."""
    device = _identity().device
    if device is None or device.role != "kiosk":
        raise NotSignedIn()
    version, camera = _text(body, "version"), _text(body, "camera")
    if camera not in CAMERAS or len(version) > LONGEST_VERSION:
        raise BadRequest(errors=[("camera", "unknown", "")])
    context = app_context()
    context.kiosks.report(device.place, KioskReport(context.now(), version, camera))
    return {"at": _local_now(), "version": VERSION}


def unknown(*_: Any) -> Answer:
    """A message that does not exist: logged, answered, otherwise ignored."""
    log.info("unknown socket message")
    return {"error": "unknown_message"}


def _identity() -> Identity:
    """Looked up for every watch: a session may have ended since the socket was opened."""
    return who_opened(app_context(), request.cookies, request.headers.get("Authorization"))


def _right_of(requester: Identity) -> str:
    """The topic of everything that is watched by this right, and ends with it."""
    if requester.session is not None:
        return messages.session_topic(requester.session)
    assert requester.program is not None
    return messages.program_topic(requester.program.id)


def _why(reader: Reader, site: Site, ticket: Ticket, body: Answer) -> WhyOut | None:
    """Why not yet, in the language that the page asks in, or in German."""
    wanted, now = body.get("language"), app_context().now()
    language = usable(wanted) if isinstance(wanted, str) else GERMAN
    return why_out(why_not_yet(reader, site, ticket, now), site, now, language)


def _text(body: Answer, field: str) -> str:
    value = body.get(field)
    # A lone surrogate is JSON, but no text that could be looked up.
    if not isinstance(value, str) or not value.isprintable():
        raise BadRequest(errors=[(field, "missing", "")])
    return value


def _local_now() -> str:
    return app_context().now().astimezone(app_context().settings.sites[0].zone).isoformat()
