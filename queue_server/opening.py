"""When a site is open: the week, without public holidays, with days that are unlike others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from queue_server.domain.hours import DaySpans, Span
from queue_server.domain.site import Site
from queue_server.store import special_days
from queue_server.store.database import Reader


def days_of(reader: Reader, site: Site) -> DaySpans:
    """The opening spans of any local day, as they stand now.

    What was decided at the desk goes before config.toml, a special day before a public holiday,
    and a holiday before the week.
    """
    decided = special_days.spans_of(reader, site.id)
    planned = planned_days(site)

    def spans(day: date) -> tuple[Span, ...]:
        found = decided.get(day)
        return planned(day) if found is None else found

    return spans


def planned_days(site: Site) -> DaySpans:
    """The opening spans of any local day as config.toml plans them, without the database."""
    special = {each.day: each.spans for each in site.special_days}
    is_holiday = holidays_of(site.land)

    def spans(day: date) -> tuple[Span, ...]:
        found = special.get(day)
        if found is not None:
            return found
        return () if is_holiday(day) else site.hours.spans(day)

    return spans


@lru_cache(maxsize=32)
def holidays_of(land: str) -> Callable[[date], bool]:
    """Whether a local day is a public holiday in the Land (`"SH"`, …); `""` has none."""
    if not land:
        return _never
    # Imported late: it costs tens of milliseconds that a site without a Land need not pay.
    import holidays

    days = holidays.country_holidays("DE", subdiv=land)

    @lru_cache(maxsize=4096)
    def is_holiday(day: date) -> bool:
        return day in days

    return is_holiday


def _never(day: date) -> bool:
    return False
