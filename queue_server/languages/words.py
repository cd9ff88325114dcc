"""Plain words for visitors: times, ranges, places in the queue. Pure; times are local.

Every function takes the language it speaks; its sentences stand in the catalogues, the names of
days and months come from Babel.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from queue_server.domain.hours import Span
from queue_server.domain.waiting import Range
from queue_server.languages import GERMAN, direction, marked, texts, usable
from queue_server.languages.locale_data import babel_locale

# A blank that never ends a line: "24. November" and "10:15 Uhr" stay together.
NO_BREAK = "\N{NO-BREAK SPACE}"
# What no line may end within: "A 015", "10:15 Uhr", "24. November", "Mo 23.11.", "30 Minuten"
WHOLE = re.compile(
    r"(?<![A-Z])[A-Z] (?=\d{3}(?!\d))|\d:\d\d (?=Uhr)|\d\. (?=[^\W\d])|[^\W\d] (?=\d\d\.\d\d\.)"
    r"|\d (?=[Mm]inute|Stunde|hour|saat)"
)
# From this width on a range alone leaves people wondering.
WIDE_MINUTES = 10
_DAY_AND_MONTH = re.compile(r"(?<=\{day\}) |(?<=\{day\}\.) |(?<=\{month\}) (?=\{day\})")
NEARLY_A_WEEK = timedelta(days=7)
# The arrow on the wall display, for somebody who sits in front of it.
WAYS = {
    "left": marked("vom Wartebereich aus links"),
    "right": marked("vom Wartebereich aus rechts"),
    "straight": marked("vom Wartebereich aus geradeaus"),
    "up": marked("ein Stockwerk höher"),
    "down": marked("ein Stockwerk tiefer"),
}


@dataclass(frozen=True, slots=True)
class Count:
    """A number of things in words, and what a page that stays open says of other numbers."""

    text: str
    none: str
    forms: Mapping[str, str]

    def __str__(self) -> str:
        return self.text


def minutes(count: int, language: str = GERMAN) -> str:
    """`1 Minute`, `25 Minuten`, `1 Stunde`, `1 Std. 5 Min.`"""
    said = texts(language)
    hours, rest = divmod(count, 60)
    if count < 60:
        text = said.ngettext("{count} Minute", "{count} Minuten", count)
    elif rest == 0:
        text = said.ngettext("{hours} Stunde", "{hours} Stunden", hours)
    else:
        text = said.gettext("{hours} Std. {minutes} Min.").replace(" ", NO_BREAK)
    return _with_units(text).format(count=count, hours=hours, minutes=rest)


def span(range_: Range | None, language: str = GERMAN) -> str:
    """`15 bis 25 Minuten`; empty when nothing can be said."""
    if range_ is None:
        return ""
    low, high = range_.low_minutes, range_.high_minutes
    said = texts(language)
    if low == high > 0:
        return minutes(high, language)
    if low < 1:
        return said.gettext("höchstens {time}").format(time=minutes(high, language))
    shown = str(low) if high < 60 else minutes(low, language)
    return said.gettext("{low} bis {high}").format(low=shown, high=minutes(high, language))


def likely(range_: Range | None, language: str = GERMAN) -> str:
    """`meist etwa 20 Minuten`; empty where the range itself is narrow enough, or none is known."""
    if range_ is None or range_.high_minutes - range_.low_minutes < WIDE_MINUTES:
        return ""
    time = minutes(range_.likely_minutes, language)
    return texts(language).gettext("meist etwa {time}").format(time=time)


def counted(count: int, none: str, one: str, many: str, language: str = GERMAN) -> str:
    """The sentence for this number of things; `one` and `many` have a place for `{count}`."""
    said = texts(language)
    if count == 0:
        return said.gettext(none) if none else ""
    return said.ngettext(one, many, count).format(count=count)


def count_of(count: int, none: str, one: str, many: str, language: str = GERMAN) -> Count:
    """The same for a page on which the number changes while it is open."""
    said = texts(language)
    text = counted(count, none, one, many, language)
    return Count(text, said.gettext(none) if none else "", forms(one, many, language))


def day(moment: datetime, zone: ZoneInfo, language: str = GERMAN) -> str:
    """`Montag, 8. Juni`"""
    return date_words(moment.astimezone(zone).date(), language)


def short_day(moment: datetime, zone: ZoneInfo, language: str = GERMAN) -> str:
    """`Mo 08.06.`"""
    from babel.dates import format_date

    # Translators: a pattern of dates as in Unicode's CLDR: weekday, day, month, all of them short.
    pattern = texts(language).gettext("ccc dd.MM.")
    return format_date(moment.astimezone(zone).date(), pattern, locale=babel_locale(language))


def date_words(local: date, language: str = GERMAN) -> str:
    """`Montag, 8. Juni`"""
    # A line may end after the weekday, but not within the day of the month.
    text = _DAY_AND_MONTH.sub(NO_BREAK, texts(language).gettext("{weekday}, {day}. {month}"))
    months = _names("month", language)
    return text.format(
        weekday=weekday(local.weekday(), language), day=local.day, month=months[local.month]
    )


def weekday(index: int, language: str = GERMAN) -> str:
    """`Montag` for 0"""
    return _names("day", language)[index]


def short_weekday(local: date, language: str = GERMAN) -> str:
    """`Mo`"""
    from babel.dates import format_date

    return format_date(local, "cccccc", locale=babel_locale(language)).rstrip(".")


def date_time(moment: datetime, zone: ZoneInfo, language: str = GERMAN) -> str:
    """`08.06.2026, 10:15 Uhr`"""
    from babel.dates import format_date

    # Translators: a pattern of dates as in Unicode's CLDR: day, month, year, all of them numbers.
    pattern = texts(language).gettext("dd.MM.yyyy")
    day = format_date(moment.astimezone(zone).date(), pattern, locale=babel_locale(language))
    time = clock(moment, zone, language)
    return texts(language).gettext("{day}, {time}").format(day=day, time=time)


def clock(moment: datetime, zone: ZoneInfo, language: str = GERMAN) -> str:
    """`10:15 Uhr`"""
    return _o_clock(f"{moment.astimezone(zone):%H:%M}", language)


def no_break(text: str) -> str:
    """The text with ticket numbers, times and days of the month that no line ends within."""
    return WHOLE.sub(lambda found: found[0].replace(" ", NO_BREAK), text)


def way(direction: str, language: str = GERMAN) -> str:
    """How to get to a counter from the waiting area; empty for an unknown arrow."""
    return texts(language).gettext(WAYS[direction]) if direction in WAYS else ""


def opening(
    opens_at: datetime | None,
    closes_at: datetime | None,
    zone: ZoneInfo,
    now: datetime,
    language: str = GERMAN,
) -> str:
    """`geöffnet bis 12:00 Uhr`, `geschlossen, öffnet am Montag um 08:00 Uhr`."""
    said = texts(language)
    if closes_at is not None:
        return _closes(closes_at, zone, now, language)
    if opens_at is None:
        return said.gettext("geschlossen")
    return said.gettext("geschlossen, öffnet {day} um {time}").format(
        day=_soon(opens_at, zone, now, language), time=clock(opens_at, zone, language)
    )


def spans(of_a_day: tuple[Span, ...], language: str = GERMAN) -> str:
    """`08:00–12:00 und 14:00–18:00 Uhr`"""
    said = texts(language)
    if not of_a_day:
        return said.gettext("geschlossen")
    if of_a_day == (Span(0, 24 * 60),):
        return no_break(said.gettext("rund um die Uhr"))
    times = [f"{_wall_clock(span.start)}–{_wall_clock(span.end)}" for span in of_a_day]
    return _o_clock(listed(times, language), language)


def from_to(of_a_day: tuple[Span, ...], language: str = GERMAN) -> str:
    """`von 08:00 bis 12:00 Uhr`, within a sentence."""
    text = texts(language).gettext("von {start} bis {end}")
    times = [
        text.format(start=_wall_clock(span.start), end=_o_clock(_wall_clock(span.end), language))
        for span in of_a_day
    ]
    return listed(times, language)


def listed(parts: list[str], language: str = GERMAN) -> str:
    """`Ausweis, Foto und Urkunde`"""
    *first, last = parts or [""]
    if not first:
        return last
    text = texts(language).gettext("{first} und {last}")
    return text.format(first=comma(language).join(first), last=last)


def comma(language: str = GERMAN) -> str:
    """What separates the parts of a list; Arabic script has its own comma."""
    return "، " if direction(language) == "rtl" else ", "


@cache
def forms(one: str, many: str, language: str = GERMAN) -> Mapping[str, str]:
    """The plural forms of a sentence by the names that JavaScript's `Intl.PluralRules` uses."""
    said = texts(language)
    found = {_category(count, language): said.ngettext(one, many, count) for count in range(200)}
    # Fractions and very large numbers may ask for it, where whole small ones never do.
    return {"other": said.ngettext(one, many, 200)} | found


