"""Reading Germany alone changes no holiday, and reads no other country."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import holidays
import pytest
from babel import Locale

from queue_server.german_holidays import calendar_of
from queue_server.languages import CALENDAR_LANGUAGES, EASY_GERMAN, OWN_NAMES
from queue_server.settings.schema_site import LANDS

YEARS = range(2024, 2036)
ALONE = """
import sys
from datetime import date
from queue_server.german_holidays import calendar_of
print(calendar_of("SH", "de")[date(2026, 10, 31)], "holidays.countries" in sys.modules)
"""


def named(calendar: holidays.HolidayBase) -> dict[date, str]:
    """Every holiday of these years; calendars fill themselves when they are asked."""
    for year in YEARS:
        calendar.get(date(year, 1, 1))
    return dict(calendar)


@pytest.mark.parametrize("land", LANDS)
def test_holidays_of_every_land_are_those_of_the_library(land: str) -> None:
    usual = holidays.country_holidays("DE", subdiv=land, language="de")

    assert named(calendar_of(land, "de")) == named(usual)
    assert len(usual) > 8 * len(YEARS)


@pytest.mark.parametrize("language", CALENDAR_LANGUAGES.values())
def test_and_they_have_its_names_in_every_language(language: str) -> None:
    usual = holidays.country_holidays("DE", subdiv="BY", language=language)

    assert named(calendar_of("BY", language)) == named(usual)


def test_no_other_country_is_read() -> None:
    told = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True)

    assert told.stdout == "Reformationstag False\n", told.stderr


@pytest.mark.parametrize("language", [each for each in OWN_NAMES if each != EASY_GERMAN])
def test_languages_are_called_as_babel_calls_them(language: str) -> None:
    found = Locale.parse(language).get_language_name(language)
    assert found and OWN_NAMES[language] == found.capitalize()
