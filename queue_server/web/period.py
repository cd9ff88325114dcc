"""Which days a question about the past is for: `from` and `to`, local days, both included."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from queue_server.domain.errors import BadRequest
from queue_server.queries.visits import Period

MOST_DAYS = 400
USUAL_DAYS = 7
Problems = list[tuple[str, str, str]]


def read_period(asked: Mapping[str, str], today: date) -> Period:
    """The period of `from` and `to`: the seven days up to yesterday unless told.

    Only `from`: up to yesterday, or just that day when it is later. Only `to`: the seven days up
    to it. Raises `BadRequest` for days that are none, that end before they begin, or that are too
    many.
    """
    problems: Problems = []
    first, last = (_day(asked.get(name, ""), name, problems) for name in ("from", "to"))
    if last is None:
        yesterday = today - timedelta(days=1)
        last = max(yesterday, first) if first else yesterday
    if first is None:
        first = last - timedelta(days=USUAL_DAYS - 1)
    period = Period(first, last)
    if not problems and period.days < 1:
        problems.append(("to", "range", f"ab {first:%d.%m.%Y}"))
    if not problems and period.days > MOST_DAYS:
        problems.append(("to", "range", f"höchstens {MOST_DAYS} Tage"))
    if problems:
        raise BadRequest(errors=problems)
    return period


def _day(text: str, name: str, problems: Problems) -> date | None:
    """The day, None when it is not told or, with a problem noted, is none."""
    text = text.strip()
    if not text:
        return None
    try:
        # Calendar arithmetic near the ends of time overflows.
        if not re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        problems.append((name, "date", "20JJ-MM-TT"))
        return None
