"""The state of an office now, as the forecast needs it: one look into a few indexes."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from queue_server.domain.counters import OpenCounter
from queue_server.domain.hours import at_wall_clock, day_start, local_day
from queue_server.domain.site import Site
from queue_server.domain.timestamps import milliseconds
from queue_server.domain.waiting_room import StaffedCounter, Visitor
from queue_server.forecast.service_times import ServiceTimes
from queue_server.forecast.snapshot import (
    ExpectedVisitor,
    OfficeSnapshot,
)
from queue_server.store import counters, lines
from queue_server.store.database import Reader, Row
from queue_server.store.decisions import rules_in_force


def office_snapshot(
    reader: Reader, site: Site, now: datetime, service_times: ServiceTimes
) -> OfficeSnapshot:
    """Who waits, who is where, who is expected today, and the rule in force."""
    rules, sessions = rules_in_force(reader, site), counters.open_at(reader, site.id)
    since, most = day_start(now, site.zone), max(1, rules.guard_every - 1)
    shares = {
        session.pool: lines.recent_contested(reader, site.id, session.pool, since, most)
        for session in sessions
    }
    return OfficeSnapshot(
        now=milliseconds(now),
        rules=rules,
        waiting=_waiting(reader, site),
        counters=_counters(reader, site, sessions),
        expected=_expected(reader, site, now),
        shares={pool: tuple(reversed(share)) for pool, share in shares.items()},
        walk_ins={each.id: each.minutes for each in site.services if each.walk_in},
        checkin=site.checkin,
        service_times=service_times,
    )


def _waiting(reader: Reader, site: Site) -> tuple[Visitor, ...]:
    rows = reader.rows(
        """SELECT id, service, rank_class, came_at, waits_since, issued_at, minutes, bound_to,
               held_until
           FROM tickets WHERE site = :site AND state = 'waiting'""",
        {"site": site.id},
    )
    return tuple(map(_visitor, rows))


def _visitor(row: Row) -> Visitor:
    return Visitor(
        id=row["id"],
        service=row["service"],
        line=row["rank_class"],
        came=row["came_at"],
        since=row["waits_since"],
        issued=row["issued_at"],
        minutes=row["minutes"],
        bound_to=row["bound_to"],
        held_until=row["held_until"] or 0,
    )


def _counters(
    reader: Reader, site: Site, sessions: list[OpenCounter]
) -> tuple[StaffedCounter, ...]:
    rows = reader.rows(
        """SELECT id, service, rank_class, came_at, waits_since, issued_at, minutes, bound_to,
               held_until, counter, called_at, serving_at
           FROM tickets WHERE site = :site AND state IN ('called', 'serving')""",
        {"site": site.id},
    )
    here = {row["counter"]: row for row in rows}
    ordered = sorted(sessions, key=lambda session: session.counter)
    return tuple(_counter(session, here.get(session.counter)) for session in ordered)


def _counter(session: OpenCounter, row: Row | None) -> StaffedCounter:
    if row is None:
        return StaffedCounter(session.counter, session.served)
    # Somebody whose call has no time was put there by hand: service has begun.
    called = row["called_at"] or row["serving_at"] or 0
    there = _visitor(row)
    return StaffedCounter(session.counter, session.served, there, called, row["serving_at"])


def _expected(reader: Reader, site: Site, now: datetime) -> tuple[ExpectedVisitor, ...]:
    """Confirmed appointments of the local day whose people can still check in."""
    until = at_wall_clock(local_day(now, site.zone) + timedelta(days=1), 0, site.zone)
    since = now - timedelta(minutes=site.checkin.late_until_minutes)
    since = max(since, day_start(now, site.zone))
    rows = reader.rows(
        """SELECT id, services, persons, start_at FROM appointments
           WHERE site = :site AND start_at >= :since AND start_at < :until
               AND state = 'confirmed' ORDER BY start_at, id""",
        {"site": site.id, "since": milliseconds(since), "until": milliseconds(until)},
    )
    return tuple(_appointment(site, row) for row in rows)


def _appointment(site: Site, row: Row) -> ExpectedVisitor:
    services = tuple(json.loads(row["services"]))
    minutes = site.visit_minutes(services, row["persons"])
    return ExpectedVisitor(row["id"], services[0], minutes, row["start_at"])
