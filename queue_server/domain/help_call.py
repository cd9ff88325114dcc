"""A clerk's silent call for help: colleagues come and look. It is no certified alarm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

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
