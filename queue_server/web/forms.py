"""What forms, addresses and queries say, read in the same way by every room.

What can't be read is a `BadRequest` that names the field, or None where the room says it in words
of its own.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import cast

from flask import request

from queue_server.domain.errors import BadRequest
from queue_server.domain.timestamps import written
from queue_server.history.visits import Period
from queue_server.web.app_context import app_context

LONGEST_FIELD = 500
LONGEST_KEY = 100
MOST_CHOSEN = 50
# An id of as many digits fits into the database.
MOST_DIGITS = 18
TOKEN_BYTES = 16
# Calendar arithmetic near the ends of time overflows.
OUR_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
ANY_DAY = re.compile(r".*")
MOST_DAYS = 400
USUAL_DAYS = 7

Problem = tuple[str, str, str]
"""A field, the code of what is wrong with it (`web/wording.py`), and the limit it broke."""


def text(name: str, longest: int = LONGEST_FIELD) -> str:
    """A field without blanks around it; empty when missing. Raises `BadRequest` when too long."""
    value = request.values.get(name, "").strip()
    if len(value) > longest:
        raise BadRequest(errors=[(name, "too_long", str(longest))])
    return value


def many(name: str) -> tuple[str, ...]:
    """All filled fields of this name, each once, in their order."""
    return tuple(dict.fromkeys(filter(None, request.values.getlist(name))))[:MOST_CHOSEN]


def whole(value: str, digits: int = MOST_DIGITS) -> int | None:
    """A whole number of so many plain digits at most; None for anything else."""
    is_number = value.isascii() and value.isdigit() and len(value) <= digits
    return int(value) if is_number else None


def number(name: str) -> int:
    """A whole number. Raises `BadRequest`."""
    found = whole(text(name))
    if found is None:
        raise BadRequest(errors=[(name, "missing", "")])
    return found


def persons() -> int:
    """The size of a party, one unless the form says more. Raises `BadRequest`."""
    found = whole(request.form.get("persons", "1"), 2)
    if found is None:
        raise BadRequest(errors=[("persons", "unknown", "")])
    return found


def day(value: str) -> date | None:
    """A local day as a browser writes it; None when it is none."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def day_or_none(name: str, value: str, form: re.Pattern[str] = OUR_DAY) -> date | None:
    """The day that a field says, None when it says nothing. Raises `BadRequest`."""
    found = day(value) if form.fullmatch(value) else None
    if value and found is None:
        raise BadRequest(errors=[(name, "date", "20JJ-MM-TT")])
    return found


def start() -> datetime:
    """The chosen time. Raises `BadRequest`."""
    found = written(text("start"))
    if found is None:
        raise BadRequest(errors=[("start", "format", "")])
    return found


def problems(refusal: BadRequest) -> list[Problem]:
    """What is wrong, field by field."""
    return cast(list[Problem], refusal.facts.get("errors", []))


# -- sent twice is done once -------------------------------------------------------------------


def new_key() -> str:
    """A key for one showing of a form."""
    return secrets.token_urlsafe(16)


def key() -> str:
    """The form's key; empty for a form without one. Raises `BadRequest`."""
    return text("key", LONGEST_KEY)


def form_token(sender: object) -> str:
    """The token of what this form makes for its sender; empty for a form without a key.

    Made of the one-time key and of all that the form says: sent again it makes the same, and
    whoever goes back and fills it in for somebody else makes another. Signed, so that what stands
    in the page does not tell the token.
    """
    if not key():
        return ""
    said = json.dumps([sender, sorted(request.form.items(multi=True))])
    digest = hmac.digest(app_context().proof_secret.encode(), said.encode(), "sha256")
    return urlsafe_b64encode(digest[:TOKEN_BYTES]).decode().rstrip("=")


# -- days of the past --------------------------------------------------------------------------


def read_period(asked: Mapping[str, str], today: date) -> Period:
    """The local days `from` to `to`, both included: the seven up to yesterday unless told.

    Only `from`: up to yesterday, or just that day when it is later. Only `to`: the seven days up
    to it. Raises `BadRequest` for days that are none, that end before they begin, or that are too
    many.
    """
    wrong: list[Problem] = []
    first, last = (_noted(asked, name, wrong) for name in ("from", "to"))
    if last is None:
        yesterday = today - timedelta(days=1)
        last = max(yesterday, first) if first else yesterday
    if first is None:
        first = last - timedelta(days=USUAL_DAYS - 1)
    period = Period(first, last)
    if not wrong and period.days < 1:
        wrong.append(("to", "range", f"ab {first:%d.%m.%Y}"))
    if not wrong and period.days > MOST_DAYS:
        wrong.append(("to", "range", f"höchstens {MOST_DAYS} Tage"))
    if wrong:
        raise BadRequest(errors=wrong)
    return period


def _noted(asked: Mapping[str, str], name: str, wrong: list[Problem]) -> date | None:
    try:
        return day_or_none(name, asked.get(name, "").strip())
    except BadRequest as refusal:
        wrong += problems(refusal)
        return None
