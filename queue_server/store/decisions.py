"""What the office decides while it runs: the calling rule, special days, ticket stops.

The newest decision counts and goes before config.toml. The forecast decides ticket stops, too.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from queue_server.domain.hours import DaySpans, Span, SpecialDay, local_day
from queue_server.domain.site import EVERY_SERVICE, PriorityRules, Site
from queue_server.domain.ticket_stop import CLERK, Stop, Stops, standing
from queue_server.store.database import (
    Connection,
    Reader,
    Row,
    milliseconds,
    moment,
    optional_milliseconds,
    optional_moment,
)

# What stands in these tables was decided in an action that recorded one of these events.
EVENTS = frozenset({"RulesSet", "DayDecided", "TicketStopSet"})
_RULES = "SELECT * FROM rules WHERE site = :site"
_SPECIAL_DAYS = "SELECT * FROM special_days WHERE site = :site ORDER BY day"
_STOPS = "SELECT * FROM ticket_stops WHERE site = :site AND day = :day"
STATEMENTS = frozenset({_RULES, _SPECIAL_DAYS, _STOPS})
_RULE_FIELDS = ("rule", "busy_from_minutes", "guard_after_minutes", "guard_every", "ratio")


def rules_in_force(reader: Reader, site: Site) -> PriorityRules:
    """The rule by which the site calls people now."""
    return decided_rules(reader, site.id) or site.priority


def decided_rules(reader: Reader, site: str) -> PriorityRules | None:
    """The office's rule for a site; None while config.toml's holds."""
    row = reader.row(_RULES, {"site": site})
    return PriorityRules(**{name: row[name] for name in _RULE_FIELDS}) if row else None


def put_rules(tx: Connection, site: str, rules: PriorityRules) -> None:
    """Decide; the newest decision counts."""
    tx.write(
        """INSERT INTO rules (site, rule, busy_from_minutes, guard_after_minutes, guard_every,
               ratio)
           VALUES (:site, :rule, :busy_from_minutes, :guard_after_minutes, :guard_every, :ratio)
           ON CONFLICT (site) DO UPDATE SET rule = excluded.rule,
               busy_from_minutes = excluded.busy_from_minutes,
               guard_after_minutes = excluded.guard_after_minutes,
               guard_every = excluded.guard_every, ratio = excluded.ratio""",
        {"site": site, **asdict(rules)},
    )


def drop_rules(tx: Connection, site: str) -> int:
    """config.toml's rule holds again; returns how many decisions were dropped."""
    return tx.write("DELETE FROM rules WHERE site = :site", {"site": site})


def special_days(reader: Reader, site: str) -> list[SpecialDay]:
    """All of them, earliest first."""
    rows = reader.rows(_SPECIAL_DAYS, {"site": site})
    return [_special_day(row) for row in rows]


def put_special_day(
    tx: Connection, site: str, day: date, spans: Sequence[Span], notice: str
) -> None:
    """Decide about a day; the newest decision counts."""
    tx.write(
        """INSERT INTO special_days (site, day, spans, notice)
           VALUES (:site, :day, :spans, :notice)
           ON CONFLICT (site, day)
           DO UPDATE SET spans = excluded.spans, notice = excluded.notice""",
        {
            "site": site,
            "day": day.isoformat(),
            "spans": json.dumps([(span.start, span.end) for span in spans]),
            "notice": notice,
        },
    )


def remove_special_day(tx: Connection, site: str, day: date) -> int:
    """Back to the usual hours; returns how many decisions were removed."""
    return tx.write(
        "DELETE FROM special_days WHERE site = :site AND day = :day",
        {"site": site, "day": day.isoformat()},
    )


def _special_day(row: Row) -> SpecialDay:
    spans = tuple(Span(start, end) for start, end in json.loads(row["spans"]))
    return SpecialDay(date.fromisoformat(row["day"]), spans, row["notice"])


def stops_in_force(reader: Reader, site: Site, days: DaySpans, now: datetime) -> Stops:
    """The decisions that hold at a site now."""
    return standing(stops_of_day(reader, site.id, local_day(now, site.zone)), site, days, now)


def stops_of_day(reader: Reader, site: str, day: date) -> list[Stop]:
    """All decisions about a local day; those of other days count no more."""
    rows = reader.rows(_STOPS, {"site": site, "day": day.isoformat()})
    return [_stop(row) for row in rows]


def put_stop(tx: Connection, site: str, day: date, stop: Stop) -> None:
    """Decide; a word about all services ends what was said of single ones."""
    if stop.service == EVERY_SERVICE:
        drop_stops(tx, site, EVERY_SERVICE, stop.by)
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


def drop_stops(tx: Connection, site: str, service: str, by: str = CLERK) -> int:
    """Take back what was said of a service, or with `*` of every one; returns how many went."""
    return tx.write(
        """DELETE FROM ticket_stops WHERE site = :site AND decided_by = :by
           AND (service = :service OR :service = '*')""",
        {"site": site, "service": service, "by": by},
    )


def _stop(row: Row) -> Stop:
    return Stop(
        service=row["service"],
        by=row["decided_by"],
        is_stopped=bool(row["is_stopped"]),
        since=moment(row["since"]),
        reason=row["reason"],
        work_ends_at=optional_moment(row["work_ends_at"]),
    )
