"""The courier: puts what has happened into the outbox of each webhook, and takes it there.

Nothing is lost: what is told stands in the journal before anybody tries to tell it, and a try is
counted before it is made. Whoever pulls the plug between "taken" and the note of it makes the same
message go out twice, with the same id. Of several servers at one database one sends at a time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from queue_server.domain.event import Event
from queue_server.domain.events import DeliveryRepeated
from queue_server.domain.site import Site
from queue_server.domain.webhook import TOLD_AS, Webhook
from queue_server.settings import Settings
from queue_server.store import deliveries, journal, marks
from queue_server.store.database import NO_SITE, Reader
from queue_server.store.deliveries import Delivery, Receiver
from queue_server.store.transaction import Store, Transaction
from queue_server.webhooks.messages import body_of
from queue_server.webhooks.sending import WHOLE_SECONDS, ReceiverTrouble, send

log = logging.getLogger(__name__)
OFFICE = "webhook_office"
PAUSES = tuple(timedelta(seconds=each) for each in (5, 15, 60, 300, 900, 1800, 3600))
GIVE_UP_AFTER = timedelta(days=1)
MOST_TRIES = 50
# A receiver that stumbles over this one so often gets the next one first.
STEP_ASIDE_AFTER = 4
# With this answer something is wrong with the message; with any other, with the receiver.
ABOUT_THE_MESSAGE = (400, 409, 413, 422)
LEASE = timedelta(seconds=3 * WHOLE_SECONDS)
KEPT = timedelta(days=14)
# What concerns nobody is not noted one by one.
NOTE_EVERY = 1000


def concerns_others(events: Sequence[Event]) -> bool:
    """Whether one of these events may be told to others, or is a wish to tell something again."""
    return any(type(event) in TOLD_AS or type(event) is DeliveryRepeated for event in events)


class Courier:
    """`settings` are read each time. Only one may deliver to a webhook at a time."""

    def __init__(
        self,
        store: Store,
        settings: Callable[[], Settings],
        *,
        deliver_by: Callable[[Webhook, str, int], None] = send,
    ) -> None:
        self._store = store
        self._settings = settings
        self._send = deliver_by

    @property
    def hooks(self) -> tuple[Webhook, ...]:
        return self._settings().webhooks

    def collect(self, now: datetime) -> int:
        """Put what happened since the last time into the outbox; returns how much.

        What was before a webhook was configured is not told.
        """
        sites = self._settings().sites
        return sum(self._collect(hook, site, now) for hook in self.hooks for site in sites)

    def deliver(self, hook: Webhook, now: datetime) -> bool:
        """Try the first that is due; whether there was one."""
        delivery = self._claimed(hook, now)
        if delivery is None:
            return False
        try:
            self._send(hook, delivery.body, int(now.timestamp()))
        except ReceiverTrouble as trouble:
            self._failed(hook, delivery, trouble, now)
        except Exception:
            with self._store.transaction(NO_SITE) as tx:
                deliveries.free(tx, hook.key)
            raise
        else:
            self._took(hook, delivery, now)
        return True

    def tidy(self, now: datetime) -> int:
        """Forget what ended long ago, and webhooks that are configured no longer.

        Returns how many deliveries were deleted by age.
        """
        configured = {hook.key for hook in self.hooks}
        with self._store.transaction(NO_SITE) as tx:
            deliveries.forget_hooks(tx, deliveries.known_hooks(tx) - configured)
            return deliveries.sweep(tx, now - KEPT)

    # -- collecting --------------------------------------------------------------------------

    def _collect(self, hook: Webhook, site: Site, now: datetime) -> int:
        with self._store.snapshot() as snapshot:
            if not _has_news(snapshot, hook, site):
                return 0
        with self._store.transaction(site.id) as tx:
            newest = journal.version(tx, site.id)
            after = deliveries.collected_to(tx, hook.key, site.id)
            added = 0 if after is None else _add_after(tx, hook, site, after, now)
            deliveries.collect_to(tx, hook.key, site.id, newest)
            return added

    # -- delivering --------------------------------------------------------------------------

    def _claimed(self, hook: Webhook, now: datetime) -> Delivery | None:
        with self._store.snapshot() as snapshot:
            if _first(snapshot, hook, now) is None:
                return None
        with self._store.transaction(NO_SITE) as tx:
            found = _first(tx, hook, now)
            if found is not None:
                deliveries.claim(tx, found, now + LEASE)
            return found

    def _took(self, hook: Webhook, delivery: Delivery, now: datetime) -> None:
        with self._store.transaction(NO_SITE) as tx:
            deliveries.took(tx, delivery, now)
        log.info("told webhook=%s delivery=%s event=%s", hook.label, delivery.id, delivery.event)

    def _failed(
        self, hook: Webhook, delivery: Delivery, trouble: ReceiverTrouble, now: datetime
    ) -> None:
        with self._store.transaction(NO_SITE) as tx:
            known = deliveries.receiver(tx, hook.key)
            rest = pause_after(known.failures if known else 0)
            _put_off(tx, delivery, trouble, now)
            if trouble.status in ABOUT_THE_MESSAGE:
                deliveries.free(tx, hook.key)
            else:
                deliveries.let_rest(tx, hook.key, now + rest, str(trouble))
                old = now - GIVE_UP_AFTER
                deliveries.give_up_older(tx, hook.key, old, str(trouble), now)
        log.warning("webhook=%s delivery=%s: %s", hook.label, delivery.id, trouble)


def pause_after(tries: int) -> timedelta:
    """How long something rests that failed this often before."""
    return PAUSES[min(tries, len(PAUSES) - 1)]


def _has_news(reader: Reader, hook: Webhook, site: Site) -> bool:
    after = deliveries.collected_to(reader, hook.key, site.id)
    if after is None or journal.version(reader, site.id) - after >= NOTE_EVERY:
        return True
    return any(_is_told(hook, event) for _, event in journal.numbered(reader, site.id, after=after))


def _is_told(hook: Webhook, event: Event) -> bool:
    return TOLD_AS.get(type(event)) in hook.events


def _add_after(tx: Transaction, hook: Webhook, site: Site, after: int, now: datetime) -> int:
    office, added = marks.secret(tx, OFFICE), 0
    for seq, event in journal.numbered(tx, site.id, after=after, kinds=TOLD_AS):
        if _is_told(hook, event):
            body = body_of(tx, site, seq, event, office)
            deliveries.add(tx, hook.key, site.id, seq, TOLD_AS[type(event)], body, now)
            added += 1
    return added


def _first(reader: Reader, hook: Webhook, now: datetime) -> Delivery | None:
    """What is to be tried now, unless the webhook rests or somebody else delivers to it."""
    known = deliveries.receiver(reader, hook.key)
    if known is not None and not _is_free(known, now):
        return None
    return deliveries.first_due(reader, hook.key, now)


def _is_free(known: Receiver, now: datetime) -> bool:
    """A clock that was set back must not make anybody wait longer than the longest pause."""
    rests = now < known.rests_until <= now + PAUSES[-1]
    is_claimed = now < known.claimed_until <= now + LEASE
    return not (rests or is_claimed)


def _put_off(tx: Transaction, delivery: Delivery, trouble: ReceiverTrouble, now: datetime) -> None:
    """An unanswered one stays the first, so that the order is kept; one that was refused waits."""
    tries = delivery.tries + 1
    if now - delivery.made_at >= GIVE_UP_AFTER or tries >= MOST_TRIES:
        deliveries.give_up(tx, delivery, str(trouble), now)
        return
    pause = timedelta()
    if trouble.status in ABOUT_THE_MESSAGE:
        pause = pause_after(delivery.tries)
    elif trouble.status and tries >= STEP_ASIDE_AFTER:
        pause = 2 * pause_after(delivery.tries)
    deliveries.put_off(tx, delivery, now + pause, str(trouble))
