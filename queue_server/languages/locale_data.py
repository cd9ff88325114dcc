"""Babel's data of a language without what our pages never show, to save memory.

A language has a megabyte of it, most of that names of units, currencies and time zones. Two more
megabytes are about all languages, territories and time zones of the world.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from queue_server.languages import locale_of, ready

NEVER_SHOWN = (
    *("unit_patterns", "unit_display_names", "compound_unit_patterns"),
    *("currency_names", "currency_names_plural", "compact_currency_formats"),
    *("meta_zones", "time_zones", "territories", "scripts", "variants"),
    *("date_fields", "interval_formats", "datetime_skeletons", "compact_decimal_formats"),
)

NEVER_ASKED = (
    *("territory_languages", "territory_currencies", "territory_zones", "zone_territories"),
    *("zone_aliases", "meta_zones", "windows_zone_mapping", "all_currencies"),
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
        _keep_only(kept.get("languages", {}), name)
    _forget_the_world()
    return name


def _forget_the_world() -> None:
    """What Babel knows beside its languages, but for what it takes to find ours."""
    from babel.core import get_global

    for part in NEVER_ASKED:
        get_global(part).clear()  # type: ignore[arg-type,attr-defined]
    _keep_only(get_global("likely_subtags"), *ready())


def _keep_only(data: Any, *languages: str) -> None:
    """Of data by language, `de` or `de_DE`, what is about these."""
    wanted = {language.partition("-")[0].partition("_")[0] for language in languages}
    for key in [key for key in data if key.partition("_")[0] not in wanted]:
        del data[key]
