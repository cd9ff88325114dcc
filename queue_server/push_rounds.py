"""The messenger's rounds in the running server, in a separate greenlet."""

from __future__ import annotations

import logging

import gevent
from gevent.event import Event as Bell

from queue_server.push.messenger import Messenger, concerns_phones
from queue_server.rounds import log_failure
from queue_server.web.app_context import AppContext

log = logging.getLogger(__name__)
EVERY_SECONDS, PAUSE_SECONDS = 5, 0.5


def tell_phones(context: AppContext) -> None:
    """At once when somebody is called, and every few seconds for what has to be tried again."""
    messenger = Messenger(
        context.store,
        context.settings,
        context.now,
        offload=context.pools.push,
        later=context.pools.later,
    )
    context.configuration.on_change.append(messenger.use)
    bell = Bell()
    context.store.listen(lambda events: bell.set() if concerns_phones(events) else None)
    gevent.spawn(_go_round, context, messenger, bell)


def _go_round(context: AppContext, messenger: Messenger, bell: Bell) -> None:
    while True:
        bell.clear()
        try:
            if context.is_on_duty():
                messenger.round()
        except Exception:
            log_failure(
                context.store, log, "telling phones failed; next round in %s s", EVERY_SECONDS
            )
        # Walls and desks first, and those who move up together are looked at together.
        gevent.sleep(PAUSE_SECONDS)
        bell.wait(EVERY_SECONDS)
