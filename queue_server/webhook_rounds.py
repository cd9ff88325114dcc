"""Webhooks beside the gevent hub: a greenlet a receiver, so that none waits for another."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import gevent
from gevent.event import Event as Bell

from queue_server.domain.errors import Refused
from queue_server.domain.event import Event
from queue_server.domain.webhook import Webhook
from queue_server.rounds import log_failure
from queue_server.web.app_context import AppContext
from queue_server.webhooks.courier import Courier, concerns_others

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 5
TIDY_EVERY_ROUNDS = 120


def tell_others(context: AppContext) -> None:
    """From now on, and as long as the server runs."""
    rounds = _Rounds(context)
    rounds.begin()
    context.store.listen(rounds.hear)
    gevent.spawn(rounds.go)


class _Rounds:
    """At once when the bell rings; else every five seconds, for what is tried again."""

    def __init__(self, context: AppContext) -> None:
        self.bell = Bell()
        self._context = context
        self._courier = Courier(context.store, lambda: context.settings)
        self._busy: set[str] = set()

    def begin(self) -> None:
        """Before anybody is served: a new webhook is told everything from here on."""
        try:
            self._courier.tidy(self._context.now())
            self._courier.collect(self._context.now())
        except Refused:
            log_failure(self._context.store, log, "webhooks could not be prepared")

    def hear(self, events: Sequence[Event]) -> None:
        """A listener of the store. Where nobody is told anything, no call wakes anybody."""
        if self._courier.hooks and concerns_others(events):
            self.bell.set()

    def go(self) -> None:
        rounds = 1
        while True:
            # Whatever rings from here on is seen by this round or wakes the next one.
            self.bell.clear()
            try:
                if self._context.is_on_duty():
                    self._round(is_time_to_tidy=rounds % TIDY_EVERY_ROUNDS == 0)
            except Exception:
                log_failure(
                    self._context.store,
                    log,
                    "webhooks stumbled; next round in %s s",
                    LOOK_EVERY_SECONDS,
                )
            rounds += 1
            self.bell.wait(LOOK_EVERY_SECONDS)

    def _round(self, *, is_time_to_tidy: bool) -> None:
        if is_time_to_tidy:
            self._courier.tidy(self._context.now())
        self._courier.collect(self._context.now())
        for hook in self._courier.hooks:
            if hook.key not in self._busy:
                self._busy.add(hook.key)
                gevent.spawn(self._deliver, hook)

    def _deliver(self, hook: Webhook) -> None:
        has_sent = False
        try:
            while self._courier.deliver(hook, self._context.now()):
                has_sent = True
        except Exception:
            log_failure(self._context.store, log, "webhook=%s stumbled", hook.label)
        finally:
            self._busy.discard(hook.key)
            if has_sent:
                # What came in at the last moment found us busy.
                self.bell.set()
