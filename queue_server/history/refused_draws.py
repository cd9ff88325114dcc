"""Who got no number on past days, and why, from the journal alone.

A person who taps again within a minute is counted once; whoever reads the notice and goes without
a tap is not counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from queue_server.domain.events import TicketRefused
from queue_server.domain.site import Site
from queue_server.domain.timestamps import milliseconds
from queue_server.history.groups import By, keys, names_of
from queue_server.history.statistics import ranked
from queue_server.history.visits import PastVisit, Period
from queue_server.store.database import Reader
from queue_server.store.refused_draws import refused_between

# Whom no number was given has met no counter and no clerk.
TOLD_APART = (By.SERVICE, By.HOUR, By.WEEKDAY, By.DAY)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """`key` as `groups.keys` says; `reasons` are counts by reason code."""

    key: str
    name: str
    reasons: Mapping[str, int]

    @property
    def count(self) -> int:
        return sum(self.reasons.values())


@dataclass(frozen=True, slots=True)
class RefusedDraws:
    """Rows by service where the grouping asked for does not tell them apart; the most frequent
    reason first."""

    by: By = By.SERVICE
    rows: Sequence[RefusedRow] = ()
    reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.reasons.values())


def refused_draws(reader: Reader, site: Site, period: Period, by: By) -> RefusedDraws:
    """How many draws were refused on these days, grouped."""
    return counted(refused_in(reader, site, period), site, by)


def refused_in(reader: Reader, site: Site, period: Period) -> list[TicketRefused]:
    """Each of them, in order."""
    span = period.since(site.zone), period.until(site.zone)
    return list(refused_between(reader, site.id, *span))


def counted(some: Iterable[TicketRefused], site: Site, by: By) -> RefusedDraws:
    """One row for each key that occurs, in the order of the other figures' rows."""
    by = by if by in TOLD_APART else By.SERVICE
    key_of = keys(site, by)
    groups: dict[str, Counter[str]] = {}
    total: Counter[str] = Counter()
    for event in some:
        groups.setdefault(key_of(as_visit(event)), Counter())[event.reason] += 1
        total[event.reason] += 1
    names = names_of(site, by)
    rows = [RefusedRow(key, names.get(key, key), groups[key]) for key in ranked(groups, names)]
    return RefusedDraws(by, rows, dict(total.most_common()))


def as_visit(event: TicketRefused) -> PastVisit:
    """The visit that it would have been, for telling it apart like one."""
    return PastVisit(event.at, False, event.service, milliseconds(event.at))
