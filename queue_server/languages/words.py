"""Plain German for visitors: times, ranges, places in the queue. Pure; times are local."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from queue_server.domain.hours import Span
from queue_server.domain.waiting import Range

WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
# A blank that never ends a line: "24. November" and "10:15 Uhr" stay together.
FIRM = "\N{NO-BREAK SPACE}"
NEARLY_A_WEEK = timedelta(days=7)
# The arrow on the wall display, for somebody who sits in front of it.
WAYS = {
    "left": "vom Wartebereich aus links",
    "right": "vom Wartebereich aus rechts",
    "straight": "vom Wartebereich aus geradeaus",
    "up": "ein Stockwerk höher",
    "down": "ein Stockwerk tiefer",
}


def minutes(count: int) -> str:
    """`1 Minute`, `25 Minuten`, `1 Std. 5 Min.`"""
    if count == 1:
        return "1 Minute"
    if count < 60:
        return f"{count} Minuten"
    hours, rest = divmod(count, 60)
    return f"{hours} Std." + (f" {rest} Min." if rest else "")


def span(range_: Range | None) -> str:
    """`15 bis 25 Minuten`; empty when nothing can be said."""
    if range_ is None:
        return ""
    low, high = range_.low_minutes, range_.high_minutes
    if low < 1:
        return f"höchstens {minutes(high)}"
    return f"{low} bis {minutes(high)}" if high < 60 else f"{minutes(low)} bis {minutes(high)}"


def counted(count: int, none: str, one: str, many: str) -> str:
    """The sentence for this number of things; `many` has a place for it."""
    return none if count == 0 else one if count == 1 else many.replace("#", str(count))


def day(moment: datetime, zone: ZoneInfo) -> str:
    """`Montag, 8. Juni`"""
    return date_words(moment.astimezone(zone).date())


def date_words(local: date) -> str:
    return f"{WEEKDAYS[local.weekday()]}, {local.day}.{FIRM}{MONTHS[local.month - 1]}"


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """`10:15 Uhr`"""
    return f"{moment.astimezone(zone):%H:%M}{FIRM}Uhr"


def opening(
    opens_at: datetime | None, closes_at: datetime | None, zone: ZoneInfo, now: datetime
) -> str:
    """`geöffnet bis 12:00 Uhr`, `geschlossen, öffnet Montag um 08:00 Uhr`."""
    if closes_at is not None:
        return _closes(closes_at, zone, now)
    if opens_at is None:
        return "geschlossen"
    return f"geschlossen, öffnet {_soon(opens_at, zone, now)} um {clock(opens_at, zone)}"


def spans(of_a_day: tuple[Span, ...]) -> str:
    """`08:00–12:00 und 14:00–18:00 Uhr`"""
    if not of_a_day:
        return "geschlossen"
    if of_a_day == (Span(0, 24 * 60),):
        return "rund um die Uhr"
    times = [f"{_wall_clock(span.start)}–{_wall_clock(span.end)}" for span in of_a_day]
    return " und ".join(times) + " Uhr"


def _closes(closes_at: datetime, zone: ZoneInfo, now: datetime) -> str:
    local = closes_at.astimezone(zone)
    today = now.astimezone(zone).date()
    if local.date() == today:
        return f"geöffnet bis {local:%H:%M}{FIRM}Uhr"
    if local.date() == today + timedelta(days=1) and local.hour < 8:
        shown = "24:00" if (local.hour, local.minute) == (0, 0) else f"{local:%H:%M}"
        return f"geöffnet bis {shown}{FIRM}Uhr"
    return "durchgehend geöffnet"


def _soon(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    local, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    if local == today:
        return "heute"
    if local == today + timedelta(days=1):
        return "morgen"
    return WEEKDAYS[local.weekday()] if local - today < NEARLY_A_WEEK else f"am {date_words(local)}"


def _wall_clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
