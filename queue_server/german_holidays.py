"""The public holidays of a Land, from the library `holidays`, of which Germany alone is read.

Asked for a country, the library reads all 250, which takes ten times as long as this one, and a
first page waits for it.
"""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

MODULE = "holidays.countries.germany"


def calendar_of(land: str, language: str | None = None) -> HolidayBase:
    """The calendar of a Land (`"SH"`, …): which days are holidays, and their names."""
    return _germany()(subdiv=land, language=language)


@cache
def _germany() -> type[HolidayBase]:
    """The library's own class. Where its files lie otherwise, it is asked as usual."""
    # Imported late: it costs tens of milliseconds that a site without a Land need not pay.
    import holidays

    file = Path(holidays.__file__).parent / "countries" / "germany.py"
    spec = importlib.util.spec_from_file_location(MODULE, file)
    if MODULE in sys.modules or spec is None or spec.loader is None or not file.exists():
        return holidays.country_holidays("DE").__class__
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    germany: type[HolidayBase] = module.Germany
    return germany
