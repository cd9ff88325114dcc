"""Which language a visitor's page speaks: as asked in the address, or as the browser prefers.

A chosen language stands as `lang` in the address and is carried on by `to()`; a cookie keeps it
for pages that are opened later, and there is none before somebody chooses. Rooms that never call
`listen` speak German.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Flask, Response, current_app, g, request
from markupsafe import Markup, escape

from queue_server.languages import (
    GERMAN,
    direction,
    is_spoken,
    office_texts,
    own_name,
    ready,
    texts,
    usable,
    words,
)
from queue_server.languages.hyphenation import softened
from queue_server.web.app_context import app_context
from queue_server.web.identity import set_cookie

PARAMETER = "lang"
COOKIE = "aufruf_language"
HYPHENED = re.compile(r"\b(?:QR|E|Check|check)-\w+")


def install(app: Flask) -> None:
    """Teach the templates `_()`, `ngettext()`, `language`, `|soft`, `|no_break`, `|hold`."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: texts(current()).gettext(text),
        lambda one, many, count: texts(current()).ngettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.globals.update(
        to=to,
        carried_language=carried,
        current_language=current,
        languages=offered,
        direction_of=direction,
        is_spoken=is_spoken,
        name_of=lambda thing, site=None: office_texts.name_of(thing, current(), site),
        comma=lambda: words.comma(current()),
        span_words=lambda range_: words.span(range_, current()),
        likely_words=lambda range_: words.likely(range_, current()),
    )
    app.jinja_env.filters.update(soft=soft, no_break=no_break, hold=hold)
    app.after_request(remember)
    app.context_processor(lambda: {"language": current(), "direction": direction(current())})


def no_break(text: str) -> str:
    """`words.no_break`, which leaves markup markup."""
    found = words.no_break(str(text))
    return Markup(found) if isinstance(text, Markup) else found


def hold(text: str) -> Markup:
    """`QR-Code`, `E-Mail` and `Check-in` in one line: browsers end lines at every hyphen."""
    return Markup(HYPHENED.sub(r'<span class="nowrap">\g<0></span>', str(escape(text))))


def listen() -> None:
    """A room's `before_request`: speak as the visitor asks, and remember it."""
    listen_once()
    g.remembers = True


def listen_once() -> None:
    """The same for what stands in pages of others, which choose for their visitors."""
    g.unasked = preferred()
    g.language = asked_for() or g.unasked


def listen_here() -> None:
    """The same for a room with a device of ours, whose browser has no preferences."""
    g.unasked = GERMAN
    g.language = asked_for() or GERMAN


def speak_only(language: str) -> None:
    """A page that there is in this language alone, whatever is asked for."""
    g.unasked = g.language = language


def soft(text: str, language: str = "") -> str:
    """The template filter `|soft`: long words may break, as the page's language breaks them."""
    return softened(str(text), language or current())


def asked_for() -> str:
    """The language that the address names; empty when it names none that is ready."""
    wanted = request.args.get(PARAMETER, "")
    return wanted if wanted in spoken() else ""


def preferred() -> str:
    """As somebody has chosen before, otherwise what the browser (or program) likes best."""
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in spoken() else _best_liked()


def _best_liked() -> str:
    """The first wish that is spoken, itself or its base: `en-GB` before `de` is English."""
    wishes = [wish.lower() for wish, quality in request.accept_languages if quality > 0]
    liked = (each for wish in wishes for each in (wish, wish.partition("-")[0]))
    return next((each for each in liked if each in spoken()), GERMAN)


def spoken() -> tuple[str, ...]:
    """The languages that this office offers, German first."""
    wanted = app_context().settings.server.languages
    return tuple(each for each in ready() if not wanted or each in (GERMAN, *wanted))


def remember(answer: Response) -> Response:
    """Keep a language that was chosen on a page of ours, as long as the browser is open."""
    chosen = asked_for() if g.get("remembers") else ""
    if chosen and chosen != g.unasked and _comes_from_us():
        set_cookie(answer, COOKIE, chosen)
    return answer


def _comes_from_us() -> bool:
    """A link on another website is not the choice of whoever follows it."""
    origin = request.headers.get("Sec-Fetch-Site", "")
    return origin == "same-origin" or (
        not origin and urlsplit(request.referrer or "").netloc == request.host
    )


def speak(language: str) -> None:
    """Whoever booked in a language reads it again, unless the address names another."""
    g.language = asked_for() or usable(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within it templates speak another language than the page: paper, letters."""
    before = current()
    g.language = usable(language)
    try:
        yield
    finally:
        g.language = before


def current() -> str:
    """The language of this page."""
    language: str = g.get("language", GERMAN)
    return language


def carried() -> str:
    """The language that links and forms must name, or the next page would speak another."""
    if "language" not in g:
        return ""
    return asked_for() or (current() if current() != g.unasked else "")


def to(path: str, **query: Any) -> str:
    """An address of ours, with the language the visitor has chosen; lists become repeated keys."""
    chosen = {PARAMETER: carried()} if carried() else {}
    given = {name: value for name, value in query.items() if value not in ("", None, [], ())}
    words = urlencode(given | chosen, doseq=True)
    return f"{path}?{words}" if words else path


def found_again_at(address: str) -> None:
    """The answer to a form can be looked at under this address, too."""
    g.found_again_at = address


def offered() -> list[tuple[str, str, str]]:
    """This page in every language: code, name in that language, address. None in rooms that speak
    German only. The answer to a form leads to where the form, or what it is about, is found."""
    if "language" not in g:
        return []
    path, asked = _own_address()
    return [
        (code, own_name(code), f"{path}?{urlencode(asked | {PARAMETER: code}, doseq=True)}")
        for code in spoken()
    ]


def _own_address() -> tuple[str, dict[str, list[str]]]:
    """Path and query of this page, without a language."""
    if address := g.get("found_again_at"):
        parts = urlsplit(address)
        path, asked = parts.path, parse_qs(parts.query)
    else:
        path, asked = _page_asked_for(), dict(request.args.lists())
    return path, {name: values for name, values in asked.items() if name != PARAMETER}


def _page_asked_for() -> str:
    """Never two slashes at the beginning: that would be another website."""
    methods = ["GET"] if request.method in ("GET", "HEAD") else _methods_here()
    return f"/{request.path.lstrip('/')}" if "GET" in methods else "/"


def _methods_here() -> Iterable[str]:
    return current_app.url_map.bind("").allowed_methods(request.path)
