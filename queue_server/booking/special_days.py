"""Days that are unlike others: announced on the start page, and marked in the calendar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from queue_server.domain.hours import DaySpans, SpecialDay, local_day
from queue_server.domain.site import Site
from queue_server.languages import Said, holiday_name, texts, words
from queue_server.languages.office_texts import own_words
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
        notice = _said_of(decided, site, language)
        if notice or spans(day) != site.hours.spans(day):
            why = notice or holiday_name(day, site.land, language)
            yield DayAhead(_sentence(day, spans, language), why)


def _said_of(decided: SpecialDay | None, site: Site, language: str) -> Said | None:
    if decided is None or not decided.notice:
        return None
    return own_words(site, decided.notice, language)


def _sentence(day: date, spans: DaySpans, language: str) -> str:
    """`Am Donnerstag, 24. Dezember, geöffnet von 08:00 bis 10:00 Uhr`"""
    _ = texts(language).gettext
    shown = words.date_words(day, language)
    if not spans(day):
        return _("Am {day}, geschlossen").format(day=shown)
    times = words.from_to(spans(day), language)
    return _("Am {day}, geöffnet {times}").format(day=shown, times=times)


class DayNotes:
    """Opening days of a site with what there is to say about them, in a language."""

    def __init__(self, reader: Reader, site: Site, language: str) -> None:
        self._site, self._language = site, language
        self._spans = days_of(reader, site)
        self._special = special_days_of(reader, site)

    def is_closed(self, day: date) -> bool:
        return not self._spans(day)

    def note(self, day: date) -> Said | None:
        """The office's own notice of the day; otherwise the holiday that closes it."""
        decided = self._special.get(day)
        if said := _said_of(decided, self._site, self._language):
            return said
        is_holiday = self.is_closed(day) and not decided
        return holiday_name(day, self._site.land, self._language) if is_holiday else None
