"""In which order everybody who waits would be called, computed once for all who show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.domain.counters import OpenCounter
from queue_server.domain.hours import day_start
from queue_server.domain.priority import (
    NO_LOAD,
    CallingCounter,
    Choice,
    Load,
    asks_for_load,
    calling_order,
)
from queue_server.domain.rule import minutes_until_busy
from queue_server.domain.site import PriorityRules, Site
from queue_server.domain.ticket import Ticket
from queue_server.store import counters, journal, lines
from queue_server.store.database import Reader
from queue_server.store.decisions import rules_in_force
from queue_server.store.kept_fronts import KeptFronts

WHOLE_SITE = CallingCounter(None)
# More people than this never wait in one office; a desk shows so many.
MOST_SHOWN = 1000
FRESH = timedelta(seconds=1)
"""Appointments become due as time passes, whatever the version. Phones are told once a second."""


def calling_order_of(
    reader: Reader, site: Site, now: datetime, *, most: int = MOST_SHOWN
) -> list[Choice]:
    """The first `most` who wait, in the order in which they would be called; cheap for a few."""
    rules = rules_in_force(reader, site)
    waiting = lines.fronts(reader, site.id, rules.rule, most, now)
    return _ordered(reader, site, rules, waiting, now, most)


def _ordered(
    reader: Reader,
    site: Site,
    rules: PriorityRules,
    waiting: Sequence[Ticket],
    now: datetime,
    most: int,
) -> list[Choice]:
    """Only an appointment that is due asks how busy the office is; mostly none waits."""
    recent: list[bool] = []
    load = NO_LOAD
    if asks_for_load(waiting, rules, now):
        sessions = counters.open_at(reader, site.id)
        recent = _recent(reader, site, rules, sessions, now)
        load = _load(reader, site, rules, len(sessions), now)
    return calling_order(waiting, WHOLE_SITE, rules, recent, load, now, most=most)


class CallingOrders:
    """The last calling order of each site, for whoever asks at the same version.

    Walls need its first few, desks and phones all of it: each is computed when first asked for.
    """

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._fronts = KeptFronts()

    def of(
        self, reader: Reader, site: Site, now: datetime, *, most: int = MOST_SHOWN
    ) -> Sequence[Choice]:
        """As `calling_order_of`, in a snapshot of committed data."""
        version, known = journal.version(reader, site.id), self._known.get(site.id)
        if known is None or not known.answers(site, version, now, most):
            rules = rules_in_force(reader, site)
            waiting = self._fronts.of(reader, site.id, rules.rule, most, now, version=version)
            order = tuple(_ordered(reader, site, rules, waiting, now, most))
            known = self._known[site.id] = _Known(site, version, now, most, order)
        return known.order[:most]


@dataclass(frozen=True, slots=True)
class _Known:
    site: Site
    version: int
    at: datetime
    most: int
    order: tuple[Choice, ...]

    def answers(self, site: Site, version: int, now: datetime, most: int) -> bool:
        is_long_enough = most <= self.most or len(self.order) < self.most
        # The settings may have changed under way, and the clock may have been set back.
        is_the_same = self.site is site and self.version == version
        return is_long_enough and is_the_same and abs(now - self.at) < FRESH


def _recent(
    reader: Reader,
    site: Site,
    rules: PriorityRules,
    sessions: Sequence[OpenCounter],
    now: datetime,
) -> list[bool]:
    """The guard's share as the counters with most services see it."""
    if not sessions:
        return []
    pool = max(sessions, key=lambda session: len(session.services)).pool
    since = day_start(now, site.zone)
    return lines.recent_contested(reader, site.id, pool, since, rules.guard_every - 1)


def _load(
    reader: Reader, site: Site, rules: PriorityRules, counters_open: int, now: datetime
) -> Load:
    until = minutes_until_busy(rules, counters_open)
    return lines.site_load(reader, site.id, counters_open, until, now)
