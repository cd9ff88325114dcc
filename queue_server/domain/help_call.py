"""A clerk's silent call for help: colleagues come and look. It is no certified alarm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.domain.event import Event

# Nobody need end it: a forgotten call for help would hide the next one.
ENDS_AFTER = timedelta(minutes=10)
# How it ended: `by` of its event.
ALL_CLEAR, LEFT, RAN_OUT = "all_clear", "left", "ran_out"


@dataclass(frozen=True, slots=True)
class HelpCall:
    """Who calls since when, and from which counter; "" away from all counters.

    `coming` is the name of the first colleague who said that they come; None as long as nobody has.
    """

    clerk: int
    clerk_name: str
    site: str
    counter: str
    called_at: datetime
    coming: str | None = None

    def stands(self, now: datetime) -> bool:
        """Whether it still counts. A clock that was set ends it, too."""
        return abs(now - self.called_at) < ENDS_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpCalled(Event):
    """A clerk calls colleagues for help, silently."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpAnswered(Event):
    """`clerk` was the first to say that they come to `caller`."""

    caller: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpEnded(Event):
    """`caller`'s call for help is over; `by` is `all_clear` (said by `clerk`), `left` or `ran_out`.

    `left` is the counter closed or the caller signed out.
    """

    caller: int
    by: str
