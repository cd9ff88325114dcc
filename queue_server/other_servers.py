"""Several servers on one PostgreSQL are one office: each hears what the others have written.

No message for a screen travels between servers. Whoever hears that a site has moved on reads the
journal and pushes the whole state from its own snapshot to its own sockets. The word itself may be
lost: every server also looks at the journal every two seconds.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import gevent
from gevent.event import Event as Bell

from queue_server.domain.errors import StorageFailed
from queue_server.domain.event import Event
from queue_server.domain.site import Site
from queue_server.rounds import log_failure
from queue_server.store import journal
from queue_server.store.database import Numbered, Reader, milliseconds, moment
from queue_server.store.engines import line_of, wait_by
from queue_server.store.versions import versions
from queue_server.web.app_context import AppContext
from queue_server.web.devices import KioskReport

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 2.0
# However much is written, the journal is read so often at most.
PAUSE_SECONDS = 0.005


def join_others(context: AppContext) -> None:
    """From now on, and as long as the server runs. A database file has no other servers."""
    database = context.settings.database
    if database.is_postgres:
        wait_by(database.url, until_ready)
        OtherServers(context).begin()


def until_ready(socket: int, events: int) -> None:
    """Let others work until this socket may be read or written."""
    hub = gevent.get_hub()
    watcher = hub.loop.io(socket, int(events))
    try:
        hub.wait(watcher)
    finally:
        watcher.close()


class OtherServers:
    """Tells them, hears them, and does what one does for all when nobody else does."""

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._sender, self._listener = line_of(context.settings.database.url)
        self._news = SiteNews()
        self._to_tell: dict[str, dict[str, Any]] = {}
        self._bell = Bell()
        self._is_cut = False

    def begin(self) -> None:
        """Before anybody is served: what is written from here on is heard."""
        self._context.is_on_duty = lambda: self._listener.is_on_duty
        self._context.store.listen_to_numbers(self._news.note)
        self._context.store.listen(self._tell_soon, own_only=True)
        self._context.kiosks.on_report = self._pass_on
        self._open()
        with self._context.store.snapshot() as snapshot:
            self._news.begin(snapshot, self._context.settings.sites)
        gevent.spawn(self._tell)
        gevent.spawn(self._follow)

    def _open(self) -> None:
        self._listener.open()
        self._listener.look_for_duty()

    def _tell_soon(self, events: Sequence[Event]) -> None:
        """A listener of the store: the others hear of what was written here."""
        for event in events:
            self._to_tell[f"site {event.site}"] = {"site": event.site}
        self._bell.set()

    def _pass_on(self, kiosk: str, report: KioskReport) -> None:
        """A kiosk reports to one server, and the office page of each shows how it is."""
        facts = {"at": milliseconds(report.at), "version": report.version, "camera": report.camera}
        self._to_tell[f"kiosk {kiosk}"] = {"kiosk": kiosk, **facts}
        self._bell.set()

    def _tell(self) -> None:
        """What is written while one word is under way goes out with the next."""
        while True:
            self._bell.wait()
            self._bell.clear()
            news, self._to_tell = self._to_tell, {}
            self._sender.tell(news.values())

    def _follow(self) -> None:
        while True:
            try:
                self._hear_for_a_while()
                self._say_once(cut=False)
            except StorageFailed as trouble:
                self._say_once(cut=True, reason=trouble.facts.get("reason"))
                self._listener.close()
                self._look()
                gevent.sleep(LOOK_EVERY_SECONDS)
            except Exception:
                log_failure(self._context.store, log, "following the other servers stumbled")
                gevent.sleep(LOOK_EVERY_SECONDS)

    def _hear_for_a_while(self) -> None:
        """Two seconds. Raises `StorageFailed` when the line is cut."""
        if not self._listener.is_open:
            self._open()
        self._listener.look_for_duty()
        self._look()
        until = time.monotonic() + LOOK_EVERY_SECONDS
        while (left := until - time.monotonic()) > 0:
            self._take_in(self._listener.hear(left))

    def _take_in(self, messages: Sequence[Mapping[str, Any]]) -> None:
        for message in messages:
            if "kiosk" in message:
                at, version, camera = (message[name] for name in ("at", "version", "camera"))
                self._context.kiosks.keep(
                    message["kiosk"], KioskReport(moment(at), version, camera)
                )
        named = {message["site"] for message in messages if "site" in message}
        if named:
            self._look([site for site in self._context.settings.sites if site.id in named])
            gevent.sleep(PAUSE_SECONDS)

    def _look(self, sites: Sequence[Site] | None = None) -> None:
        """Read what others have written, everywhere or there, and let everybody here know."""
        try:
            with self._context.store.snapshot() as snapshot:
                every = self._context.settings.sites
                moved = self._news.moved(snapshot, every) if sites is None else sites
                found = self._news.read(snapshot, moved)
        except StorageFailed:
            # Readers are refused as well; the next look finds everything.
            return
        if found:
            self._context.store.hear(found)

    def _say_once(self, *, cut: bool, reason: object = None) -> None:
        if cut and not self._is_cut:
            log.warning("the line to the other servers is cut: %s", reason)
        elif self._is_cut and not cut:
            log.warning("the line to the other servers is there again")
        self._is_cut = cut


class SiteNews:
    """How far the journal of each site was read, and which of what follows is ours."""

    def __init__(self) -> None:
        self._read_to: dict[str, int] = {}
        self._own: dict[str, set[int]] = {}

    def begin(self, reader: Reader, sites: Iterable[Site]) -> None:
        """What stands there is known."""
        for site in sites:
            self._read_to[site.id] = journal.version(reader, site.id)

    def note(self, written: Iterable[Numbered]) -> None:
        """These events of a site were written here, so whoever listens has heard them."""
        for site, seq in written:
            self._own.setdefault(site, set()).add(seq)

    def moved(self, reader: Reader, sites: Iterable[Site]) -> list[Site]:
        """Where there is something to read, by one look at all sites."""
        newest = versions(reader)
        return [site for site in sites if newest.get(site.id, 0) != self._read_to.get(site.id)]

    def read(self, reader: Reader, sites: Iterable[Site]) -> list[Event]:
        """What others have written there since the last time, each site in its order.

        Nothing counts as read until all is, for the connection may be cut off in the middle.
        """
        found = {site.id: self._of_site(reader, site.id) for site in sites}
        return [event for site in found for event in self._of_others(site, *found[site])]

    def _of_site(self, reader: Reader, site: str) -> tuple[int, list[journal.Numbered]]:
        """The newest event of a site, and all that follow those that were read."""
        after, numbered = self._read_to.get(site), list[journal.Numbered]()
        if after is not None:
            numbered = list(journal.numbered(reader, site, after=after))
        # What stood there before this site was heard of is known.
        newest = numbered[-1][0] if numbered else journal.version(reader, site)
        return newest, numbered

    def _of_others(
        self, site: str, newest: int, numbered: Iterable[journal.Numbered]
    ) -> list[Event]:
        own = self._own.get(site, set())
        self._read_to[site] = newest
        self._own[site] = {seq for seq in own if seq > newest}
        return [event for seq, event in numbered if seq not in own]
