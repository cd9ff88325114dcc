"""Which language a visitor's page speaks: as asked in the address, or as the browser prefers.

No cookie: a chosen language stands as `lang` in the address and is carried on by `to()`. Rooms
that never call `listen` speak German.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Flask, g, request

from queue_server.languages import GERMAN, ready, texts, usable

PARAMETER = "lang"


def install(app: Flask) -> None:
    """Teach the templates `_()`, `language` and `to()`."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: texts(current()).gettext(text),
        lambda one, many, count: texts(current()).ngettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.globals["to"] = to
    app.context_processor(lambda: {"language": current()})


def listen() -> None:
    """A room's `before_request`: speak as the visitor asks."""
    preferred = request.accept_languages.best_match(ready())
    g.language = asked_for() or preferred or GERMAN


def asked_for() -> str:
    """The language that the address names; empty when it names none that is ready."""
    wanted = request.args.get(PARAMETER, "") or request.form.get(PARAMETER, "")
    return wanted if wanted in ready() else ""


def speak(language: str) -> None:
    """Whoever booked in a language reads it again, unless the address names another."""
    g.language = asked_for() or usable(language)


def current() -> str:
    """The language of this page."""
    language: str = g.get("language", GERMAN)
    return language


def to(path: str, **query: Any) -> str:
    """An address of ours, with the language the visitor has chosen; lists become repeated keys."""
    chosen = {PARAMETER: asked_for()} if asked_for() else {}
    given = {name: value for name, value in query.items() if value not in ("", None, [], ())}
    words = urlencode(given | chosen, doseq=True)
    return f"{path}?{words}" if words else path
