"""What would have happened under another rule, with other counters or other opening hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from flask import Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict
from pydantic_core import PydanticCustomError

from queue_server.api.blueprint import YEARS, Asked, Body, answer, endpoint
from queue_server.api.statistics import SpreadOut
from queue_server.domain.errors import BadRequest
from queue_server.domain.hours import local_day
from queue_server.history.replay.comparison import Variation
from queue_server.history.replay.variations import OtherHours
from queue_server.history.replay.what_if import LONGEST_DAYS, told, what_if


def _iso(value: Any) -> Any:
    if not isinstance(value, str):
        raise PydanticCustomError("type", "not a text")
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("format", "not a date") from None
    if found.year not in YEARS:
        raise PydanticCustomError("format", "out of range")
    return found


Day = Annotated[date, Strict(False), BeforeValidator(_iso)]


class WhatIf(Body):
    """Local days, both included, and what is different; whatever is left out stays as it was."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    rule: Literal["due_first", "strict", "arrival", "accumulating"] | None = None
    busy_from_minutes: int | None = Field(default=None, ge=0, le=480)
    guard_after_minutes: int | None = Field(default=None, ge=0, le=480)
    guard_every: int | None = Field(default=None, ge=2, le=100)
    ratio: float | None = Field(default=None, ge=1, le=100)
    counters: Literal[-1, 0, 1] = 0
    opens_earlier_minutes: int = Field(default=0, ge=-240, le=240)
    closes_later_minutes: int = Field(default=0, ge=-240, le=240)

    def change(self) -> Variation:
        names = ("rule", "busy_from_minutes", "guard_after_minutes", "guard_every", "ratio")
        given = {name: getattr(self, name) for name in names}
        rules = {name: value for name, value in given.items() if value is not None}
        hours = OtherHours(self.opens_earlier_minutes, self.closes_later_minutes)
        return Variation(rules, self.counters, hours)


class ClassOut(BaseModel):
    """People of a class: waits in minutes, shares within so many minutes, overtakings."""

    people: int
    called: int
    wait: SpreadOut
    within: dict[str, float | None]
    overtaken: SpreadOut


class WorldOut(BaseModel):
    """One world. `overtime_minutes` is work after closing, in the mean of the days."""

    appointment: ClassOut
    walk_in: ClassOut
    all: ClassOut
    calls: int
    unserved: int
    refused: int
    overtime_minutes: float


class DifferenceOut(BaseModel):
    at: datetime
    counter: str
    ticket: str
    number: str | None = None
    why: str
    expected: str | None = None


class CounterClosedOut(BaseModel):
    counter: str
    name: str
    days: int


class MovedPersonOut(BaseModel):
    day: date
    number: str
    kind: str
    actual: float | None = None
    what_if: float | None = None


class MovedOut(BaseModel):
    sooner: int
    later: int
    same: int
    only_in_what_if: int
    only_in_actual: int
    most: list[MovedPersonOut]


class DayOut(BaseModel):
    day: date
    people: int
    actual: float
    what_if: float


class WhatIfOut(BaseModel):
    """`identical` says whether replaying the unchanged days gave the real order of calls."""

    model_config = ConfigDict(serialize_by_alias=True)

    from_: date = Field(alias="from")
    to: date
    identical: bool
    days: int
    actual: WorldOut
    what_if: WorldOut
    differences: list[DifferenceOut]
    difference_count: int
    counters_closed: list[CounterClosedOut]
    moved: MovedOut
    per_day: list[DayOut]


@endpoint(
    "POST",
    "/sites/<site>/what-if",
    who="lead",
    body=WhatIf,
    answers={200: WhatIfOut},
    is_hidden=True,
)
def play_again(asked: Asked, body: WhatIf) -> Response:
    """Real days replayed under another rule, with other counters or opening hours."""
    _check_days(body, local_day(asked.now, asked.site.zone))
    days = (body.first, body.last)

    def work() -> dict[str, Any]:
        with asked.store.snapshot() as snapshot:
            comparison = what_if(snapshot, asked.site, *days, body.change(), now=asked.now)
        return told(comparison, asked.site, *days)

    return answer(WhatIfOut.model_validate(asked.context.pools.reports(work)), whole=True)


def _check_days(wanted: WhatIf, today: date) -> None:
    """Some real days, none of them to come. Raises `BadRequest`."""
    if wanted.first > today:
        raise BadRequest(errors=[("from", "too_large", today.isoformat())])
    if wanted.last < wanted.first:
        raise BadRequest(errors=[("to", "too_small", wanted.first.isoformat())])
    longest = wanted.first + timedelta(days=LONGEST_DAYS - 1)
    if wanted.last > longest:
        raise BadRequest(errors=[("to", "too_large", longest.isoformat())])
