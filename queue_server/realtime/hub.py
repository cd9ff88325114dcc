"""After every commit: the whole board to the walls first, then the desks, then the phones.

Commits that come while a push is under way share the next one; every message is a whole state
with the site's version, so skipping one loses nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from flask import Flask
from flask_socketio import SocketIO

from queue_server.domain.events import Event
from queue_server.domain.site import Site
from queue_server.queries.board import board
from queue_server.queries.outlook import crowd, place_of
from queue_server.queries.queue import queue
from queue_server.realtime import messages, topics
from queue_server.store import tickets
from queue_server.web.hall import Hall
from queue_server.web.wire import board_out, brief, crowd_out, placed_ticket_out, plain, queue_out

log = logging.getLogger(__name__)
PHONES_EVERY_SECONDS = 1.0


class Hub:
    """Pushes what has changed; with `background=False` (tests) before `announce` returns."""

    def __init__(self, app: Flask, socketio: SocketIO, *, background: bool) -> None:
        self._app = app
        self._socketio = socketio
        self._background = background
        self._changed: dict[str, set[int]] = {}
        self._pushing: set[str] = set()
        self._crowd_due: set[str] = set()

    def announce(self, events: Sequence[Event]) -> None:
        """A listener of the store: remember what changed and push soon."""
        for event in events:
            changed = self._changed.setdefault(event.site, set())
            if event.ticket is not None:
                changed.add(event.ticket)
        self._push_changed()

    def refresh(self) -> None:
        """Push every site once more: time alone makes appointments due and closes offices."""
        for site in self._house.settings.sites:
            self._changed.setdefault(site.id, set())
        self._push_changed()

    def _push_changed(self) -> None:
        for site in list(self._changed):
            if site not in self._pushing:
                self._pushing.add(site)
                self._start(self._push_until_quiet, site)

    def _start(self, work: Any, site: str) -> None:
        if self._background:
            self._socketio.start_background_task(work, site)
        else:
            work(site)

    def _push_until_quiet(self, site_id: str) -> None:
        try:
            while (changed := self._changed.pop(site_id, None)) is not None:
                self._push(self._house.site(site_id), changed)
        except Exception:
            log.exception("push failed for site %s", site_id)
        finally:
            self._pushing.discard(site_id)

    def _push(self, site: Site, changed: set[int]) -> None:
        """One round. The order matters more than anything else for the wall's delay."""
        # 1. the walls
        self._push_board(site)
        # 2. let their frames leave before anything else is computed
        self._pause()
        # 3. the desks
        self._push_queue(site)
        self._pause()
        # 4. the phones it concerns, then all phones, at most once a second
        for ticket in changed:
            self._push_ticket(site, ticket)
        self._push_crowd_soon(site)

    def _push_board(self, site: Site) -> None:
        if self._has_listeners(topics.board(site.id)):
            with self._house.store.snapshot() as snapshot:
                message = plain(board_out(site, board(snapshot, site, self._house.now())))
            self._socketio.emit(messages.BOARD, message, to=topics.board(site.id))

    def _push_queue(self, site: Site) -> None:
        if self._has_listeners(topics.queue(site.id)):
            with self._house.store.snapshot() as snapshot:
                message = brief(queue_out(site, queue(snapshot, site, self._house.now())))
            self._socketio.emit(messages.QUEUE, message, to=topics.queue(site.id))

    def _push_ticket(self, site: Site, id: int) -> None:
        if self._has_listeners(topics.ticket(id)):
            with self._house.store.snapshot() as snapshot:
                ticket = tickets.get(snapshot, site.id, id)
                place = place_of(snapshot, site, ticket, self._house.now())
            message = brief(placed_ticket_out(site, ticket, place))
            self._socketio.emit(messages.TICKET, message, to=topics.ticket(id))

    def _push_crowd_soon(self, site: Site) -> None:
        if site.id not in self._crowd_due and self._has_listeners(topics.crowd(site.id)):
            self._crowd_due.add(site.id)
            self._start(self._push_crowd, site.id)

    def _push_crowd(self, site_id: str) -> None:
        if self._background:
            self._socketio.sleep(PHONES_EVERY_SECONDS)
        self._crowd_due.discard(site_id)
        site = self._house.site(site_id)
        with self._house.store.snapshot() as snapshot:
            message = plain(crowd_out(site, crowd(snapshot, site, self._house.now())))
        self._socketio.emit(messages.PLACE, message, to=topics.crowd(site_id))

    @property
    def _house(self) -> Hall:
        house: Hall = self._app.extensions["aufruf"]
        return house

    def _pause(self) -> None:
        if self._background:
            self._socketio.sleep(0)

    def _has_listeners(self, room: str) -> bool:
        rooms = self._socketio.server.manager.rooms.get("/", {})
        return bool(rooms.get(room))
