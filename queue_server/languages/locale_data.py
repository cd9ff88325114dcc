"""Babel's data of a language without what no page of ours shows: it would stay in memory for ever.

A language has a megabyte of it, most of that names of units, currencies and time zones.
"""

from __future__ import annotations

from functools import cache

from queue_server.languages import locale_of

NEVER_SHOWN = (
    *("unit_patterns", "unit_display_names", "compound_unit_patterns"),
    *("currency_names", "currency_names_plural", "compact_currency_formats"),
    *("meta_zones", "time_zones", "territories", "scripts", "variants"),
    *("date_fields", "interval_formats", "datetime_skeletons", "compact_decimal_formats"),
)


@cache
def babel_locale(language: str) -> str:
    """What Babel calls a usable language; from here on its data is in memory, and only what is
    shown of it."""
    # Imported late: it costs tens of milliseconds that a command without dates need not pay.
    from babel import localedata

    name = locale_of(language)
    # Every language is first read as a copy of the one that it comes from.
    for each in ("root", name):
        kept = localedata.load(each)
        for part in NEVER_SHOWN:
            kept.pop(part, None)
    return name
