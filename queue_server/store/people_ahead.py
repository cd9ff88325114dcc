"""Counting who goes before a ticket with one statement; no queue is walked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

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

    There is one service at least. `held` counts those in their short lock-out instead, who stand
    behind all others.
    """
    since, issued, id = rank(ticket, rules)
    served = {f"service_{number}": service for number, service in enumerate(services)}
    row = the_row(
        reader,
        _tally_sql("waits_since" if rules.rule == "arrival" else "came_at", len(served)),
        {
            **served,
            "site": ticket.site,
            "id": id,
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


@lru_cache(maxsize=256)
def _tally_sql(order: str, services: int) -> str:
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
    # Everybody who waits is compared: in a list of values that is found, in a text it is searched.
    served = ", ".join(f":service_{number}" for number in range(services))
    counted = ", ".join(
        f"COUNT(*) FILTER (WHERE {condition}) AS {kind}" for kind, condition in kinds.items()
    )
    # The filter says the same as `domain.priority.can_be_called`, for several counters at once.
    return f"""SELECT {counted} FROM tickets WHERE site = :site AND state = 'waiting' AND id <> :id
        AND ((bound_to IS NULL AND service IN ({served}))
            OR :counters LIKE '%,' || bound_to || ',%')
        AND CASE WHEN held_until > :now THEN 1 ELSE 0 END = :held"""


def _listed(names: Iterable[str]) -> str:
    """Ids as `,a,b,`, for the LIKE that both dialects know."""
    return f",{','.join(sorted(names))},"
