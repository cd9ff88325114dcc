"""Who goes before whom, as limits an index can count: no need to walk the whole queue.

The guard is left out: it only ever brings somebody forward, so nobody is told too few.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from queue_server.domain.priority import stands_since
from queue_server.domain.site import PriorityRules
from queue_server.domain.ticket import RankClass, Ticket

NOBODY = datetime.min.replace(tzinfo=UTC)
# Limits exclude their own moment; an appointment that is due just now goes first, as in a tie.
A_MOMENT = timedelta(milliseconds=1)
EVERYBODY = datetime(9999, 1, 1, tzinfo=UTC)

Limits = Mapping[RankClass, datetime]


def ahead_limits(ticket: Ticket, rules: PriorityRules, busy: bool, now: datetime) -> Limits:
    """For each line the moment before which its people are called before this ticket.

    The moments compare with `waits_since` under `arrival`, with `came_at` under the other rules.
    """
    mine, line = stands_since(ticket, rules), ticket.rank_class
    if line is RankClass.PRECEDENCE:
        return {line: mine, RankClass.APPOINTMENT: NOBODY, RankClass.OTHERS: NOBODY}
    other = RankClass.OTHERS if line is RankClass.APPOINTMENT else RankClass.APPOINTMENT
    limit = _others_before if line is RankClass.APPOINTMENT else _appointments_before
    return {RankClass.PRECEDENCE: EVERYBODY, line: mine, other: limit(mine, rules, busy, now)}


def _others_before(mine: datetime, rules: PriorityRules, busy: bool, now: datetime) -> datetime:
    """The limit for walk-ins before an appointment."""
    if rules.rule == "strict" or (rules.rule == "due_first" and busy and mine <= now):
        return NOBODY
    if rules.rule == "accumulating":
        return now - (now - mine) * rules.ratio
    return mine


def _appointments_before(
    mine: datetime, rules: PriorityRules, busy: bool, now: datetime
) -> datetime:
    """The limit for appointments before a walk-in."""
    if rules.rule == "strict":
        return EVERYBODY
    if rules.rule == "due_first" and busy:
        return now + A_MOMENT
    if rules.rule == "accumulating":
        return now - (now - mine) / rules.ratio + A_MOMENT
    return mine
