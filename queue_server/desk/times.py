"""Free times as the booking form offers them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from queue_server.desk.door import Asker, text
from queue_server.domain.errors import BadRequest
from queue_server.domain.slots import Slot
from queue_server.queries import calendar

# A week is looked through first; only when nothing is free in it, the weeks after it.
WEEK_DAYS = 7
WEEKS_LOOKED_AT = 4
FURTHEST = timedelta(days=800)
NOON = 12


@dataclass(frozen=True, slots=True)
class Offer:
    """Free times of one day in local time, and the days from the wanted one that have some."""

    day: date
    days: Sequence[tuple[date, int]]
    morning: Sequence[datetime]
    afternoon: Sequence[datetime]


def offer_for(who: Asker, services: Sequence[str], persons: int) -> Offer:
    """The wanted day, or the first one after it that has something free.

    Raises `UnknownService`, `TooManyPersons`, `BadRequest`.
    """
    first = wanted_day(who)
    by_day = _by_day(_free(who, services, persons, first), who)
    day = next(iter(by_day), first)
    if (pressed := _date("other_day")) in by_day:
        day = pressed
    starts = by_day.get(day, [])
    return Offer(
        day=day,
        days=[(day, len(some)) for day, some in by_day.items()],
        morning=[start for start in starts if start.hour < NOON],
        afternoon=[start for start in starts if start.hour >= NOON],
    )


def wanted_day(who: Asker) -> date:
    """The day of the form; today when there is none. Raises `BadRequest`."""
    wanted = _date("day") or who.today
    # Beyond this the calendar itself ends.
    return wanted if abs(wanted - who.today) < FURTHEST else who.today


def wanted_start() -> datetime:
    """The pressed time. Raises `BadRequest`."""
    try:
        start = datetime.fromisoformat(text("start"))
    except ValueError:
        start = datetime.min
    if start.tzinfo is None:
        raise BadRequest(errors=[("start", "format", "")])
    return start


def _date(name: str) -> date | None:
    value = text(name)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise BadRequest(errors=[(name, "date", "JJJJ-MM-TT")]) from None


def _free(who: Asker, services: Sequence[str], persons: int, first: date) -> list[Slot]:
    for week in range(WEEKS_LOOKED_AT):
        day = first + timedelta(days=WEEK_DAYS * week)
        with who.store.snapshot() as snapshot:
            free = calendar.slots(
                snapshot, who.site, services, persons, day, WEEK_DAYS, who.now, for_clerk=True
            )
        if free:
            return free
    return []


def _by_day(free: Sequence[Slot], who: Asker) -> dict[date, list[datetime]]:
    days: dict[date, list[datetime]] = {}
    for slot in free:
        start = slot.start_at.astimezone(who.site.zone)
        days.setdefault(start.date(), []).append(start)
    return days
