"""Special days: the office closes a day or changes its hours, and tells everybody who booked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from queue_server.actions.appointments import cancel_within
from queue_server.domain import events
from queue_server.domain.appointment import Appointment, is_open
from queue_server.domain.errors import BadRequest
from queue_server.domain.hours import Span, at_wall_clock, local_day, opening_spans
from queue_server.domain.site import Site
from queue_server.store import appointments, decisions
from queue_server.store.database import Reader
from queue_server.store.transaction import Store

LONGEST_NOTICE = 200


def decide_day(
    store: Store,
    site: Site,
    day: date,
    spans: Sequence[Span],
    *,
    notice: str = "",
    clerk: int,
    now: datetime,
) -> int:
    """Give a local day other hours, none to close it; returns how many appointments fall out.

    Whoever booked outside the new hours is cancelled by the office and told so. Raises
    `BadRequest` for a day that has passed, for spans that overlap or are none, and for too long
    a notice.
    """
    ordered = tuple(sorted(spans, key=lambda span: span.start))
    _check(site, day, ordered, notice, now)
    with store.transaction(site.id) as tx:
        decisions.put_special_day(tx, site.id, day, ordered, notice.strip())
        plain = tuple((span.start, span.end) for span in ordered)
        tx.record(
            events.DayDecided(at=now, site=site.id, clerk=clerk, day=day.isoformat(), spans=plain)
        )
        gone = falling_out(tx, site, day, ordered, now)
        for appointment in gone:
            cancel_within(tx, site, appointment, events.OFFICE, clerk, now)
        return len(gone)


def undecide_day(store: Store, site: Site, day: date, *, clerk: int, now: datetime) -> None:
    """Back to the usual hours; what was cancelled stays cancelled. Idempotent."""
    with store.transaction(site.id) as tx:
        if decisions.remove_special_day(tx, site.id, day):
            tx.record(
                events.DayDecided(
                    at=now, site=site.id, clerk=clerk, day=day.isoformat(), is_special=False
                )
            )


def falling_out(
    reader: Reader, site: Site, day: date, spans: Sequence[Span], now: datetime
) -> list[Appointment]:
    """The day's appointments that do not fit into the new hours."""
    start, end = at_wall_clock(day, 0, site.zone), at_wall_clock(day, 1440, site.zone)
    hours = opening_spans(lambda _: tuple(spans), day, site.zone)
    return [
        each
        for each in appointments.between(reader, site.id, start, end)
        if is_open(each, now)
        and not any(opens <= each.start_at and each.end_at <= closes for opens, closes in hours)
    ]


def _check(site: Site, day: date, spans: Sequence[Span], notice: str, now: datetime) -> None:
    today = local_day(now, site.zone)
    last = today + timedelta(days=2 * 366)
    if not today <= day <= last:
        raise BadRequest(errors=[("day", "range", f"{today}..{last}")])
    if not all(0 <= span.start < span.end <= 1440 for span in spans):
        raise BadRequest(errors=[("spans", "range", "00:00..24:00")])
    if any(after.start < before.end for before, after in zip(spans, spans[1:], strict=False)):
        raise BadRequest(errors=[("spans", "overlap", "")])
    if len(notice) > LONGEST_NOTICE:
        raise BadRequest(errors=[("notice", "too_long", str(LONGEST_NOTICE))])


def cancel_some(store: Store, site: Site, some: Sequence[int], *, clerk: int, now: datetime) -> int:
    """Appointments that the office can't keep are cancelled and told so; returns how many.

    Whoever has cancelled or come meanwhile is left alone.
    """
    with store.transaction(site.id) as tx:
        found = [appointments.get(tx, site.id, id) for id in some]
        gone = [each for each in found if is_open(each, now)]
        for each in gone:
            cancel_within(tx, site, each, events.OFFICE, clerk, now)
        return len(gone)
