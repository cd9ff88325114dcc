"""What the start page says where no numbers are given out: why, and who decided it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from queue_server.domain.errors import NotIssuing
from queue_server.domain.site import Site
from queue_server.languages import Said
from queue_server.queries.stops import Issuing
from queue_server.web import wording

# Closed and closing stand in the opening hours, and by appointment only stands beside the service.
TOLD = frozenset({"stopped", "quota"})


@dataclass(frozen=True, slots=True)
class NoNumbers:
    """A sentence in the visitor's language, what a clerk said in the clerk's own words, and from
    when there are numbers again."""

    sentence: str
    reason: Said | None
    again: str


def no_numbers(
    refusal: NotIssuing | None, site: Site, now: datetime, language: str
) -> NoNumbers | None:
    """None while there are numbers, or where the page says it elsewhere."""
    if refusal is None or refusal.facts["why"] not in TOLD:
        return None
    reason = str(refusal.facts.get("reason", ""))
    # The clerk's words are German, so they stand apart from the translated sentences.
    whole = NotIssuing(**{**refusal.facts, "reason": ""}) if reason else refusal
    first = NotIssuing(**{**whole.facts, "opens_at": None})
    both, sentence = (wording.sentence(each, site.zone, now, language) for each in (whole, first))
    again = both.removeprefix(sentence).strip()
    return NoNumbers(sentence, Said(reason) if reason else None, again)


def stopped_services(
    given: Issuing, site: Site, now: datetime, language: str
) -> Mapping[str, NoNumbers]:
    """By service, where there are numbers for others."""
    if given.refusal is not None:
        return {}
    told = {
        each.service.id: no_numbers(each.refusal, site, now, language) for each in given.services
    }
    return {service: words for service, words in told.items() if words}
