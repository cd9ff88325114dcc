"""Days on which a site is closed: the public holidays of its Land."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from queue_server.domain.hours import Closures, never_closed


@lru_cache(maxsize=32)
def closures_of(land: str) -> Closures:
    """Whether a local day is a public holiday in the Land (`"SH"`, …); `""` has none."""
    if not land:
        return never_closed
    # Imported late: it costs tens of milliseconds that a site without a Land need not pay.
    import holidays

    days = holidays.country_holidays("DE", subdiv=land)

    @lru_cache(maxsize=4096)
    def is_closed(day: date) -> bool:
        return day in days

    return is_closed
