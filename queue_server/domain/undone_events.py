"""A clerk pressed the wrong key, and what was done is undone."""

from __future__ import annotations

from dataclasses import dataclass

from queue_server.domain.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MissUndone(Event):
    """The person did come: the same call stands again, as often announced and for the same reason.

    Nothing has happened to the ticket, and nobody was called to the counter, since `TicketMissed`;
    whoever looks back may leave both out.
    """

    call: int
