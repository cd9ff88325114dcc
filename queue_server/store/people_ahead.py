"""Counting who goes before a ticket with one statement; no queue is walked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from queue_server.domain.people_ahead import Tally
from queue_server.domain.priority import rank
from queue_server.domain.site import PriorityRules
from queue_server.domain.ticket import Ticket
from queue_server.domain.timestamps import MINUTE_MS
from queue_server.store.database import Reader, milliseconds, the_row


def tally(
    reader: Reader,
    ticket: Ticket,
    services: Iterable[str],
    counters: Iterable[str],
    rules: PriorityRules,
    now: datetime,
    *,
    held: bool = False,
) -> Tally:
    """Everybody else whom these counters, which serve these services, could call now.

    `held` counts those in their short lock-out instead, who stand behind all others.
    """
    since, issued, id = rank(ticket, rules)
    row = the_row(
        reader,
        _TALLY_SINCE if rules.rule == "arrival" else _TALLY_CAME,
        {
            "site": ticket.site,
            "id": id,
            "served": _listed(services),
            "counters": _listed(counters),
            "held": int(held),
            "mine": since,
            "issued": issued,
            "ratio": float(rules.ratio),
            "patience": rules.guard_after_minutes * MINUTE_MS,
            "now": milliseconds(now),
        },
    )
    return Tally(**row)


def _tally_sql(order: str) -> str:
    earlier = f"({order}, issued_at, id) < (:mine, :issued, :id)"
    kinds = {
        "people": "TRUE",
        "preferred": "rank_class = 0",
        "preferred_before": f"rank_class = 0 AND {earlier}",
        "booked": "rank_class = 1",
        "booked_before": f"rank_class = 1 AND {earlier}",
        "booked_due": "rank_class = 1 AND came_at <= :now",
        "booked_heavier": "rank_class = 1 AND :ratio * (:now - came_at) >= :now - :mine",
        "others_before": f"rank_class = 2 AND {earlier}",
        "others_late": f"rank_class = 2 AND due_at IS NOT NULL AND {earlier}",
        "others_heavier": "rank_class = 2 AND :now - came_at > :ratio * (:now - :mine)",
        "others_patient": "rank_class = 2 AND :now - came_at > :patience",
    }
    counted = ", ".join(
        f"COUNT(*) FILTER (WHERE {condition}) AS {kind}" for kind, condition in kinds.items()
    )
    # The filter says the same as `domain.priority.can_be_called`, for several counters at once.
    return f"""SELECT {counted} FROM tickets WHERE site = :site AND state = 'waiting' AND id <> :id
        AND ((bound_to IS NULL AND :served LIKE '%,' || service || ',%')
            OR :counters LIKE '%,' || bound_to || ',%')
        AND CASE WHEN held_until > :now THEN 1 ELSE 0 END = :held"""


_TALLY_CAME, _TALLY_SINCE = _tally_sql("came_at"), _tally_sql("waits_since")


def _listed(names: Iterable[str]) -> str:
    """Ids as `,a,b,`, for the LIKE that both dialects know."""
    return f",{','.join(sorted(names))},"
