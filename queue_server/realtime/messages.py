"""Every message on the wire, and the names of the rooms that pushes go to.

Clients emit the first group and get acknowledgements; the hub pushes the second. Payloads are the
models of `web/models.py`; `docs/messages.md` tells the rest. Rooms are named here alone, from a
checked identity.
"""

from __future__ import annotations

from queue_server.store.identities import hashed

# client → server, each answered by an acknowledgement
WATCH_BOARD = "watch_board"
WATCH_QUEUE = "watch_queue"
WATCH_TICKET = "watch_ticket"
ASK_WHY = "ask_why"
BEAT = "beat"
REPORT_DISPLAY = "report_display"
REPORT_KIOSK = "report_kiosk"

# server → client
BOARD = "board"
QUEUE = "queue"
PLACE = "place"
TICKET = "ticket"

ASKED = (WATCH_BOARD, WATCH_QUEUE, WATCH_TICKET, ASK_WHY, BEAT, REPORT_DISPLAY, REPORT_KIOSK)
PUSHED = (BOARD, QUEUE, PLACE, TICKET)


SESSION_TOPIC = "session:"
PROGRAM_TOPIC = "program:"


def board_topic(site: str) -> str:
    return f"board:{site}"


def queue_topic(site: str) -> str:
    return f"queue:{site}"


def crowd_topic(site: str) -> str:
    return f"crowd:{site}"


def ticket_topic(id: int) -> str:
    return f"ticket:{id}"


def session_topic(token: str) -> str:
    """All sockets of one sign-in, to be closed at sign-out."""
    return hashed_session_topic(hashed(token))


def hashed_session_topic(hash: str) -> str:
    """The same, by the hash under which the store knows the session."""
    return f"{SESSION_TOPIC}{hash}"


def program_topic(id: int) -> str:
    """All sockets of one program, to be closed when its token is revoked."""
    return f"{PROGRAM_TOPIC}{id}"


def is_right_topic(topic: object) -> bool:
    """Whether it is of everything that is watched by one right, and ends with it."""
    return isinstance(topic, str) and topic.startswith((SESSION_TOPIC, PROGRAM_TOPIC))