def for_scripts(language: str = GERMAN) -> Mapping[str, Any]:
    """The words with which a page that stays open speaks of times, as `words.js` expects them."""
    said = texts(language)
    return {
        "language": usable(language),
        "minutes": _each_with_unit(forms("{count} Minute", "{count} Minuten", language)),
        "hours": _each_with_unit(forms("{hours} Stunde", "{hours} Stunden", language)),
        "hours_minutes": said.gettext("{hours} Std. {minutes} Min.").replace(" ", NO_BREAK),
        "at_most": said.gettext("höchstens {time}"),
        "range": said.gettext("{low} bis {high}"),
        "likely": said.gettext("meist etwa {time}"),
        "wide_minutes": WIDE_MINUTES,
        "clock": said.gettext("{time} Uhr").replace(" ", NO_BREAK),
    }


def _each_with_unit(texts_by_form: Mapping[str, str]) -> Mapping[str, str]:
    return {form: _with_units(text) for form, text in texts_by_form.items()}


def _with_units(text: str) -> str:
    """The text with the place of every number and its unit in one line."""
    return text.replace("} ", f"}}{NO_BREAK}")


def _closes(closes_at: datetime, zone: ZoneInfo, now: datetime, language: str) -> str:
    local = closes_at.astimezone(zone)
    today = now.astimezone(zone).date()
    is_midnight = (local.hour, local.minute) == (0, 0)
    said = texts(language)
    if local.date() == today:
        shown = f"{local:%H:%M}"
    elif local.date() == today + timedelta(days=1) and local.hour < 8:
        shown = "24:00" if is_midnight else f"{local:%H:%M}"
    else:
        return no_break(said.gettext("durchgehend geöffnet"))
    return said.gettext("geöffnet bis {time}").format(time=_o_clock(shown, language))


def _soon(moment: datetime, zone: ZoneInfo, now: datetime, language: str) -> str:
    local, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    said = texts(language)
    if local == today:
        return said.gettext("heute")
    if local == today + timedelta(days=1):
        return said.gettext("morgen")
    is_near = local - today < NEARLY_A_WEEK
    shown = weekday(local.weekday(), language) if is_near else date_words(local, language)
    return said.gettext("am {day}").format(day=shown)


def _o_clock(time: str, language: str) -> str:
    return texts(language).gettext("{time} Uhr").replace(" ", NO_BREAK).format(time=time)


def _wall_clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


@cache
def _names(kind: str, language: str) -> Mapping[int, str]:
    """Weekdays from 0 (Monday) or months from 1, as they stand in a date."""
    from babel.dates import get_day_names, get_month_names

    names = get_day_names if kind == "day" else get_month_names
    return names("wide", "format", babel_locale(language))


def _category(count: int, language: str) -> str:
    from babel import Locale

    return str(Locale.parse(babel_locale(language)).plural_form(count))
