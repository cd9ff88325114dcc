"""Assembly: settings, store, hall, rooms, sockets. Nothing here decides anything."""

from __future__ import annotations

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
import queue_server.api.openapi
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
from queue_server.api.door import api
from queue_server.realtime import sockets
from queue_server.realtime.hub import Hub
from queue_server.scanning import MAX_BYTES
from queue_server.settings import VERSION, Settings
from queue_server.store.database import Store
from queue_server.store.sqlite import Offload, SqliteEngine, run_here
from queue_server.web import errors, guard, language, metrics
from queue_server.web.hall import EXTENSION, Hall, utc_now
from queue_server.web.signin import web
from queue_server.web.throttle import Throttle, limits_for

# A picture and a little around it; anything larger is refused before it is read.
MOST_BYTES = MAX_BYTES + 64 * 1024
ROOMS = (
    web,
    metrics.room,
    api,
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
    async_mode: str = "threading",
    offload: Offload = run_here,
    background: bool = False,
) -> Flask:
    """The whole house as a WSGI application.

    `async_mode` and `offload` say what the server under it runs on; with `background` pushes are
    made after the answer (a server), without it before (tests).
    """
    app = Flask(
        "queue_server", static_folder="web/static", static_url_path="/static", template_folder=None
    )
    app.config.update(MAX_CONTENT_LENGTH=MOST_BYTES, TEMPLATES_AUTO_RELOAD=False)
    app.json.sort_keys = app.json.ensure_ascii = False  # type: ignore[attr-defined]
    throttle = Throttle(limits_for(settings.sites))
    house = Hall(settings, open_store(settings, offload), clock, offload, throttle)
    app.extensions[EXTENSION] = house
    app.jinja_env.globals["version"] = VERSION
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    errors.install(app)
    guard.install(app)
    language.install(app)
    for room in ROOMS:
        app.register_blueprint(room)
    _add_sockets(app, house, async_mode, background)
    _wrap(app, settings)
    return app


def open_store(settings: Settings, offload: Offload = run_here) -> Store:
    """The database that the settings name, migrated."""
    engine = SqliteEngine(
        settings.database_path, durability=settings.database.durability, offload=offload
    )
    store = Store(engine)
    store.migrate()
    return store


def _add_sockets(app: Flask, house: Hall, async_mode: str, background: bool) -> None:
    socketio = SocketIO(
        app,
        async_mode=async_mode,
        manage_session=False,
        logger=False,
        engineio_logger=False,
        serve_client=False,
        cors_allowed_origins=_own_pages(house.settings.public_url),
        ping_interval=20,
        ping_timeout=10,
        max_http_buffer_size=16 * 1024,
    )
    sockets.install(socketio, house)
    hub = Hub(app, socketio, background=background)
    app.extensions["hub"] = hub
    house.store.listen(hub.announce)
    house.store.listen(metrics.count)


def _own_pages(public_url: str) -> Callable[[str | None, dict[str, Any]], bool]:
    """Sockets are opened by our own pages, or by programs, which send no Origin."""

    def allowed(origin: str | None, environ: dict[str, Any]) -> bool:
        return origin is None or guard.is_own(origin, environ.get("HTTP_HOST", ""), public_url)

    return allowed


def _wrap(app: Flask, settings: Settings) -> None:
    app.wsgi_app = WithoutDeflate(app.wsgi_app)  # type: ignore[method-assign]
    if settings.server.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]


class WithoutDeflate:
    """Sockets without compression: a board is one packet, and deflate nearly doubles its time."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return self._application(environ, start_response)
