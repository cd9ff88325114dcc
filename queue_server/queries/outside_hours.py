"""Appointments that other opening hours would leave outside."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.appointment import Appointment, is_open
from queue_server.domain.hours import DaySpans, local_day, opening_spans
from queue_server.domain.site import Site
from queue_server.opening import days_of
from queue_server.queries.in_use import FURTHEST
from queue_server.store import appointments
from queue_server.store.database import Reader


def outside_hours(reader: Reader, old: Site, new: Site, now: datetime) -> list[Appointment]:
    """Open appointments to come that fit into the old hours and not into the new ones."""
    was, will = days_of(reader, old), days_of(reader, new)
    coming = appointments.between(reader, new.id, now, now + FURTHEST)
    return [
        each
        for each in coming
        if is_open(each, now) and _fits(old, was, each) and not _fits(new, will, each)
    ]


def _fits(site: Site, days: DaySpans, one: Appointment) -> bool:
    hours = opening_spans(days, local_day(one.start_at, site.zone), site.zone)
    return any(opens <= one.start_at and one.end_at <= closes for opens, closes in hours)
