"""What the head of office sees at a glance: now, bookings ahead, devices, personal data kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from queue_server.domain.hours import Span, at_wall_clock, local_day
from queue_server.domain.kiosk import Kiosk
from queue_server.domain.site import Display, Site
from queue_server.domain.ticket import TicketState, waited_minutes
from queue_server.forecast.forecast import Forecast
from queue_server.opening import days_of
from queue_server.store import counters, identities, people, tickets
from queue_server.store.database import Reader, milliseconds, optional_moment
from queue_server.store.identities import Device

# A display reports every five minutes; whoever misses three of them is not there.
DISPLAY_GONE_AFTER = timedelta(minutes=16)
BOOKED = ("confirmed", "checked_in", "missed")
UNCONFIRMED = ("reserved", "preconfirmed")


@dataclass(frozen=True, slots=True)
class DayCount:
    """A local day: its opening spans, the booked appointments, those that wait for their link."""

    day: date
    spans: tuple[Span, ...]
    booked: int
    unconfirmed: int


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A configured display or kiosk. `seen_at` is a display's last sign of life.

    `sound` is what it last reported: `running`, `blocked` or `off`. `code_until` is until when the
    newest pairing code of an unpaired one may be used; None when there is none.
    """

    role: str
    place: str
    name: str
    is_paired: bool
    seen_at: datetime | None = None
    sound: str = ""
    is_gone: bool = False
    code_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """Personal data of all sites: how many people, whose visit is the longest ago.

    `due_at` is when the next whose visit has ended is forgotten; earlier than now it is overdue.
    """

    count: int
    oldest_visit_at: datetime | None
    due_at: datetime | None


def days_ahead(reader: Reader, site: Site, days: int, now: datetime) -> list[DayCount]:
    """The next local days, today first; closed ones only with an appointment."""
    today = local_day(now, site.zone)
    spans_of = days_of(reader, site)
    ahead = (today + timedelta(days=n) for n in range(days))
    counted = [_counted(reader, site, day, spans_of(day), now) for day in ahead]
    return [one for one in counted if one.spans or one.booked or one.unconfirmed]


def devices_of(reader: Reader, site: Site, now: datetime) -> list[DeviceView]:
    """Every configured display and kiosk, whether anything is paired there or not."""
    found = identities.devices(reader, site.id)
    displays = [_device_view("display", place, found, now) for place in site.displays]
    return displays + [_device_view("kiosk", place, found, now) for place in site.kiosks]


def kept(reader: Reader, now: datetime) -> Kept:
    """The proof that people are forgotten: of all sites, without a name."""
    row = reader.row(
        """SELECT COUNT(*) AS found, MIN(a.end_at) AS oldest FROM people p
           JOIN appointments a ON a.id = p.appointment"""
    )
    oldest = optional_moment(row["oldest"]) if row else None
    return Kept(row["found"] if row else 0, oldest, people.next_due(reader, now))


def _counted(
    reader: Reader, site: Site, day: date, spans: tuple[Span, ...], now: datetime
) -> DayCount:
    rows = reader.rows(
        """SELECT state, COUNT(*) AS found FROM appointments
           WHERE site = :site AND start_at >= :start AND start_at < :end
           AND (expires_at IS NULL OR expires_at > :now) GROUP BY state""",
        {
            "site": site.id,
            "start": milliseconds(at_wall_clock(day, 0, site.zone)),
            "end": milliseconds(at_wall_clock(day, 1440, site.zone)),
            "now": milliseconds(now),
        },
    )
    found = {row["state"]: row["found"] for row in rows}
    booked, unconfirmed = (
        sum(found.get(state, 0) for state in some) for some in (BOOKED, UNCONFIRMED)
    )
    return DayCount(day, spans, booked, unconfirmed)


def _device_view(
    role: str, place: Display | Kiosk, found: Sequence[Device], now: datetime
) -> DeviceView:
    here = [one for one in found if (one.role, one.place) == (role, place.id)]
    paired = [one for one in here if one.paired_at is not None]
    name = place.name or place.id
    if not paired:
        until = max((one.code_until for one in here), default=None)
        return DeviceView(role, place.id, name, is_paired=False, code_until=until)
    last = max(paired, key=lambda one: (one.seen_at is not None, one.seen_at or one.paired_at))
    gone = role == "display" and (last.seen_at is None or now - last.seen_at > DISPLAY_GONE_AFTER)
    return DeviceView(role, place.id, name, True, last.seen_at, last.sound or "", gone)


@dataclass(frozen=True, slots=True)
class OfficeNow:
    """Who waits, the longest of them in whole minutes, who is called or served, and where.

    `done_at` is when the forecast expects everybody of today to be served; None: nobody is there,
    or nobody serves what is waited for.
    """

    waiting: int
    longest_minutes: int
    at_counters: int
    counters_open: int
    counters: int
    done_at: datetime | None


def office_now(reader: Reader, site: Site, forecast: Forecast, now: datetime) -> OfficeNow:
    """The office now, with the latest forecast."""
    waiting = tickets.in_state(reader, site.id, TicketState.WAITING)
    here = tickets.at_counters(reader, site.id)
    ends = [at for at in forecast.ends.values() if at is not None]
    return OfficeNow(
        waiting=len(waiting),
        longest_minutes=max((waited_minutes(each, now) for each in waiting), default=0),
        at_counters=len(here),
        counters_open=len(counters.open_at(reader, site.id)),
        counters=len(site.counters),
        done_at=max(ends, default=None) if waiting or here else None,
    )
