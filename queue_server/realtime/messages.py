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
    return f"{SESSION_TOPIC}{hashed(token)}"


def is_session_topic(topic: object) -> bool:
    return isinstance(topic, str) and topic.startswith(SESSION_TOPIC)


def session_hash(topic: str) -> str:
    """The hash under which the store knows the session of this topic."""
    return topic.removeprefix(SESSION_TOPIC)
