"""The application as the worker runs it: gevent, native threads, housekeeper and postman."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime

import gevent
from flask import Flask
from gevent.event import Event as Bell
from gevent.monkey import get_original
from gunicorn.http.errors import NoMoreData, ParseException

from queue_server.actions import desks, housekeeping, rules, settings_change
from queue_server.app import create_app
from queue_server.backup_rounds import keep_backups
from queue_server.domain.errors import StorageFailed
from queue_server.domain.every_site import at_every_site
from queue_server.domain.site import Site
from queue_server.domain.timestamps import ClockWatch
from queue_server.history.audit import audit_nights
from queue_server.mail.carriers import forget_letters
from queue_server.mail.postman import Postman, concerns_letters
from queue_server.native_threads import native_pools
from queue_server.night_rounds import Nights
from queue_server.other_servers import join_others
from queue_server.push_rounds import tell_phones
from queue_server.realtime.ended_rights import hang_up_ended
from queue_server.realtime.hub import Hub
from queue_server.rounds import log_failure
from queue_server.settings import Settings
from queue_server.settings.editing.difference import site_marks
from queue_server.stop_rounds import follow_forecasts
from queue_server.web import errors, printers
from queue_server.web.app_context import EXTENSION, AppContext, utc_now
from queue_server.webhook_rounds import tell_others

log = logging.getLogger(__name__)
SWITCH_SECONDS = 0.0001
TIDY_EVERY_SECONDS = 20
WATCH_EVERY_SECONDS = 2
FILE_EVERY_SECONDS = 3
RECORD_AFTER_SECONDS = 1
HOUSE_EVERY_ROUNDS = 30
# A wipe is tried every 20 s; whoever reads for longer than this is no page and no report of ours.
WIPED_WITHIN_SECONDS = 300
# A forecast lasts some tens of milliseconds; between its futures everybody else may work.
WORK_SECONDS, PAUSE_SECONDS = 0.002, 0.0003
_really_sleep = get_original("time", "sleep")


class Pause:
    """In a native thread: give the interpreter to the hub for a moment, every two milliseconds."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self) -> None:
        if time.monotonic() - self._last >= WORK_SECONDS:
            _really_sleep(PAUSE_SECONDS)
            self._last = time.monotonic()


