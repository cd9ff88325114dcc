"""Every night the house looks back: was each call of the day the one that the rule gave?"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial

from queue_server.domain.audit import Audit
from queue_server.domain.hours import local_day
from queue_server.domain.site import Site
from queue_server.queries.audit import audit
from queue_server.store import nights
from queue_server.store.database import Store

Slowly = Callable[[Callable[[], Audit]], Audit]
log = logging.getLogger(__name__)
# A house that was switched off for long catches up with so many days.
MOST_DAYS = 14


def audit_nights(
    store: Store, site: Site, *, now: datetime, slowly: Slowly = lambda work: work()
) -> int:
    """Audit the local days that are over and not audited yet; returns how many.

    The first audit of a house is yesterday's. `slowly` runs the reading of a day away from
    whoever serves the desks. What was found is kept, so a restart audits no day twice.
    """
    audited = 0
    for day in _days_due(store, site, now):
        found = slowly(partial(_audit_of, store, site, day))
        with store.transaction() as tx:
            audited += nights.keep(tx, site.id, day, found)
        _say(site, day, found)
    return audited


def _say(site: Site, day: date, found: Audit) -> None:
    level = logging.WARNING if found.violations else logging.INFO
    facts = site.id, day, found.calls, len(found.violations)
    log.log(level, "audit site=%s day=%s calls=%s violations=%s", *facts)


def _days_due(store: Store, site: Site, now: datetime) -> Iterator[date]:
    yesterday = local_day(now, site.zone) - timedelta(days=1)
    with store.snapshot() as snapshot:
        known = nights.kept(snapshot, site.id)
    newest = known[0].day if known else yesterday - timedelta(days=1)
    first = max(newest, yesterday - timedelta(days=MOST_DAYS))
    for days in range((yesterday - first).days):
        yield first + timedelta(days=days + 1)


def _audit_of(store: Store, site: Site, day: date) -> Audit:
    with store.snapshot() as snapshot:
        return audit(snapshot, site, day, day)
