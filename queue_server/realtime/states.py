"""What is shown at this moment, written for the wire: the same for an answer and for a push."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from queue_server.domain.site import Site
from queue_server.forecast.forecast import Forecast
from queue_server.queries.board import board
from queue_server.queries.outlook import crowd
from queue_server.queries.queue import queue
from queue_server.realtime.written import Written, written
from queue_server.store.database import Reader
from queue_server.web.app_context import AppContext
from queue_server.web.serializers import board_out, crowd_out

T = TypeVar("T")


def board_of(context: AppContext, site: Site) -> Written:
    """For the walls."""
    now, orders = context.now(), context.orders
    found = _read(context, site, "board", now, lambda reader: board(reader, site, now, orders))
    return written(board_out(site, found))


def queue_of(context: AppContext, site: Site) -> Written:
    """For the desks."""
    now, orders = context.now(), context.orders
    found = _read(context, site, "queue", now, lambda reader: queue(reader, site, now, orders))
    return Written(context.queue_json.of(site, found))


def crowd_of(context: AppContext, site: Site, told: Forecast) -> Written:
    """For all phones: each finds its own place in it."""
    now, orders = context.now(), context.orders
    found = _read(
        context, site, "crowd", now, lambda reader: crowd(reader, site, now, told, orders)
    )
    return written(crowd_out(site, found))


def _read(
    context: AppContext, site: Site, message: str, now: datetime, work: Callable[[Reader], T]
) -> T:
    """Of one snapshot, everything that one message shows."""
    return context.prefetch.read(context.store, site.id, message, now, work)
