"""What other systems are still to be told: one row for each event and webhook, its body ready.

The body is written when the event is collected, so that every try carries the same bytes. It
holds ids and the number, never a name or an address. `hook` is `Webhook.key`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from queue_server.store.database import (
    Connection,
    Reader,
    Row,
    milliseconds,
    moment,
    optional_moment,
)

FURTHEST = timedelta(hours=2)
"""Nothing rests for longer."""


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


WAITING, DELIVERED, GIVEN_UP = DeliveryState


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row. `trouble` is a code of `webhooks/sending.py` with the answer's status, if any."""

    id: int
    hook: str
    site: str
    event: str
    body: str
    state: DeliveryState
    made_at: datetime
    next_try_at: datetime
    tries: int
    trouble: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Receiver:
    """How a webhook fares. `failures` are those since it last took something."""

    hook: str
    failures: int
    rests_until: datetime
    claimed_until: datetime
    delivered_at: datetime | None
    trouble: str


# -- collecting ------------------------------------------------------------------------------


def collected_to(reader: Reader, hook: str, site: str) -> int | None:
    """The seq of the site's last event that this webhook was asked about; None: never any."""
    row = reader.row(
        "SELECT collected_to FROM webhook_progress WHERE hook = :hook AND site = :site",
        {"hook": hook, "site": site},
    )
    return row["collected_to"] if row else None


def collect_to(tx: Connection, hook: str, site: str, seq: int) -> None:
    """Everything of the site up to this seq is in the outbox or concerns the webhook nothing."""
    tx.write(
        """INSERT INTO webhook_progress (hook, site, collected_to) VALUES (:hook, :site, :seq)
           ON CONFLICT (hook, site) DO UPDATE SET collected_to = excluded.collected_to""",
        {"hook": hook, "site": site, "seq": seq},
    )


def add(
    tx: Connection, hook: str, site: str, seq: int, event: str, body: str, now: datetime
) -> None:
    """To be sent at once; nothing happens when it was added before."""
    tx.write(
        """INSERT INTO deliveries (hook, site, seq, event, body, state, made_at, next_try_at)
           VALUES (:hook, :site, :seq, :event, :body, 'waiting', :now, :now)
           ON CONFLICT (hook, seq) DO NOTHING""",
        {
            "hook": hook,
            "site": site,
            "seq": seq,
            "event": event,
            "body": body,
            "now": milliseconds(now),
        },
    )


# -- sending ---------------------------------------------------------------------------------


def receiver(reader: Reader, hook: str) -> Receiver | None:
    row = reader.row("SELECT * FROM webhooks WHERE hook = :hook", {"hook": hook})
    return _receiver(row) if row else None


def first_due(reader: Reader, hook: str, now: datetime) -> Delivery | None:
    """The oldest that is to be tried now; also what waits only since the clock was set back."""
    row = reader.row(
        """SELECT * FROM deliveries WHERE hook = :hook AND state = 'waiting'
           AND (next_try_at <= :now OR next_try_at > :far) ORDER BY id LIMIT 1""",
        {
            "hook": hook,
            "now": milliseconds(now),
            "far": milliseconds(now + FURTHEST),
        },
    )
    return _delivery(row) if row else None


def claim(tx: Connection, delivery: Delivery, until: datetime) -> None:
    """Whoever sends has the webhook alone until then; the try counts before it is made."""
    tx.write(
        """INSERT INTO webhooks (hook, claimed_until) VALUES (:hook, :until)
           ON CONFLICT (hook) DO UPDATE SET claimed_until = excluded.claimed_until""",
        {"hook": delivery.hook, "until": milliseconds(until)},
    )
    tx.write("UPDATE deliveries SET tries = tries + 1 WHERE id = :id", {"id": delivery.id})


def took(tx: Connection, delivery: Delivery, now: datetime) -> None:
    """It was taken; whatever had kept the webhook is over."""
    _end(tx, delivery.id, DELIVERED, "", now)
    tx.write(
        """UPDATE webhooks SET failures = 0, rests_until = 0, claimed_until = 0, trouble = '',
               delivered_at = :now WHERE hook = :hook""",
        {"hook": delivery.hook, "now": milliseconds(now)},
    )


