"""The audit of a site's journal: every call beside the rule, over all days or some."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import takewhile

from queue_server.domain.audit import Audit, Auditor, bounds
from queue_server.domain.events import Event
from queue_server.domain.ledger import Ledger
from queue_server.domain.site import Site
from queue_server.queries.past import ledger_before
from queue_server.store import journal
from queue_server.store.database import Reader

# Events stand in the order in which they happened; `at`, when they were asked for, is less exact.
SLACK = timedelta(minutes=5)


def audit(reader: Reader, site: Site, first: date | None = None, last: date | None = None) -> Audit:
    """Whether every call from local day `first` to `last` was the rule's; all days without them."""
    start, end = bounds(site.zone, first, last)
    ledger, after = Ledger.of(site), 0
    if first is not None:
        ledger, after = ledger_before(reader, site, start - SLACK)
    rows: Iterator[tuple[int, Event]] = journal.numbered(reader, site.id, after=after)
    if last is not None:
        rows = takewhile(lambda row: row[1].at < end + SLACK, rows)
    return Auditor(ledger, first, last).hear_all(rows)
