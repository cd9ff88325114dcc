"""How other systems are told: what waits for each, since when, and what became of the last ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.domain.webhook import Webhook
from queue_server.store import deliveries
from queue_server.store.database import Reader, milliseconds, moment, optional_moment
from queue_server.store.deliveries import DeliveryState

GIVEN_UP_DAYS = 7
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class WebhookStatus:
    """A webhook, over all sites. `trouble` is a code with a status, `""` when all is well.

    `given_up` counts the last seven days; `failures` those in a row.
    """

    key: str
    label: str
    events: tuple[str, ...]
    waiting: int
    waiting_since: datetime | None
    given_up: int
    failures: int
    delivered_at: datetime | None
    tried_again_at: datetime | None
    trouble: str


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One message. `label` is empty for a webhook that is configured no longer."""

    id: int
    label: str
    event: str
    made_at: datetime
    state: DeliveryState
    tries: int
    trouble: str
    ended_at: datetime | None


def status_of(reader: Reader, hook: Webhook, now: datetime) -> WebhookStatus:
    """How this webhook fares now."""
    known = deliveries.receiver(reader, hook.key)
    row = reader.row(
        """SELECT COUNT(CASE state WHEN 'waiting' THEN 1 END) AS waiting,
               MIN(CASE state WHEN 'waiting' THEN made_at END) AS oldest,
               COUNT(CASE WHEN state = 'given_up' AND ended_at >= :since THEN 1 END) AS given_up
           FROM deliveries WHERE hook = :hook""",
        {"hook": hook.key, "since": milliseconds(now - timedelta(days=GIVEN_UP_DAYS))},
    )
    rests = known is not None and known.failures > 0
    return WebhookStatus(
        key=hook.key,
        label=hook.label,
        events=hook.events,
        waiting=row["waiting"] if row else 0,
        waiting_since=optional_moment(row["oldest"]) if row else None,
        given_up=row["given_up"] if row else 0,
        failures=known.failures if known else 0,
        delivered_at=known.delivered_at if known else None,
        tried_again_at=known.rests_until if known and rests else None,
        trouble=known.trouble if known else "",
    )


def newest_deliveries(reader: Reader, site: str, labels: dict[str, str]) -> list[DeliveryView]:
    """The site's last messages, newest first. `labels` are those of the webhooks by their key."""
    rows = reader.rows(
        "SELECT * FROM deliveries WHERE site = :site ORDER BY id DESC LIMIT :most",
        {"site": site, "most": MOST_SHOWN},
    )
    return [
        DeliveryView(
            id=row["id"],
            label=labels.get(row["hook"], ""),
            event=row["event"],
            made_at=moment(row["made_at"]),
            state=DeliveryState(row["state"]),
            tries=row["tries"],
            trouble=row["trouble"],
            ended_at=optional_moment(row["ended_at"]),
        )
        for row in rows
    ]
