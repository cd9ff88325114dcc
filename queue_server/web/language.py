"""Which language a visitor's page speaks: as asked in the address, or as the browser prefers.

No cookie: a chosen language stands as `lang` in the address and is carried on by `to()`. Rooms
that never call `listen` speak German.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Flask, g, request

from queue_server.languages import GERMAN, own_name, ready, texts, usable

PARAMETER = "lang"


def install(app: Flask) -> None:
    """Teach the templates `_()`, `ngettext()`, `language` and this module's verbs."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: texts(current()).gettext(text),
        lambda one, many, count: texts(current()).ngettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.globals.update(
        to=to, carried_language=carried, current_language=current, languages=offered
    )
    app.context_processor(lambda: {"language": current()})


def listen() -> None:
    """A room's `before_request`: speak as the visitor asks."""
    g.language = asked_for() or preferred()


def asked_for() -> str:
    """The language that the address names; empty when it names none that is ready."""
    wanted = request.args.get(PARAMETER, "")
    return wanted if wanted in ready() else ""


def preferred() -> str:
    """The language that the browser (or program) likes best of those that are ready."""
    return request.accept_languages.best_match(ready()) or GERMAN


def speak(language: str) -> None:
    """Whoever booked in a language reads it again, unless the address names another."""
    g.language = asked_for() or usable(language)


def current() -> str:
    """The language of this page."""
    language: str = g.get("language", GERMAN)
    return language


def carried() -> str:
    """The language that links and forms must name, or the next page would speak another."""
    if "language" not in g:
        return ""
    return asked_for() or (current() if current() != preferred() else "")


def to(path: str, **query: Any) -> str:
    """An address of ours, with the language the visitor has chosen; lists become repeated keys."""
    chosen = {PARAMETER: carried()} if carried() else {}
    given = {name: value for name, value in query.items() if value not in ("", None, [], ())}
    words = urlencode(given | chosen, doseq=True)
    return f"{path}?{words}" if words else path


def offered() -> list[tuple[str, str, str]]:
    """This page in every language: code, name in that language, address. None for the answer to
    a form, which has no address of its own."""
    if request.method not in ("GET", "HEAD"):
        return []
    asked = {name: values for name, values in request.args.lists() if name != PARAMETER}
    return [
        (code, own_name(code), f"{request.path}?{urlencode(asked | {PARAMETER: code}, doseq=True)}")
        for code in ready()
    ]
