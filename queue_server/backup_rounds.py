"""The nightly backup in the running server: made in a thread, so that nobody waits for it."""

from __future__ import annotations

import logging

import gevent

from queue_server.actions.backing_up import back_up
from queue_server.rounds import log_failure
from queue_server.web.app_context import AppContext

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 60
REST_SECONDS = 1800


def keep_backups(context: AppContext) -> None:
    """From now on, and as long as the server runs."""
    gevent.spawn(_go, context)


def _go(context: AppContext) -> None:
    """After a failure there is a pause, so that a full disk is not filled again at once."""
    while True:
        gevent.sleep(LOOK_EVERY_SECONDS)
        try:
            is_made = back_up(
                context.store, context.settings, now=context.now(), offload=context.pools.backups
            )
        except Exception:
            log_failure(context.store, log, "backups stumbled; next look in %s s", REST_SECONDS)
            is_made = False
        if is_made is False:
            gevent.sleep(REST_SECONDS)
