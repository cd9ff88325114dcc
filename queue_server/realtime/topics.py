"""Names of the rooms that pushes go to; made here alone, from a checked identity."""

from __future__ import annotations

from queue_server.store.identities import hashed

SESSION = "session:"


def board(site: str) -> str:
    return f"board:{site}"


def queue(site: str) -> str:
    return f"queue:{site}"


def crowd(site: str) -> str:
    return f"crowd:{site}"


def ticket(id: int) -> str:
    return f"ticket:{id}"


def session(token: str) -> str:
    """All sockets of one sign-in, to be hung up at sign-out."""
    return f"{SESSION}{hashed(token)}"


def is_session(topic: object) -> bool:
    return isinstance(topic, str) and topic.startswith(SESSION)


def session_hash(topic: str) -> str:
    """The hash under which the store knows the session of this topic."""
    return topic.removeprefix(SESSION)
