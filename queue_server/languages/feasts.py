"""Names of public holidays, as visitors say them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from queue_server.languages import GERMAN, Said, usable

# The calendar's own names of languages; one that it does not speak hears German.
KNOWN = {GERMAN: "de", "en": "en_US", "uk": "uk"}


@lru_cache(maxsize=1024)
def holiday_name(day: date, land: str, language: str = GERMAN) -> Said | None:
    """The public holiday on a local day in the Land (`"SH"`, …); None for an ordinary day."""
    if not land:
        return None
    # Imported late: it costs tens of milliseconds that a site without a Land need not pay.
    import holidays

    spoken = usable(language) if usable(language) in KNOWN else GERMAN
    # Without a language the calendar would speak that of the machine.
    calendar = holidays.country_holidays("DE", subdiv=land, language=KNOWN[spoken])
    name = calendar.get(day)
    return Said(name, spoken) if name else None
