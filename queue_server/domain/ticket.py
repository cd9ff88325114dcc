"""A ticket: one person's place in today's queue, and the state changes it allows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from queue_server.domain.errors import MoveRefused


class Kind(StrEnum):
    """How the person came: with an appointment or without."""

    WALK_IN = "walk_in"
    APPOINTMENT = "appointment"


class RankClass(IntEnum):
    """Three lines in which people overtake nobody; the calling rule chooses among their heads."""

    PRECEDENCE = 0
    APPOINTMENT = 1
    OTHERS = 2


class TicketState(StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    SERVED = "served"
    PARKED = "parked"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


WAITING, CALLED, SERVING = TicketState.WAITING, TicketState.CALLED, TicketState.SERVING
SERVED, PARKED = TicketState.SERVED, TicketState.PARKED
NO_SHOW, CANCELLED = TicketState.NO_SHOW, TicketState.CANCELLED

# The one table of moves. Whoever wants to know whether a move is allowed looks here.
MOVES: dict[TicketState, frozenset[TicketState]] = {
    WAITING: frozenset({CALLED, PARKED, CANCELLED}),
    CALLED: frozenset({CALLED, SERVING, NO_SHOW, PARKED, WAITING, CANCELLED}),
    SERVING: frozenset({SERVED, PARKED, WAITING}),
    PARKED: frozenset({WAITING, CALLED, CANCELLED}),
    NO_SHOW: frozenset({WAITING, CALLED, CANCELLED}),
    SERVED: frozenset(),
    CANCELLED: frozenset(),
}

MINUTE = timedelta(minutes=1)
# So long others go before somebody who asked for a few minutes more.
POSTPONEMENT = timedelta(minutes=5)
AT_COUNTER = frozenset({CALLED, SERVING})
# Whose documents are still to be looked at; in service the clerk has seen them.
NOT_SERVED_YET = frozenset({WAITING, CALLED, PARKED})
ALIVE = frozenset({WAITING, CALLED, SERVING, PARKED, NO_SHOW})
PRECEDENCE_REASONS = frozenset({"mobility", "small_child", "our_mistake", "emergency", "other"})


@dataclass(frozen=True, slots=True)
class Ticket:
    """All that the rules need to know of one ticket. Times are aware UTC datetimes.

    `issued_at` is when the person arrived (drew the number or checked in) and never changes;
    `due_at` is the appointment's slot. `is_late` marks an appointment checked in after the grace
    time: it ranks like a walk-in who came at the slot. `bound_to` is the only counter that may
    call the ticket, after a transfer to it. `held_until` is the recall lock-out of a returning
    no-show, or the time that somebody asked for; `is_postponed` says that they have asked: once.
    `coming_to` is the call of which the holder said that they are on their way. `calls` counts
    calls and recalls of the present call. `missing` are the documents to bring that the visitor
    said are not there.
    """

    id: int
    site: str
    number: str
    kind: Kind
    state: TicketState
    services: tuple[str, ...]
    persons: int
    issued_at: datetime
    token: str
    language: str = "de"
    due_at: datetime | None = None
    is_late: bool = False
    appointment: int | None = None
    counter: str | None = None
    call: int | None = None
    calls: int = 0
    called_at: datetime | None = None
    serving_at: datetime | None = None
    bound_to: str | None = None
    precedence: str | None = None
    held_until: datetime | None = None
    missing: tuple[str, ...] = ()
    is_postponed: bool = False
    coming_to: int | None = None

    @property
    def is_coming(self) -> bool:
        """Whether the holder has said so of the standing call."""
        return self.call is not None and self.coming_to == self.call

    @property
    def came_at(self) -> datetime:
        """The place in the order of arrival: the slot, or the arrival of a walk-in."""
        return self.due_at or self.issued_at

    @property
    def waits_since(self) -> datetime:
        """Waiting counts from max(slot, check-in) for an appointment, else from the arrival."""
        return max(self.due_at, self.issued_at) if self.due_at else self.issued_at

    @property
    def rank_class(self) -> RankClass:
        """The line the person is in: precedence, appointments, or everybody else."""
        if self.precedence is not None:
            return RankClass.PRECEDENCE
        on_time = self.kind is Kind.APPOINTMENT and not self.is_late
        return RankClass.APPOINTMENT if on_time else RankClass.OTHERS

    def check_move(self, to: TicketState) -> None:
        """Raise `MoveRefused` when the table of moves does not know this one."""
        if to not in MOVES[self.state]:
            raise MoveRefused(number=self.number, state=self.state, to=to)

    def with_missing(self, documents: tuple[str, ...]) -> Ticket:
        """The ticket of somebody without these documents; none of them when all are there.

        Raises `MoveRefused` once the person is served, gone or not found.
        """
        if self.state not in NOT_SERVED_YET:
            raise MoveRefused(number=self.number, state=self.state, to=self.state)
        return replace(self, missing=documents)


def waited_minutes(ticket: Ticket, now: datetime) -> int:
    """Whole minutes waited so far; 0 for an appointment that is not due yet."""
    return max(0, (now - ticket.waits_since) // MINUTE)
