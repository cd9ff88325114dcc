"""When a site is open: the weekly hours, public holidays and special days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache

from queue_server.domain.hours import DaySpans, Span, SpecialDay
from queue_server.domain.site import Site
from queue_server.german_holidays import calendar_of
from queue_server.store import decisions
from queue_server.store.database import Reader


def days_of(reader: Reader, site: Site) -> DaySpans:
    """The opening spans of any local day, as they stand now.

    What was decided at the desk goes before config.toml, a special day before a public holiday,
    and a holiday before the week.
    """
    return _days(site, special_days_of(reader, site))


def planned_days(site: Site) -> DaySpans:
    """The opening spans of any local day as config.toml plans them, without the database."""
    return _days(site, {each.day: each for each in site.special_days})


def special_days_of(reader: Reader, site: Site) -> dict[date, SpecialDay]:
    """Special days by date; the office's decision replaces config.toml's."""
    planned = {each.day: each for each in site.special_days}
    return planned | {each.day: each for each in decisions.special_days(reader, site.id)}


def notice_of(reader: Reader, site: Site, day: date) -> str:
    """The notice to visitors about a special day; empty for any other day.

    Whoever decides a day at the desk may leave config.toml's words as they are.
    """
    decided = decisions.special_days(reader, site.id)
    told = (each.notice for each in (*decided, *site.special_days) if each.day == day)
    return next(filter(None, told), "")


def _days(site: Site, special: Mapping[date, SpecialDay]) -> DaySpans:
    is_holiday = holidays_of(site.land)

    def spans(day: date) -> tuple[Span, ...]:
        found = special.get(day)
        if found is not None:
            return found.spans
        return () if is_holiday(day) else site.hours.spans(day)

    return spans


@lru_cache(maxsize=32)
def holidays_of(land: str) -> Callable[[date], bool]:
    """Whether a local day is a public holiday in the Land (`"SH"`, …); `""` has none."""
    if not land:
        return _never
    days = calendar_of(land)

    @lru_cache(maxsize=4096)
    def is_holiday(day: date) -> bool:
        return day in days

    return is_holiday


def _never(day: date) -> bool:
    return False
