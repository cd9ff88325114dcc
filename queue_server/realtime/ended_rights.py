"""Whoever has lost the right to watch is hung up on."""

from __future__ import annotations

from datetime import datetime

from flask_socketio import SocketIO

from queue_server.actions import staff
from queue_server.realtime import messages
from queue_server.store import api_tokens
from queue_server.store.database import Reader
from queue_server.web.app_context import AppContext


def hang_up(socketio: SocketIO, topic: str) -> None:
    """End every socket of this topic; its page reconnects and learns that it is signed out."""
    for socket, _ in list(socketio.server.manager.get_participants("/", topic)):
        socketio.server.disconnect(socket)


def hang_up_ended(socketio: SocketIO, context: AppContext) -> None:
    """End sockets whose right has ended elsewhere: sessions and tokens of programs."""
    rooms = socketio.server.manager.rooms.get("/", {})
    # Looked for first: whoever comes meanwhile may have signed in after the snapshot.
    topics = [room for room in rooms if messages.is_right_topic(room)]
    with context.store.snapshot() as snapshot:
        going_on = _topics_going_on(snapshot, context.now())
    for topic in topics:
        if topic not in going_on:
            hang_up(socketio, topic)


def _topics_going_on(reader: Reader, now: datetime) -> set[str]:
    sessions, programs = staff.sessions_going_on(reader, now), api_tokens.of_site(reader)
    return {
        *map(messages.hashed_session_topic, sessions),
        *(messages.program_topic(program.id) for program in programs),
    }
