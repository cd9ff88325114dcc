"""What a day needed is given back once the day is over, so that an office never grows with weeks.

That is pages of the database that were read, what refers to itself in a circle, and the free memory
between what lives on. All of it is had again as soon as somebody asks.
"""

from __future__ import annotations

from datetime import date, datetime

from queue_server import garbage
from queue_server.domain.hours import local_day, open_until
from queue_server.opening import days_of
from queue_server.web.app_context import AppContext


class Nights:
    """Every server of a database has nights of its own; an office that never closes has none."""

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._day: date = self._today(context.now())

    def look(self) -> bool:
        """Give back, the first time after midnight that every site is closed; whether it was."""
        now = self._context.now()
        today = self._today(now)
        if today == self._day or self._is_anybody_here(now):
            return False
        self._day = today
        give_back(self._context)
        return True

    def _today(self, now: datetime) -> date:
        return local_day(now, self._context.settings.sites[0].zone)

    def _is_anybody_here(self, now: datetime) -> bool:
        with self._context.store.snapshot() as snapshot:
            return any(
                open_until(days_of(snapshot, site), site.zone, now) is not None
                for site in self._context.settings.sites
            )


def give_back(context: AppContext) -> None:
    """Everybody waits meanwhile: for a tenth of a second, more on a machine with other work."""
    context.store.forget_pages()
    garbage.give_back()
