"""The audit of a site's journal: every call checked against the rule, for many days or a night."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from itertools import takewhile

from queue_server.domain.audit import Audit, Auditor, bounds
from queue_server.domain.hours import local_day
from queue_server.domain.office import Office
from queue_server.domain.site import Site
from queue_server.store import journal, marks, tickets
from queue_server.store.database import Reader
from queue_server.store.transaction import Store

Slowly = Callable[[Callable[[], Audit]], Audit]
Tell = Callable[[Site, date, Audit], None]
log = logging.getLogger(__name__)
# Events stand in the order in which they happened; `at`, when they were asked for, is less exact.
SLACK = timedelta(minutes=5)
# An office that was switched off for long catches up with so many days.
MOST_DAYS = 14


def audit(reader: Reader, site: Site, first: date | None = None, last: date | None = None) -> Audit:
    """Whether every call from local day `first` to `last` was the rule's; all days without them."""
    start, end = bounds(site.zone, first, last)
    office, after = Office.of(site), 0
    if first is not None:
        office, after = office_before(reader, site, start - SLACK)
    rows = journal.numbered(reader, site.id, after=after)
    if last is not None:
        rows = takewhile(lambda row: row[1].at < end + SLACK, rows)
    return Auditor(office, first, last).hear_all(rows)


def office_before(reader: Reader, site: Site, at: datetime) -> tuple[Office, int]:
    """The office as it stood, and the seq after which to go on reading to be right at this moment.

    Counters and rules stand in it as they were then. Reading begins with the arrival of the
    first person who was still there at the moment; events about others, who came earlier and had
    left, are to be passed over. The guard's share is right from the local midnight on.
    """
    there = tickets.earliest_arrival(reader, site.id, at) or at
    start = journal.first_arrival(reader, site.id, min(at, there))
    office = Office.of(site).fold(journal.standing_before(reader, site.id, start))
    return office, start - 1


# -- night by night ---------------------------------------------------------------------------


def log_night(site: Site, day: date, found: Audit) -> None:
    """What the log says of an audited day: a warning when calls broke the rule."""
    quiet = logging.INFO if found.calls else logging.DEBUG
    level = logging.WARNING if found.violations else quiet
    facts = site.id, day, found.calls, len(found.violations)
    log.log(level, "audit site=%s day=%s calls=%s violations=%s", *facts)


def audit_nights(
    store: Store,
    site: Site,
    *,
    now: datetime,
    slowly: Slowly = lambda work: work(),
    tell: Tell = log_night,
) -> int:
    """Audit the local days that are over and not audited yet; returns how many.

    The first audit of an office is yesterday's. `slowly` runs the reading of a day away from
    whoever serves the desks; `tell` hears of each day. What was found is kept, so a restart audits
    no day twice.
    """
    audited = 0
    for day in _days_due(store, site, now):
        found = slowly(partial(_audit_of, store, site, day))
        with store.transaction(site.id) as tx:
            audited += marks.keep_night(tx, site.id, day, found)
        tell(site, day, found)
    return audited


def _days_due(store: Store, site: Site, now: datetime) -> Iterator[date]:
    yesterday = local_day(now, site.zone) - timedelta(days=1)
    with store.snapshot() as snapshot:
        known = marks.kept_nights(snapshot, site.id)
    newest = known[0].day if known else yesterday - timedelta(days=1)
    first = max(newest, yesterday - timedelta(days=MOST_DAYS))
    for days in range((yesterday - first).days):
        yield first + timedelta(days=days + 1)


def _audit_of(store: Store, site: Site, day: date) -> Audit:
    with store.snapshot() as snapshot:
        return audit(snapshot, site, day, day)
