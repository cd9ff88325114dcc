"""Telling another system once more what it was told, or should have been told."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.errors import NotFound
from queue_server.domain.events import DeliveryRepeated
from queue_server.store import deliveries
from queue_server.store.deliveries import DeliveryState
from queue_server.store.identities import Clerk
from queue_server.store.transaction import Store


def repeat(store: Store, clerk: Clerk, id: int, *, now: datetime) -> None:
    """The same message with the same id, at once; nothing new when it waits anyway.

    Only of the clerk's own site. Raises `NotFound`.
    """
    with store.transaction(clerk.site) as tx:
        delivery = deliveries.get(tx, clerk.site, id)
        if delivery is None:
            raise NotFound(delivery=id)
        was_waiting = delivery.state is DeliveryState.WAITING
        deliveries.again(tx, delivery, now)
        if not was_waiting:
            tx.record(DeliveryRepeated(at=now, site=clerk.site, clerk=clerk.id, delivery=id))