def put_off(tx: Connection, delivery: Delivery, until: datetime, trouble: str) -> None:
    """It was not taken and is tried again then."""
    tx.write(
        """UPDATE deliveries SET next_try_at = :until, trouble = :trouble
           WHERE id = :id AND state = 'waiting'""",
        {"id": delivery.id, "until": milliseconds(until), "trouble": trouble},
    )


def give_up(tx: Connection, delivery: Delivery, trouble: str, now: datetime) -> None:
    _end(tx, delivery.id, GIVEN_UP, trouble, now)


def give_up_older(tx: Connection, hook: str, before: datetime, trouble: str, now: datetime) -> int:
    """Give up all that was made before then; returns how many."""
    return tx.write(
        """UPDATE deliveries SET state = 'given_up', ended_at = :now, trouble = :trouble
           WHERE hook = :hook AND state = 'waiting' AND made_at < :before""",
        {
            "hook": hook,
            "before": milliseconds(before),
            "trouble": trouble,
            "now": milliseconds(now),
        },
    )


def let_rest(tx: Connection, hook: str, until: datetime, trouble: str) -> None:
    """The receiver as a whole does not answer rightly: nothing is sent before then."""
    tx.write(
        """UPDATE webhooks SET failures = failures + 1, rests_until = :until, claimed_until = 0,
               trouble = :trouble WHERE hook = :hook""",
        {"hook": hook, "until": milliseconds(until), "trouble": trouble},
    )


def free(tx: Connection, hook: str) -> None:
    """Whoever sent has ended; the next may."""
    tx.write("UPDATE webhooks SET claimed_until = 0 WHERE hook = :hook", {"hook": hook})


# -- again, and no longer --------------------------------------------------------------------


def get(reader: Reader, site: str, id: int) -> Delivery | None:
    row = reader.row(
        "SELECT * FROM deliveries WHERE id = :id AND site = :site", {"id": id, "site": site}
    )
    return _delivery(row) if row else None


def again(tx: Connection, delivery: Delivery, now: datetime) -> None:
    """As if it had just been made; its webhook rests no longer."""
    tx.write(
        """UPDATE deliveries SET state = 'waiting', made_at = :now, next_try_at = :now, tries = 0,
               trouble = '', ended_at = NULL WHERE id = :id""",
        {"id": delivery.id, "now": milliseconds(now)},
    )
    tx.write("UPDATE webhooks SET rests_until = 0 WHERE hook = :hook", {"hook": delivery.hook})


def sweep(tx: Connection, before: datetime) -> int:
    """Delete what ended before then; returns how many."""
    return tx.write(
        "DELETE FROM deliveries WHERE ended_at < :before", {"before": milliseconds(before)}
    )


def known_hooks(reader: Reader) -> set[str]:
    """Every webhook of which anything is kept that a configured one needs."""
    rows = reader.rows("SELECT hook FROM webhook_progress UNION SELECT hook FROM webhooks")
    return {row["hook"] for row in rows}


def forget_hooks(tx: Connection, hooks: Collection[str]) -> None:
    """They are configured no longer: what waits is deleted, and where they were is forgotten."""
    for hook in hooks:
        which = {"hook": hook}
        tx.write("DELETE FROM deliveries WHERE hook = :hook AND state = 'waiting'", which)
        tx.write("DELETE FROM webhook_progress WHERE hook = :hook", which)
        tx.write("DELETE FROM webhooks WHERE hook = :hook", which)


def _end(tx: Connection, id: int, state: DeliveryState, trouble: str, now: datetime) -> None:
    tx.write(
        """UPDATE deliveries SET state = :state, trouble = :trouble, ended_at = :now
           WHERE id = :id AND state = 'waiting'""",
        {"id": id, "state": state, "trouble": trouble, "now": milliseconds(now)},
    )


def _delivery(row: Row) -> Delivery:
    return Delivery(
        id=row["id"],
        hook=row["hook"],
        site=row["site"],
        event=row["event"],
        body=row["body"],
        state=DeliveryState(row["state"]),
        made_at=moment(row["made_at"]),
        next_try_at=moment(row["next_try_at"]),
        tries=row["tries"],
        trouble=row["trouble"],
        ended_at=optional_moment(row["ended_at"]),
    )


def _receiver(row: Row) -> Receiver:
    return Receiver(
        hook=row["hook"],
        failures=row["failures"],
        rests_until=moment(row["rests_until"]),
        claimed_until=moment(row["claimed_until"]),
        delivered_at=optional_moment(row["delivered_at"]),
        trouble=row["trouble"],
    )