def serving_app(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Flask:
    """The live application: pushes after answers, then letters, and housekeeping every 20 s."""
    # A finished COMMIT must not wait 5 ms for the interpreter while the hub or a forecast is busy.
    sys.setswitchinterval(SWITCH_SECONDS)
    app = create_app(
        settings, clock=clock, async_mode="gevent", pools=native_pools(), background=True
    )
    context: AppContext = app.extensions[EXTENSION]
    # Before the first word is written: others hear it, and one of all servers has the duties.
    join_others(context)
    for broken_body in (ParseException, NoMoreData):
        app.register_error_handler(broken_body, errors.unreadable)
    _note_settings(context)
    postman, bell = Postman(context.store, context.settings, offload=context.pools.mail), Bell()
    context.configuration.on_change.append(postman.use)
    context.forecasts.shared, context.forecasts.pause = True, Pause()
    context.store.listen(lambda events: bell.set() if concerns_letters(events) else None)
    gevent.spawn(_keep_tidy, app, postman)
    gevent.spawn(_carry_letters, context, postman, bell)
    _tell_outside(context)
    follow_forecasts(context)
    gevent.spawn(_record_what_was_told, context)
    gevent.spawn(_watch_printers, context)
    _look_after_files(context)
    return app


def _note_settings(context: AppContext) -> None:
    """The journal knows by which rule and which settings people are served from now on."""
    marks = site_marks(context.settings.text)
    for site in context.settings.sites:
        rules.note(context.store, site, now=context.now())
        settings_change.note_start(context.store, site, marks.get(site.id, ""), now=context.now())


def _tell_outside(context: AppContext) -> None:
    """Other systems, and phones whose page is closed."""
    tell_others(context)
    tell_phones(context)


def _look_after_files(context: AppContext) -> None:
    """Backups of the database, and config.toml under the hands of others."""
    keep_backups(context)
    gevent.spawn(_watch_the_file, context)


def _record_what_was_told(context: AppContext) -> None:
    """What holders of new numbers are told goes into the journal after they have been answered."""
    bell = Bell()
    context.told.wake = bell.set
    while True:
        bell.wait()
        # By then they know it themselves, and all of them share a commit.
        gevent.sleep(RECORD_AFTER_SECONDS)
        bell.clear()
        context.told.record()


def _watch_printers(context: AppContext) -> None:
    """One printer after the other is asked how it is, so that slips find a free thread."""
    while True:
        try:
            printers.ask_all(context)
        except Exception:
            log_failure(
                context.store,
                log,
                "asking the printers failed; next look in %s s",
                WATCH_EVERY_SECONDS,
            )
        gevent.sleep(WATCH_EVERY_SECONDS)


def _watch_the_file(context: AppContext) -> None:
    """A hand that edits config.toml waits some seconds, and then sees it in force."""
    while True:
        try:
            if context.configuration.look(context.now()):
                _tell_of_the_file(context)
        except Exception:
            log_failure(
                context.store,
                log,
                "looking at config.toml failed; next look in %s s",
                FILE_EVERY_SECONDS,
            )
        gevent.sleep(FILE_EVERY_SECONDS)


def _tell_of_the_file(context: AppContext) -> None:
    found = context.configuration.hand_edit
    if found is None:
        log.info("config.toml was changed by hand and is in force")
    for problem in found.problems if found else ():
        log.warning("config.toml was changed by hand and is not in force: %s", problem)
    if found and not found.problems:
        log.warning("config.toml was changed by hand and is not in force; see the office page")


def _carry_letters(context: AppContext, postman: Postman, bell: Bell) -> None:
    """At once when the bell rings, else every 20 s; only this greenlet waits for a mail server."""
    while True:
        # Whatever rings from here on is seen by this round or wakes the next one.
        bell.clear()
        try:
            while context.is_on_duty() and postman.round(context.now()):
                pass
        except Exception:
            log_failure(
                context.store, log, "the postman stumbled; next round in %s s", TIDY_EVERY_SECONDS
            )
        bell.wait(TIDY_EVERY_SECONDS)


def _keep_tidy(app: Flask, postman: Postman) -> None:
    context: AppContext = app.extensions[EXTENSION]
    rounds, watch, nights = 0, ClockWatch(), Nights(context)
    while True:
        try:
            keep_house(app, postman, watch, with_people=rounds % HOUSE_EVERY_ROUNDS == 0)
            nights.look()
        except Exception:
            log_failure(
                context.store, log, "housekeeping failed; next try in %s s", TIDY_EVERY_SECONDS
            )
        rounds += 1
        gevent.sleep(TIDY_EVERY_SECONDS)


def keep_house(app: Flask, postman: Postman, watch: ClockWatch, *, with_people: bool) -> None:
    """One round. What time alone changes is also shown while nothing can be written."""
    context: AppContext = app.extensions[EXTENSION]
    try:
        _mind_the_clock(context, watch)
        tidy(context)
        if with_people:
            forget(context)
    finally:
        _refresh(app)
    if with_people and context.is_on_duty():
        postman.tidy(context.now())
        _look_back(context)


def _mind_the_clock(context: AppContext, watch: ClockWatch) -> None:
    """Before anything is tidied: when the clock jumps ahead, nobody has left their counter.

    As long as that cannot be written down, nothing is tidied.
    """
    now, ticks = context.now(), time.monotonic()
    if step := watch.was_set_by(now, ticks):
        log.warning("the clock was set by %.0f s", step.total_seconds())
        _count_absence_anew(context)
    watch.settle(now, ticks)


def _count_absence_anew(context: AppContext) -> None:
    store = context.store
    try:
        at_every_site(
            _looked_after(context),
            lambda site: desks.count_absence_anew(store, site, now=context.now()),
        )
    except StorageFailed:
        raise
    except Exception:
        log_failure(store, log, "absence could not be counted anew")


def tidy(context: AppContext) -> None:
    """One of several servers looks after the offices, each after its own way to the database."""
    at_every_site(_looked_after(context), lambda site: _tidy_site(context, site))
    context.store.tidy()


def _tidy_site(context: AppContext, site: Site) -> None:
    housekeeping.tidy_site(context.store, site, now=context.now(), prefetch=context.prefetch)


def _looked_after(context: AppContext) -> Sequence[Site]:
    """The sites that this server is there for."""
    return context.settings.sites if context.is_on_duty() else ()


def forget(context: AppContext) -> None:
    """Everybody who is due, wherever they stand: database, its log, letters, what was kept.

    Of several servers one looks after the database, and each after the files of its machine.
    """
    if context.is_on_duty():
        _forget_in_database(context)
    _forget_files(context)


def _forget_in_database(context: AppContext) -> None:
    """Also what was forgotten by others: the log beside the database is emptied in any case."""
    if context.store.unwiped_seconds > WIPED_WITHIN_SECONDS:
        log.warning("another program has kept deleted data in the database's log for %.0f minutes",
                    context.store.unwiped_seconds / 60)  # fmt: skip
    housekeeping.tidy_records(context.store, now=context.now())
    context.store.wipe()


def _forget_files(context: AppContext) -> None:
    """Letters, and what restoring kept; what the disk holds on to is tried again."""
    settings = context.settings
    try:
        with context.store.snapshot() as snapshot:
            forget_letters(snapshot, settings)
        backup_days = settings.privacy.backup_days
        housekeeping.forget_copies(context.store, backup_days=backup_days, now=context.now())
    except OSError as error:
        log.error("old files could not be deleted: %s", error.strerror)


def _look_back(context: AppContext) -> None:
    """After midnight: was every call of the day the one that the rule gave?"""
    store, slowly = context.store, context.pools.reports
    at_every_site(
        context.settings.sites,
        lambda site: audit_nights(store, site, now=context.now(), slowly=slowly),
    )


def _refresh(app: Flask) -> None:
    """Time alone changes the board, and sessions end without this process being told."""
    hang_up_ended(app.extensions["socketio"], app.extensions[EXTENSION])
    hub: Hub = app.extensions["hub"]
    hub.refresh()
