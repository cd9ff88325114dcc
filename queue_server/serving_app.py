"""The application as the worker runs it: on gevent, with a thread pool and the housekeeper."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Any

import gevent
from flask import Flask

from queue_server.actions import housekeeping
from queue_server.app import create_app
from queue_server.realtime import sockets
from queue_server.realtime.hub import Hub
from queue_server.settings import Settings
from queue_server.web.hall import EXTENSION, Hall

log = logging.getLogger(__name__)
SWITCH_SECONDS = 0.0005
TIDY_EVERY_SECONDS = 20
HOUSE_EVERY_ROUNDS = 30


def in_thread_pool(work: Callable[[], Any]) -> Any:
    """Run slow work in a native thread while the hub goes on."""
    return gevent.get_hub().threadpool.apply(work)


def serving_app(settings: Settings) -> Flask:
    """The house, live: pushes after answers, housekeeping every 20 s."""
    # A finished COMMIT must not wait 5 ms for the interpreter while the hub is busy.
    sys.setswitchinterval(SWITCH_SECONDS)
    app = create_app(settings, async_mode="gevent", offload=in_thread_pool, background=True)
    gevent.spawn(_keep_house, app)
    return app


def _keep_house(app: Flask) -> None:
    house: Hall = app.extensions[EXTENSION]
    rounds = 0
    while True:
        try:
            _tidy(house, with_people=rounds % HOUSE_EVERY_ROUNDS == 0)
            _refresh(app)
        except Exception:
            log.exception("housekeeping failed; next try in %s s", TIDY_EVERY_SECONDS)
        rounds += 1
        gevent.sleep(TIDY_EVERY_SECONDS)


def _tidy(house: Hall, *, with_people: bool) -> None:
    for site in house.settings.sites:
        housekeeping.tidy_site(house.store, site, now=house.now())
    if with_people:
        housekeeping.tidy_house(house.store, now=house.now())
    house.store.tidy()


def _refresh(app: Flask) -> None:
    """Time alone changes the board, and sessions end without this process being told."""
    sockets.hang_up_ended(app.extensions["socketio"], app.extensions[EXTENSION])
    hub: Hub = app.extensions["hub"]
    hub.refresh()
