"""Which events are worth a letter, and when one is no longer needed. Reads, but writes nothing."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from queue_server.domain import events
from queue_server.domain.appointment import (
    CANCELLED,
    CONFIRMED,
    PRECONFIRMED,
    Appointment,
    has_expired,
)
from queue_server.domain.events import Event
from queue_server.store import journal
from queue_server.store.database import Reader
from queue_server.store.letters import Letter, LetterKind

CAUSES: dict[type[Event], LetterKind] = {
    events.AppointmentPreconfirmed: LetterKind.CONFIRMATION,
    events.ConfirmationAsked: LetterKind.CONFIRMATION,
    events.AppointmentConfirmed: LetterKind.BOOKED,
    events.AppointmentBooked: LetterKind.BOOKED,
    events.AppointmentMoved: LetterKind.MOVED,
    events.AppointmentCancelled: LetterKind.CANCELLED_BY_OFFICE,
}
# A newer letter of the same row says all that an older one would.
SAYS_THE_SAME = (
    {LetterKind.CONFIRMATION},
    {LetterKind.BOOKED, LetterKind.MOVED, LetterKind.REMINDER},
)
DAY_BEGINS, DAY_ENDS = time(8), time(20)
# Reminded later than this before it begins, somebody may already be on the way, or not come.
LAST_REMINDER = timedelta(hours=1)


def kind_for(event: Event) -> LetterKind | None:
    """What to write after this event, None for nothing."""
    if isinstance(event, events.AppointmentCancelled) and event.by == events.HOLDER:
        return LetterKind.CANCELLED
    return CAUSES.get(type(event))


def was_told(reader: Reader, appointment: Appointment) -> bool:
    """Whether its holder was ever written to; a form that was never sent off tells nobody."""
    if appointment.state is PRECONFIRMED:
        return True
    return bool(appointment.confirmation_key) or journal.was_booked(reader, appointment.id)


def is_moot(letter: Letter, about: Appointment, now: datetime) -> bool:
    """Whether nobody needs this letter any more: things have changed, or it is over."""
    if letter.kind is LetterKind.CONFIRMATION:
        return about.state is not PRECONFIRMED or has_expired(about, now)
    if letter.kind in (LetterKind.CANCELLED, LetterKind.CANCELLED_BY_OFFICE):
        return about.state is not CANCELLED or now >= about.end_at
    if letter.kind is LetterKind.REMINDER:
        return about.state is not CONFIRMED or now >= about.start_at or _is_old(letter, about)
    return about.state is not CONFIRMED or now >= about.end_at


def is_superseded(letter: Letter, others: list[Letter]) -> bool:
    """Whether a newer letter that still waits says the same and more."""
    return any(
        {letter.kind, other.kind} <= same
        for same in SAYS_THE_SAME
        for other in others
        if other.id > letter.id and other.ended_at is None
    )


def is_time_to_remind(start_at: datetime, zone: ZoneInfo, now: datetime) -> bool:
    """From 08:00 to 20:00 local time, or at night when the morning would be too late."""
    local = now.astimezone(zone)
    if DAY_BEGINS <= local.time() < DAY_ENDS:
        return True
    day = local.date() + timedelta(days=int(local.time() >= DAY_ENDS))
    return datetime.combine(day, DAY_BEGINS, zone) > start_at - LAST_REMINDER


def _is_old(letter: Letter, about: Appointment) -> bool:
    return letter.cause != about.sequence
