"""Engine.IO with admission control: who may open a socket, what it may send, how it ends.

Five ways of the library are changed here, each within what it lets its users replace:
its `disconnect` waits until the client has fetched everything, which a hostile client never does,
and so a worker's place was gone for good; it hands every packet on unread; it counts nobody;
it keeps for ever whatever a client does not fetch, and for half a minute whoever has left.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterable
from typing import Any, Protocol
from urllib.parse import parse_qs

import engineio
from engineio.packet import Packet
from flask_socketio import SocketIO
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request

from queue_server.realtime.admission import LONGEST_PACKET, Admission, packets_of
from queue_server.realtime.pings import USUAL, Pings
from queue_server.store.identities import hashed
from queue_server.web import limits, mistakes
from queue_server.web.app_context import AppContext
from queue_server.web.identity import DEVICE_COOKIE, SESSION_COOKIE, who_opened

log = logging.getLogger(__name__)
Environ = dict[str, Any]
StartResponse = Callable[..., Any]
MOST_UNSENT = 64
"""Packets that wait for one client: some seconds of pushes to a desk."""
REFUSED = ("400 BAD REQUEST", [("Content-Type", "text/plain")])


class Line(Protocol):
    """The open WebSocket of a session."""

    def send_now(self, frame: bytes) -> bool: ...

    def cut(self) -> None: ...


class GuardedEngine(engineio.Server):  # type: ignore[misc]
    """The library's server; what stands here is set by `guard`."""

    lines: dict[str, Line]
    pings: Pings
    admission: Admission
    admit: Callable[[str, Environ], bool]

    def handle_request(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """As the library's, but a body is read and judged here first."""
        if environ["REQUEST_METHOD"] == "POST":
            session = _session_of(environ)
            body = _acceptable_body(environ)
            if not self._may_send(session, body):
                self.disconnect(session)
                return _refuse(start_response)
            environ["wsgi.input"] = io.BytesIO(body.encode())
            environ["CONTENT_LENGTH"] = str(len(body.encode()))
        answer: Iterable[bytes] = super().handle_request(environ, start_response)
        return answer

    def disconnect(self, sid: str | None = None) -> None:
        """End this session now, or all of them; what was not fetched yet is dropped."""
        for ending in [sid] if sid is not None else list(self.sockets):
            if socket := self.sockets.pop(ending, None):
                socket.close(wait=False, reason=self.reason.SERVER_DISCONNECT)

    def write_now(self, sid: str, frame: bytes) -> bool:
        """Whether this frame has left past the queue; only when nothing older is on its way."""
        line, socket = self.lines.get(sid), self.sockets.get(sid)
        if line is None or socket is None or not socket.upgraded:
            return False
        is_idle = not (socket.closing or socket.closed) and socket.queue.empty()
        return is_idle and line.send_now(frame)

    def send_packet(self, sid: str, pkt: Packet) -> None:
        """As the library's, but clients that do not fetch what waits for them are cut off.

        Every push is a whole state, so a page that comes back has lost nothing.
        """
        socket = self.sockets.get(sid)
        if socket is not None and socket.queue.qsize() >= MOST_UNSENT:
            line = self.lines.get(sid)
            self.disconnect(sid)
            if line is not None:
                line.cut()
        else:
            super().send_packet(sid, pkt)

    def start_background_task(self, target: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """As the library's, but those who wait to ask for a sign of life wait together."""
        if getattr(target, "__name__", "") == USUAL:
            return self.pings.expect(target.__self__.sid)  # type: ignore[attr-defined]
        return super().start_background_task(target, *args, **options)

    def _unauthorized(self, message: str | None = None) -> dict[str, Any]:
        """The library's answer to whoever was not admitted."""
        return {
            "status": "429 TOO MANY REQUESTS",
            "headers": [("Content-Type", "text/plain"), ("Retry-After", "10")],
            "response": b"too many sockets",
        }

    def _may_send(self, session: str, body: str) -> bool:
        packets = packets_of(body)
        known = self.admission.session(session)
        if packets is None:
            mistakes.note("a socket message could not be read")
        if packets is None or known is None:
            return False
        return known.messages.spend(len(packets))

    def _trigger_event(self, event: str, *args: Any, **options: Any) -> Any:
        if event == "connect" and not self.admit(*args):
            return False
        if event == "disconnect":
            return self._forget(*args, **options)
        known = self.admission.session(args[0]) if event == "message" else None
        if known is None:
            return super()._trigger_event(event, *args, **options)
        with known.lane.turn():
            return super()._trigger_event(event, *args, **options)

    def _forget(self, session: str, *args: Any, **options: Any) -> Any:
        """Whoever has left, once everybody has heard of it."""
        self.admission.leave(session)
        try:
            return super()._trigger_event("disconnect", session, *args, **options)
        finally:
            self.sockets.pop(session, None)


def guard(socketio: SocketIO, context: AppContext, websocket: type | None = None) -> None:
    """Put admission control before this server, with a WebSocket driver of our own when given."""
    engine = socketio.server.eio
    # Flask-SocketIO names the class of its server itself, so the finished one is made ours.
    engine.__class__ = GuardedEngine
    engine.lines, engine.pings = {}, Pings(engine)
    engine.admission = Admission(context.settings.realtime.sockets_per_address)
    engine.admit = _admitting(engine.admission, context)
    if websocket is not None:
        engine._async = {**engine._async, "websocket": websocket}


def _admitting(admission: Admission, context: AppContext) -> Callable[[str, Environ], bool]:
    def admit(session: str, environ: Environ) -> bool:
        name = _signed_in(context, Request(environ))
        client = name or limits.at(environ.get("REMOTE_ADDR") or "local").name
        return admission.enter(session, client, anonymous=name is None)

    return admit


def _signed_in(context: AppContext, opening: Request) -> str | None:
    """A name for the sign-in, program or device that opens a socket; None for everybody else."""
    cookies, authorization = opening.cookies, opening.headers.get("Authorization")
    if not (cookies.get(SESSION_COOKIE) or cookies.get(DEVICE_COOKIE) or authorization):
        return None
    requester = who_opened(context, cookies, authorization)
    if requester.session is not None:
        return f"session {hashed(requester.session)}"
    if requester.program is not None:
        return f"program {requester.program.id}"
    return f"device {requester.device.id}" if requester.device is not None else None


def _session_of(environ: Environ) -> str:
    query: str = environ.get("QUERY_STRING", "")
    return parse_qs(query).get("sid", [""])[0]


def _acceptable_body(environ: Environ) -> str:
    """The body; empty, which is no packet, when it is too long, too slow or no text."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LONGEST_PACKET:
        return ""
    try:
        body: bytes = environ["wsgi.input"].read(int(length))
        return body.decode()
    except (UnicodeDecodeError, OSError, HTTPException):
        return ""


def _refuse(start_response: StartResponse) -> Iterable[bytes]:
    start_response(*REFUSED)
    return [b"refused"]
