"""An office to practise in: signs that say so on every page, and a way in without a password.

None of these routes exists in a server for real visitors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from flask import Blueprint, Flask, current_app, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions import staff
from queue_server.domain.errors import NotFound
from queue_server.domain.site import Site
from queue_server.settings import Settings
from queue_server.settings.practising import WORD
from queue_server.store import identities
from queue_server.web.app_context import AppContext, app_context
from queue_server.web.identity import (
    DEVICE_COOKIE,
    SESSION_COOKIE,
    line,
    set_cookie,
)

# So many people can practise side by side at a site; whoever comes after them shares a name.
TRAINEES = 20
PREFIX = "uebung_"
# German on every page: the people who practise work here.
NOTE = "Nichts hiervon ist echt"
COUNTED = "practice_sign_ins"
room = Blueprint("practice", __name__)


def install(app: Flask, settings: Settings) -> None:
    """Teach the templates `practice`, its German sign, and `practice_url()`; add its routes."""
    app.jinja_env.globals["practice"] = WORD if settings.is_practice else ""
    app.jinja_env.globals["practice_note"] = NOTE
    app.jinja_env.globals["practice_url"] = practice_url
    app.jinja_env.globals["practice_sites"] = practice_sites
    if settings.is_practice:
        app.extensions[COUNTED] = count()
        app.register_blueprint(room)
        app.wsgi_app = OwnCookies(app.wsgi_app)  # type: ignore[method-assign]


def practice_url() -> str:
    """Where an office to practise in is served; empty when config.toml names none."""
    return app_context().settings.server.practice_url


def practice_sites() -> tuple[Site, ...]:
    return app_context().settings.sites


def trainee_names(settings: Settings, site: Site) -> list[str]:
    """The accounts of those who practise at this site: Übung 1, Übung 2, …"""
    first = settings.sites.index(site) * TRAINEES
    return [f"{WORD} {first + number}" for number in range(1, TRAINEES + 1)]


@room.post("/practice/sessions")
def sign_in() -> AnyResponse:
    """Sign in at a site as the next of those who practise there. Raises `NotFound`."""
    context = app_context()
    context.throttle.spend("practice", line())
    site = context.site(request.form.get("site", "")[:200])
    names = trainee_names(context.settings, site)
    name = names[next(current_app.extensions[COUNTED]) % len(names)]
    with context.store.snapshot() as snapshot:
        clerk = identities.clerk_named(snapshot, name)
    if clerk is None:
        raise NotFound()
    old = request.cookies.get(SESSION_COOKIE)
    response = redirect("/desk?tour=1", 303)
    token = staff.sign_in(context.store, clerk, instead_of=old, now=context.now())
    set_cookie(response, SESSION_COOKIE, token)
    return response


@room.post("/practice/kiosks/<kiosk>")
def open_kiosk(kiosk: str) -> AnyResponse:
    """This browser is the kiosk, without a pairing code. Raises `NotFound`."""
    context = app_context()
    context.throttle.spend("practice", line())
    site, _ = context.settings.kiosk(kiosk)
    response = redirect(f"/kiosk/{kiosk}", 303)
    set_cookie(response, DEVICE_COOKIE, _paired(context, site, kiosk))
    return response


def _paired(context: AppContext, site: Site, kiosk: str) -> str:
    code = staff.expect_device(context.store, "kiosk", site.id, kiosk, now=context.now())
    old = request.cookies.get(DEVICE_COOKIE)
    _, token = staff.pair_device(context.store, code, instead_of=old, now=context.now())
    return token


class OwnCookies:
    """Every cookie gets a prefix on its way out and loses it on its way in; others are not heard.

    Browsers tell hosts apart and not ports: without this, whoever practised would be signed out of
    the real office on the same machine.
    """

    def __init__(self, application: Any) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        environ["HTTP_COOKIE"] = "; ".join(_own(environ.get("HTTP_COOKIE", "")))

        def begin(status: str, headers: Iterable[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [_prefixed(*header) for header in headers], *more)

        return self._application(environ, begin)


def _own(cookies: str) -> list[str]:
    given = (each.strip() for each in cookies.split(";"))
    return [each.removeprefix(PREFIX) for each in given if each.startswith(PREFIX)]


def _prefixed(name: str, value: str) -> tuple[str, str]:
    return (name, PREFIX + value) if name.lower() == "set-cookie" else (name, value)
