"""Assembly: settings, store, application context, pages, sockets. Nothing here decides anything."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask
from flask_socketio import SocketIO
from werkzeug.middleware.proxy_fix import ProxyFix

import display.pages
import kiosk.pages
import queue_server.api.appointments
import queue_server.api.counters
import queue_server.api.docs_page
import queue_server.api.help_calls
import queue_server.api.openapi
import queue_server.api.push
import queue_server.api.rules
import queue_server.api.sites
import queue_server.api.statistics
import queue_server.api.stops
import queue_server.api.tickets
import queue_server.api.what_if  # noqa: F401
import queue_server.booking.pages
import queue_server.desk.pages
import queue_server.embed.pages
import queue_server.office.pages
from queue_server.api.blueprint import api
from queue_server.realtime import sockets
from queue_server.realtime.admission import LONGEST_PACKET
from queue_server.realtime.direct import DirectManager
from queue_server.realtime.engine import guard as guard_engine
from queue_server.realtime.hub import Hub
from queue_server.realtime.websocket import WebSocket
from queue_server.realtime.written import MessageJson
from queue_server.settings import VERSION, Settings
from queue_server.store.database import Offload, run_here
from queue_server.store.engines import engine_of
from queue_server.store.transaction import Store
from queue_server.web import (
    errors,
    guard,
    language,
    legal,
    operators,
    practice,
    requests,
    telephone,
    theme,
)
from queue_server.web.app_context import EXTENSION, AppContext, utc_now
from queue_server.web.guard import StrictSockets
from queue_server.web.limits import limits_for
from queue_server.web.page_template import PageTemplate
from queue_server.web.pools import Pools
from queue_server.web.requests import PlainFlask
from queue_server.web.routes import LateRule
from queue_server.web.signin import web
from queue_server.web.template_files import KeptTemplates
from queue_server.web.throttle import Throttle

ROOMS = (
    web,
    operators.room,
    theme.room,
    api,
    queue_server.api.docs_page.room,
    queue_server.booking.pages.room,
    queue_server.desk.pages.room,
    queue_server.embed.pages.room,
    queue_server.office.pages.room,
    display.pages.room,
    kiosk.pages.room,
)


def create_app(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = utc_now,
    seconds: Callable[[], float] = time.monotonic,
    async_mode: str = "threading",
    pools: Pools | None = None,
    background: bool = False,
) -> Flask:
    """The whole server as a WSGI application.

    `clock` tells the time of day; `seconds`, for limits, how much time passes, and never goes back.
    `async_mode` and `pools` say what the server under it runs on; with `background` pushes are made
    after the answer (a server), without it before (tests).
    """
    app = PlainFlask(
        "queue_server", static_folder="web/static", static_url_path="/static", template_folder=None
    )
    app.config.update(TEMPLATES_AUTO_RELOAD=False)
    app.url_rule_class = LateRule
    app.json.sort_keys = app.json.ensure_ascii = False  # type: ignore[attr-defined]
    throttle = Throttle(limits_for(settings.sites), seconds)
    pools = pools or Pools()
    context = AppContext(settings, open_store(settings, pools.commits), clock, pools, throttle)
    app.extensions[EXTENSION] = context
    context.configuration.on_change.append(lambda newer: throttle.use(limits_for(newer.sites)))
    _prepare_templates(app, settings)
    guard.install(app)
    requests.install(app)
    errors.install(app)
    language.install(app)
    legal.install(app)
    telephone.install(app)
    for room in ROOMS:
        app.register_blueprint(room)
    _add_sockets(app, context, async_mode, background)
    if settings.server.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    practice.install(app, settings)
    return app


def _prepare_templates(app: Flask, settings: Settings) -> None:
    templates = app.jinja_env
    templates.globals["version"] = VERSION
    templates.trim_blocks = templates.lstrip_blocks = True
    options = (templates.trim_blocks, templates.lstrip_blocks, *sorted(templates.extensions))
    templates.template_class = PageTemplate
    templates.bytecode_cache = KeptTemplates(settings.server.data_dir, options)


def open_store(settings: Settings, offload: Offload = run_here) -> Store:
    """The database that the settings name, migrated."""
    database = settings.database
    store = Store(engine_of(database.url, durability=database.durability, offload=offload))
    store.migrate()
    return store


def _add_sockets(app: Flask, context: AppContext, async_mode: str, background: bool) -> None:
    pages = app.wsgi_app
    socketio = SocketIO(
        app,
        async_mode=async_mode,
        # A socket's messages wait for each other; a greenlet each would let a flood in at once.
        async_handlers=False,
        manage_session=False,
        logger=False,
        engineio_logger=False,
        serve_client=False,
        json=MessageJson,
        client_manager=DirectManager(wanted=context.settings.realtime.direct),
        cors_allowed_origins=_own_pages(context),
        ping_interval=20,
        ping_timeout=10,
        max_http_buffer_size=LONGEST_PACKET,
    )
    guard_engine(socketio, context, WebSocket if async_mode == "gevent" else None)
    sockets.install(socketio, context)
    app.wsgi_app = StrictSockets(pages, _sockets_of(app, socketio))  # type: ignore[method-assign]
    hub = Hub(app, socketio, background=background)
    app.extensions["hub"] = hub
    context.configuration.on_change.append(lambda newer: hub.refresh())
    _listen(context, hub)


def _listen(context: AppContext, hub: Hub) -> None:
    """Who hears of every change, in this order."""
    context.store.listen(hub.announce)
    context.store.listen(operators.count, own_only=True)
    context.store.listen(context.forecasts.hear)
    context.store.listen(context.told.hear, own_only=True)


def _sockets_of(app: Flask, socketio: SocketIO) -> Callable[[dict[str, Any], Any], Any]:
    """What answers at the path of sockets.

    The libraries' own way stands before every page as well, and makes a class of each request: a
    thirtieth of a millisecond, and kilobytes that only a search for garbage finds.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        return socketio.server.handle_request(environ | {"flask.app": app}, start_response)

    return answer


def _own_pages(context: AppContext) -> Callable[[str | None, dict[str, Any]], bool]:
    """Sockets are opened by our own pages, or by programs, which send no Origin."""

    def allowed(origin: str | None, environ: dict[str, Any]) -> bool:
        host = environ.get("HTTP_HOST", "")
        return origin is None or guard.is_own(origin, host, context.settings.public_url)

    return allowed
