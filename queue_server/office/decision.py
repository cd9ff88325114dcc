"""What the form about a day says: which day, closed or which hours, and why in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from queue_server.domain.hours import Span
from queue_server.office.door import Asker, text

PAIRS = (1, 2)
CLOSED, OTHER = "closed", "other"
LONGEST_NOTICE = 200
FURTHEST = timedelta(days=2 * 366)
MIDNIGHT = 24 * 60
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")

Errors = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Decision:
    """A local day with its new hours, none of them when closed; `errors` name field and fault."""

    day: date | None
    spans: tuple[Span, ...]
    notice: str
    errors: Sequence[tuple[str, str]]


def read_decision(who: Asker) -> Decision:
    """The decision of the form, or what is wrong with it."""
    day, errors = _day(who)
    spans, wrong_spans = _spans() if text("open") == OTHER else ((), [])
    notice = text("notice")
    too_long = len(notice) > LONGEST_NOTICE
    wrong_notice = [("notice", f"Höchstens {LONGEST_NOTICE} Zeichen.")] if too_long else []
    return Decision(day, spans, notice, [*errors, *wrong_spans, *wrong_notice])


def day_named(value: str) -> date | None:
    """A local day as an address or a form names it; None when it is none."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def clock(minutes: int) -> str:
    """Minutes after midnight as the form shows them; the end of the day is 00:00."""
    hour, minute = divmod(minutes % MIDNIGHT, 60)
    return f"{hour:02d}:{minute:02d}"


def _day(who: Asker) -> tuple[date | None, Errors]:
    day = day_named(text("day"))
    if day is None:
        return None, [("day", "Bitte wählen Sie einen Tag.")]
    if not who.today <= day <= who.today + FURTHEST:
        return None, [("day", "Bitte wählen Sie heute oder einen späteren Tag.")]
    return day, []


def _spans() -> tuple[tuple[Span, ...], Errors]:
    """The filled pairs in their order."""
    spans: list[Span] = []
    for pair in PAIRS:
        opens, closes = text(f"from-{pair}"), text(f"to-{pair}")
        if not (opens or closes):
            continue
        start, end = _minutes(opens), _minutes(closes)
        if start is None or end is None:
            return (), [(f"from-{pair}", "Bitte geben Sie beide Uhrzeiten an, zum Beispiel 08:00.")]
        # A clock shows midnight as 00:00; as an end it is the end of the day.
        end = end or MIDNIGHT
        if start >= end:
            return (), [(f"to-{pair}", "Das Ende muss nach dem Anfang liegen.")]
        spans.append(Span(start, end))
    return _ordered(spans)


def _ordered(spans: list[Span]) -> tuple[tuple[Span, ...], Errors]:
    ordered = sorted(spans, key=lambda span: span.start)
    if not ordered:
        return (), [
            ("from-1", "Bitte geben Sie die Öffnungszeiten an, oder schließen Sie den Tag.")
        ]
    if any(late.start < early.end for early, late in zip(ordered, ordered[1:], strict=False)):
        return (), [("from-2", "Die Zeiten überschneiden sich.")]
    return tuple(ordered), []


def _minutes(clock: str) -> int | None:
    found = CLOCK.fullmatch(clock)
    return int(found[1]) * 60 + int(found[2]) if found else None
