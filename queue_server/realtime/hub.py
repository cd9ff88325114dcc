"""After every commit: the whole board to the walls first, then the desks, then the phones.

Commits that come while a push is under way share the next one; every message is a whole state
with the site's version, so skipping one loses nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial

import engineio
from flask import Flask
from flask_socketio import SocketIO

from queue_server.domain.events import Event, ForecastGiven, TicketRefused
from queue_server.domain.site import Site
from queue_server.queries.outlook import place_of
from queue_server.realtime import messages
from queue_server.realtime.states import board_of, crowd_of, queue_of
from queue_server.store import journal, tickets
from queue_server.web.app_context import EXTENSION, AppContext
from queue_server.web.serializers import brief, placed_ticket_out

log = logging.getLogger(__name__)
# A queue of forty is 15 kB for each of twenty desks: ten a second are plenty.
DESKS_EVERY_SECONDS = 0.1
PHONES_EVERY_SECONDS = 1.0
STILL = (ForecastGiven, TicketRefused)


class Hub:
    """Pushes what has changed; with `background=False` (tests) before `announce` returns."""

    def __init__(self, app: Flask, socketio: SocketIO, *, background: bool) -> None:
        self._app = app
        self._socketio = socketio
        self._changed: dict[str, set[int]] = {}
        self._background = background
        # As the library starts a task: ours first asks whether it waits for a sign of life.
        usual = partial(engineio.Server.start_background_task, socketio.server.eio)
        start = usual if background else None
        self._walls = Pace(self._guarded(self._push_round), 0, start, socketio.sleep)
        self._desks = Pace(
            self._guarded(self._push_queue), DESKS_EVERY_SECONDS, start, socketio.sleep
        )
        self._phones = Pace(
            self._guarded(self._push_crowd), PHONES_EVERY_SECONDS, start, socketio.sleep
        )

    def announce(self, events: Sequence[Event]) -> None:
        """A listener of the store: remember what changed and push soon.

        A recorded forecast changes nothing for anybody else, and neither does a refusal.
        """
        moving = [event for event in events if not isinstance(event, STILL)]
        for event in moving:
            changed = self._changed.setdefault(event.site, set())
            if event.ticket is not None:
                changed.add(event.ticket)
        for site in {event.site: None for event in moving}:
            self._walls.ask(site)
        if moving and self._background:
            self._let_walls_go_first()

    def _let_walls_go_first(self) -> None:
        """The request that acted still has to answer, which takes longer than a board.

        One turn of the loop computes the board, the next one writes it to the sockets.
        """
        for _ in range(2):
            self._socketio.sleep(0)

    def refresh(self) -> None:
        """Push every site once more: time alone makes appointments due and closes offices."""
        for site in self._context.settings.sites:
            self._walls.ask(site.id)

    def _push_round(self, site: Site) -> None:
        """One round. The order matters more than anything else for the wall's delay."""
        changed = self._changed.pop(site.id, set())
        try:
            # 1. the walls; their frames leave before anything else is computed
            self._push_board(site)
            self._socketio.sleep(0)
            # 2. the phones of those whom it concerns
            while changed:
                self._push_ticket(site, changed.pop())
        finally:
            # Whoever was not told because something failed is told with the next board.
            self._changed.setdefault(site.id, set()).update(changed)
            # 3. the desks, then all phones, each at their own pace
            self._desks.ask(site.id)
            self._phones.ask(site.id)

    def _push_board(self, site: Site) -> None:
        if self._has_listeners(messages.board_topic(site.id)):
            message = board_of(self._context, site)
            self._socketio.emit(messages.BOARD, message, to=messages.board_topic(site.id))

    def _push_queue(self, site: Site) -> None:
        if self._has_listeners(messages.queue_topic(site.id)):
            message = queue_of(self._context, site)
            self._socketio.emit(messages.QUEUE, message, to=messages.queue_topic(site.id))

    def _push_ticket(self, site: Site, id: int) -> None:
        if self._has_listeners(messages.ticket_topic(id)):
            # A forecast that is being made must not hold up the walls; the crowd brings it soon.
            told = self._context.forecasts.latest(site)
            with self._context.store.snapshot() as snapshot:
                ticket = tickets.get(snapshot, site.id, id)
                place = place_of(snapshot, site, ticket, self._context.now(), told)
                version = journal.version(snapshot, site.id)
            message = brief(placed_ticket_out(site, ticket, place)) | {"version": version}
            self._socketio.emit(messages.TICKET, message, to=messages.ticket_topic(id))

    def _push_crowd(self, site: Site) -> None:
        if self._has_listeners(messages.crowd_topic(site.id)):
            told = self._context.forecasts.of(site)
            message = crowd_of(self._context, site, told)
            self._socketio.emit(messages.PLACE, message, to=messages.crowd_topic(site.id))
            if self._context.forecasts.is_behind(site, told):
                # At their pace, and by then there is one that knows of the counter that opened.
                self._phones.ask(site.id)

    def _guarded(self, push: Callable[[Site], None]) -> Callable[[str], None]:
        """A failed push is logged; the next one sends the whole state anyway."""

        def run(site_id: str) -> None:
            try:
                push(self._context.site(site_id))
            except Exception:
                log.exception("push failed for site %s", site_id)

        return run

    @property
    def _context(self) -> AppContext:
        context: AppContext = self._app.extensions[EXTENSION]
        return context

    def _has_listeners(self, room: str) -> bool:
        rooms = self._socketio.server.manager.rooms.get("/", {})
        return bool(rooms.get(room))


class Pace:
    """Runs `work(site)` at most once in `seconds`; a site asked for meanwhile runs once after.

    `start` begins a background task and `sleep` pauses it; with `start=None` (tests) every
    request runs at once, and one that comes meanwhile right after it.
    """

    def __init__(
        self,
        work: Callable[[str], None],
        seconds: float,
        start: Callable[..., object] | None,
        sleep: Callable[[float], object],
    ) -> None:
        self._work = work
        self._seconds = seconds
        self._start = start
        self._sleep = sleep
        self._asked: set[str] = set()
        self._running: set[str] = set()

    def ask(self, site: str) -> None:
        """This site's state has changed."""
        self._asked.add(site)
        if site in self._running:
            return
        self._running.add(site)
        if self._start is None:
            self._run(site)
        else:
            self._start(self._run, site)

    def _run(self, site: str) -> None:
        try:
            while site in self._asked:
                self._asked.discard(site)
                self._work(site)
                if self._start is not None:
                    self._sleep(self._seconds)
        finally:
            self._running.discard(site)
