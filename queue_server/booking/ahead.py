"""Days of the next fortnight that are unlike others, as the start page announces them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from queue_server.domain.hours import DaySpans, SpecialDay, local_day
from queue_server.domain.site import Site
from queue_server.languages import Said, texts, words
from queue_server.languages.feasts import holiday_name
from queue_server.opening import days_of, special_days_of
from queue_server.store.database import Reader

DAYS_AHEAD = 14


@dataclass(frozen=True, slots=True)
class DayAhead:
    """`what` is a sentence without its full stop; `why` names the reason, if there is one."""

    what: str
    why: Said | None


def days_ahead(reader: Reader, site: Site, now: datetime, language: str) -> tuple[DayAhead, ...]:
    """Earliest first: other hours than in the week, holidays, and days with a notice."""
    spans = days_of(reader, site)
    special = special_days_of(reader, site)
    today = local_day(now, site.zone)
    days = (today + timedelta(days=offset) for offset in range(DAYS_AHEAD))
    return tuple(_unlike_others(site, days, spans, special, language))


def _unlike_others(
    site: Site,
    days: Iterator[date],
    spans: DaySpans,
    special: Mapping[date, SpecialDay],
    language: str,
) -> Iterator[DayAhead]:
    for day in days:
        decided = special.get(day)
        notice = Said(decided.notice) if decided and decided.notice else None
        if notice or spans(day) != site.hours.spans(day):
            why = notice or holiday_name(day, site.land, language)
            yield DayAhead(_sentence(day, spans, language), why)


def _sentence(day: date, spans: DaySpans, language: str) -> str:
    """`Am Donnerstag, 24. Dezember, geöffnet von 08:00 bis 10:00 Uhr`"""
    _ = texts(language).gettext
    shown = words.date_words(day, language)
    if not spans(day):
        return _("Am {day}, geschlossen").format(day=shown)
    times = words.from_to(spans(day), language)
    return _("Am {day}, geöffnet {times}").format(day=shown, times=times)
