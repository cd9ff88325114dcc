"""The messenger: looks for what phones have not been told, and tells them.

What is to be told stands in the database and nowhere else, so a restart goes on where the last run
ended, and the line is never longer than people wait. A push service that hangs keeps a thread of
this room for a few seconds, and no call and no letter waits for it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from queue_server.domain.errors import BadRequest
from queue_server.domain.event import Event
from queue_server.domain.every_site import at_every_site
from queue_server.domain.site import Site
from queue_server.languages import direction, marked, texts, usable, words
from queue_server.languages.ahead import AHEAD
from queue_server.languages.office_texts import counter_name, own_words
from queue_server.push import keys
from queue_server.push.endpoint import endpoint_of
from queue_server.push.sending import Outcome, PushFailed, PushMessage, send
from queue_server.queries.to_tell import PushNews, to_tell
from queue_server.settings import Settings
from queue_server.store import subscriptions
from queue_server.store.database import NO_SITE, Offload, run_here
from queue_server.store.transaction import Store

log = logging.getLogger(__name__)
MOST_AT_ONCE = 32
"""Messages under way; the others stay in the database until one of them has ended."""
PAUSES_SECONDS = (5, 15, 30)
# Longer than any try takes: whoever claimed a message and was killed is taken over from then on.
CLAIMED_FOR = timedelta(seconds=60)
CALLED = marked("jetzt zu {counter}")
COME_NOW = marked("Bitte kommen Sie jetzt.")
COME_AT_ONCE = marked("Sie wurden schon mehrmals aufgerufen. Bitte kommen Sie gleich.")
SOON = marked("Gleich sind Sie dran")
COME_NEAR = marked("Bitte kommen Sie in den Wartebereich.")
# A call that reaches nobody by then is somebody else's turn; that it is soon holds longer.
CALL_SECONDS, SOON_SECONDS = 120, 300
Spoken = tuple[str, tuple[str, ...]]
"""A title and the sentences below it."""


def concerns_phones(events: Sequence[Event]) -> bool:
    """Whether somebody may have been called, or have moved up."""
    return any(event.ticket is not None or event.counter is not None for event in events)


class Messenger:
    """One a server; several on one database share the work and tell nobody twice.

    `offload` runs a try in a thread of its own pool, and `later` begins work that nobody waits for.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        clock: Callable[[], datetime],
        *,
        offload: Offload = run_here,
        later: Callable[[Callable[[], None]], object] = run_here,
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._offload = offload
        self._later = later
        self._under_way = 0

    def use(self, settings: Settings) -> None:
        """As config.toml says from now on; push may have been switched on or off in it."""
        self._settings = settings

    def round(self) -> int:
        """Begin to tell everybody who is to be told now; returns how many were begun."""
        if not self._settings.push.enabled:
            return 0
        return sum(at_every_site(self._settings.sites, self._tell))

    def _tell(self, site: Site) -> int:
        now, room = self._clock(), MOST_AT_ONCE - self._under_way
        with self._store.snapshot() as snapshot:
            found = to_tell(snapshot, site, now)[: max(0, room)]
        mine = self._claimed(found, now)
        for news in mine:
            self._under_way += 1
            self._later(lambda news=news: self._deliver(site, news))  # type: ignore[misc]
        return len(mine)

    def _claimed(self, found: list[PushNews], now: datetime) -> list[PushNews]:
        if not found:
            return []
        until = now + CLAIMED_FOR
        with self._store.transaction(NO_SITE) as tx:
            return [each for each in found if subscriptions.claim(tx, each.subscription, until)]

    def _deliver(self, site: Site, news: PushNews) -> None:
        """Never raises: nobody waits for it."""
        try:
            self._try(site, news)
        except Exception as error:
            # Its text may hold the address of the phone.
            log.error("telling the phone of ticket=%s: %s", news.ticket.id, type(error).__name__)
        finally:
            self._under_way -= 1

    def _try(self, site: Site, news: PushNews) -> None:
        try:
            self._offload(lambda: self._send(site, news))
        except PushFailed as failed:
            self._failed(news, failed)
        else:
            self._told(news)
            log.info("told the phone of ticket=%s call=%s", news.ticket.id, news.ticket.call)

    def _send(self, site: Site, news: PushNews) -> None:
        push, to = self._settings.push, news.subscription.to
        try:
            endpoint = endpoint_of(to.endpoint, is_local_allowed=push.local_endpoints)
        except BadRequest:
            raise PushFailed(Outcome.GONE, "bad address") from None
        signature = keys.signed(self._store, endpoint.origin, push.contact, self._clock())
        send(endpoint, to, message_of(site, news), signature, is_local_allowed=push.local_endpoints)

    def _failed(self, news: PushNews, failed: PushFailed) -> None:
        log.warning("the phone of ticket=%s was not told: %s", news.ticket.id, failed)
        tries = news.subscription.tries
        if failed.outcome is Outcome.GONE:
            with self._store.transaction(NO_SITE) as tx:
                subscriptions.remove(tx, news.subscription.id)
        elif failed.outcome is Outcome.NEVER or tries >= len(PAUSES_SECONDS):
            self._told(news)
        else:
            pause = timedelta(seconds=max(PAUSES_SECONDS[tries], failed.pause_seconds))
            with self._store.transaction(NO_SITE) as tx:
                subscriptions.again(tx, news.subscription.id, self._clock() + pause)

    def _told(self, news: PushNews) -> None:
        """Also of a message that was given up: nobody is told of an old call for ever."""
        ticket, id = news.ticket, news.subscription.id
        with self._store.transaction(NO_SITE) as tx:
            if news.is_call:
                subscriptions.told_call(tx, id, ticket.call or 0, ticket.calls)
            else:
                subscriptions.told_soon(tx, id)


def message_of(site: Site, news: PushNews) -> PushMessage:
    """The message in the language of the phone; only its browser can read it."""
    language = usable(news.subscription.language)
    title, sentences = (_call if news.is_call else _soon)(site, news, language)
    said = {
        "title": f"{words.no_break(news.ticket.number)}: {title}",
        "body": " ".join(filter(None, sentences)),
        "language": language,
        "direction": direction(language),
        "tag": news.ticket.number,
        "address": f"/t/{news.ticket.token}",
    }
    text = json.dumps(said, ensure_ascii=False).encode()
    return PushMessage(text, CALL_SECONDS if news.is_call else SOON_SECONDS)


def _call(site: Site, news: PushNews, language: str) -> Spoken:
    ticket, _ = news.ticket, texts(language).gettext
    counter = counter_name(site, ticket.counter or "", language)
    way = words.way(_direction(site, ticket.counter), language)
    come = _(COME_AT_ONCE if ticket.calls > 1 else COME_NOW)
    place = f"{way} ({own_words(site, site.name, language)})." if way else ""
    return _(CALLED).format(counter=counter), (come, place)


def _soon(site: Site, news: PushNews, language: str) -> Spoken:
    _ = texts(language).gettext
    ahead = words.counted(news.ahead or 0, *AHEAD, language)
    return _(SOON), (f"{ahead}.", _(COME_NEAR))


def _direction(site: Site, counter: str | None) -> str:
    return next((each.direction for each in site.counters if each.id == counter), "")
