"""Why a day of the calendar is unlike others: closed, a holiday, or what the office says."""

from __future__ import annotations

from datetime import date

from queue_server.domain.site import Site
from queue_server.languages import Said
from queue_server.languages.feasts import holiday_name
from queue_server.opening import days_of, special_days_of
from queue_server.store.database import Reader


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
        if decided and decided.notice:
            return Said(decided.notice)
        is_holiday = self.is_closed(day) and not decided
        return holiday_name(day, self._site.land, self._language) if is_holiday else None
