"""What is shown at this moment, written for the wire: the same for an answer and for a push."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from queue_server.domain.site import Site
from queue_server.forecast.forecast import Forecast
from queue_server.queries.board import board
from queue_server.queries.outlook import crowd
from queue_server.queries.queue import queue
from queue_server.realtime.written import Written, written
from queue_server.store.database import Reader
from queue_server.web.app_context import AppContext
from queue_server.web.serializers import board_out, crowd_out


def board_of(context: AppContext, site: Site) -> Written:
    """For the walls."""
    with _asked_once(context, site) as reader:
        return written(board_out(site, board(reader, site, context.now(), context.orders)))


def queue_of(context: AppContext, site: Site) -> Written:
    """For the desks."""
    with _asked_once(context, site) as reader:
        found = queue(reader, site, context.now(), context.orders)
    return Written(context.queue_json.of(site, found))


def crowd_of(context: AppContext, site: Site, told: Forecast) -> Written:
    """For all phones: each finds its own place in it."""
    with _asked_once(context, site) as reader:
        return written(crowd_out(site, crowd(reader, site, context.now(), told, context.orders)))


@contextmanager
def _asked_once(context: AppContext, site: Site) -> Iterator[Reader]:
    """A snapshot for everything that one message shows."""
    with context.store.snapshot() as snapshot:
        yield context.decided.reader(snapshot, site.id)
