"""The application as the worker runs it: on gevent, with thread pool, housekeeper and postman."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import gevent
from flask import Flask
from gevent.event import Event as Bell
from gevent.monkey import get_original

from queue_server.actions import housekeeping, rules, stops
from queue_server.app import create_app
from queue_server.domain import events
from queue_server.domain.event import Event
from queue_server.mail.postman import Postman, concerns_letters
from queue_server.realtime import sockets
from queue_server.realtime.hub import Hub
from queue_server.settings import Settings
from queue_server.web import nightly
from queue_server.web.hall import EXTENSION, Hall

log = logging.getLogger(__name__)
SWITCH_SECONDS = 0.0001
TIDY_EVERY_SECONDS = 20
WATCH_EVERY_SECONDS = 2
FILLING = (events.TicketIssued, events.CounterOpened, events.CounterClosed)
HOUSE_EVERY_ROUNDS = 30
# A forecast lasts some tens of milliseconds; between its futures everybody else may work.
WORK_SECONDS, BREATH_SECONDS = 0.002, 0.0003
_really_sleep = get_original("time", "sleep")


def in_thread_pool(work: Callable[[], Any]) -> Any:
    """Run slow work in a native thread while the hub goes on."""
    return gevent.get_hub().threadpool.apply(work)


class Breath:
    """In a native thread: give the interpreter to the hub for a moment, every two milliseconds."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self) -> None:
        if time.monotonic() - self._last >= WORK_SECONDS:
            _really_sleep(BREATH_SECONDS)
            self._last = time.monotonic()


def serving_app(settings: Settings) -> Flask:
    """The house, live: pushes after answers, letters after pushes, housekeeping every 20 s."""
    # A finished COMMIT must not wait 5 ms for the interpreter while the hub or a forecast is busy.
    sys.setswitchinterval(SWITCH_SECONDS)
    app = create_app(settings, async_mode="gevent", offload=in_thread_pool, background=True)
    house: Hall = app.extensions[EXTENSION]
    for site in settings.sites:
        rules.note(house.store, site, now=house.now())
    postman, bell = Postman(house.store, house.settings, offload=house.offload), Bell()
    house.forecasts.shared, house.forecasts.breathe = True, Breath()
    house.store.listen(lambda events: bell.set() if concerns_letters(events) else None)
    gevent.spawn(_keep_house, app, postman)
    gevent.spawn(_carry_letters, house, postman, bell)
    full = Bell()
    house.store.listen(lambda events: full.set() if _fills_the_day(events) else None)
    gevent.spawn(_watch_the_end, house, full)
    return app


def _carry_letters(house: Hall, postman: Postman, bell: Bell) -> None:
    """At once when the bell rings, else every 20 s; only this greenlet waits for a mail server."""
    while True:
        # Whatever rings from here on is seen by this round or wakes the next one.
        bell.clear()
        try:
            while postman.round(house.now()):
                pass
        except Exception:
            log.exception("the postman stumbled; next round in %s s", TIDY_EVERY_SECONDS)
        bell.wait(TIDY_EVERY_SECONDS)


def _fills_the_day(happened: Sequence[Event]) -> bool:
    """Whether the work may end at another time now."""
    return any(isinstance(event, FILLING) for event in happened)


def _watch_the_end(house: Hall, bell: Bell) -> None:
    """Every 20 s, sooner when somebody came: stop the numbers once the work would end too late."""
    while True:
        bell.clear()
        try:
            for site in house.settings.sites:
                if stops.wants_forecast(house.store, site, house.now()):
                    told = house.forecasts.of(site)
                    stops.follow_forecast(house.store, site, told, house.now())
        except Exception:
            log.exception("ticket stops stumbled; next look in %s s", TIDY_EVERY_SECONDS)
        gevent.sleep(WATCH_EVERY_SECONDS)
        bell.wait(TIDY_EVERY_SECONDS)


def _keep_house(app: Flask, postman: Postman) -> None:
    house: Hall = app.extensions[EXTENSION]
    rounds = 0
    while True:
        try:
            with_people = rounds % HOUSE_EVERY_ROUNDS == 0
            _tidy(house, with_people=with_people)
            if with_people:
                postman.tidy(house.now())
            _refresh(app)
            if with_people:
                _look_back(house)
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


def _look_back(house: Hall) -> None:
    """After midnight: was every call of the day the one that the rule gave?"""
    for site in house.settings.sites:
        nightly.audit_nights(house.store, site, now=house.now(), slowly=house.slow)


def _refresh(app: Flask) -> None:
    """Time alone changes the board, and sessions end without this process being told."""
    sockets.hang_up_ended(app.extensions["socketio"], app.extensions[EXTENSION])
    hub: Hub = app.extensions["hub"]
    hub.refresh()
