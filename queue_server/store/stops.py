"""What clerks and the forecast have decided about the numbers of today."""

from __future__ import annotations

from datetime import date, datetime

from queue_server.domain.hours import DaySpans, local_day
from queue_server.domain.site import EVERY_SERVICE, Site
from queue_server.domain.stops import CLERK, Stop, Stops, standing
from queue_server.store.database import (
    Reader,
    Row,
    Transaction,
    milliseconds,
    moment,
    optional_milliseconds,
    optional_moment,
)


def in_force(reader: Reader, site: Site, days: DaySpans, now: datetime) -> Stops:
    """The decisions that hold at a site now."""
    return standing(of_day(reader, site.id, local_day(now, site.zone)), site, days, now)


def of_day(reader: Reader, site: str, day: date) -> list[Stop]:
    """All decisions about a local day; those of other days count no more."""
    rows = reader.rows(
        "SELECT * FROM ticket_stops WHERE site = :site AND day = :day",
        {"site": site, "day": day.isoformat()},
    )
    return [_from_row(row) for row in rows]


def put(tx: Transaction, site: str, day: date, stop: Stop) -> None:
    """Decide; a word about all services ends what was said of single ones."""
    if stop.service == EVERY_SERVICE:
        drop(tx, site, EVERY_SERVICE, stop.by)
    tx.write(
        """INSERT INTO ticket_stops (site, service, decided_by, day, is_stopped, reason, since,
               work_ends_at)
           VALUES (:site, :service, :by, :day, :is_stopped, :reason, :since, :work_ends_at)
           ON CONFLICT (site, service, decided_by) DO UPDATE SET day = excluded.day,
               is_stopped = excluded.is_stopped, reason = excluded.reason,
               since = excluded.since, work_ends_at = excluded.work_ends_at""",
        {
            "site": site,
            "service": stop.service,
            "by": stop.by,
            "day": day.isoformat(),
            "is_stopped": int(stop.is_stopped),
            "reason": stop.reason,
            "since": milliseconds(stop.since),
            "work_ends_at": optional_milliseconds(stop.work_ends_at),
        },
    )


def drop(tx: Transaction, site: str, service: str, by: str = CLERK) -> int:
    """Take back what was said of a service, or with `*` of every one; returns how many went."""
    return tx.write(
        """DELETE FROM ticket_stops WHERE site = :site AND decided_by = :by
           AND (service = :service OR :service = '*')""",
        {"site": site, "service": service, "by": by},
    )


def _from_row(row: Row) -> Stop:
    return Stop(
        service=row["service"],
        by=row["decided_by"],
        is_stopped=bool(row["is_stopped"]),
        since=moment(row["since"]),
        reason=row["reason"],
        work_ends_at=optional_moment(row["work_ends_at"]),
    )
