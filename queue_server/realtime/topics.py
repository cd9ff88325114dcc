"""Names of the rooms that pushes go to; made here alone, from a checked identity."""

from __future__ import annotations

from queue_server.store.identities import hashed


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
    return f"session:{hashed(token)}"
