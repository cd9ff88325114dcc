"""A site's colours and its crest: a stylesheet and a picture, since no page has inline style.

The stylesheet sets roles of `tokens.css`, each so that what is read on it has 7:1.
"""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response

from queue_server.domain.errors import NotFound
from queue_server.domain.theme import LEAST_RATIO, Theme, mixed, ratio, text_on
from queue_server.settings.schema_wall import PICTURES
from queue_server.web.app_context import app_context

room = Blueprint("theme", __name__)
# Page and text of the light and of the dark scheme, as in tokens.css.
LIGHT, DARK = ("#f7f5f0", "#0b1b2b"), ("#0c1820", "#f2f5f6")
PALE_SHARE = 0.12
# What WCAG 2.2 asks of the edge of something to be pressed (criterion 1.4.11).
LEAST_LINE_RATIO = 3.0
# A picture that was replaced is seen after a minute.
KEPT_SECONDS = 60


@room.get("/theme/<site>.css")
def stylesheet(site: str) -> Response:
    """The roles that this site's colours take. Raises `NotFound`."""
    return Response(css(app_context().site(site).theme), mimetype="text/css")


@room.get("/theme/<site>/crest")
def crest(site: str) -> Response:
    """The crest as a picture. Raises `NotFound` where there is none."""
    return picture(app_context().site(site).theme.crest)


def picture(file: str) -> Response:
    """A picture file that config.toml names. Raises `NotFound` for none, or when it is gone."""
    path = Path(file)
    if not file or not path.is_file():
        raise NotFound(picture=path.name)
    answer = Response(path.read_bytes(), mimetype=PICTURES[path.suffix.lower()])
    answer.cache_control.max_age = KEPT_SECONDS
    return answer


def css(theme: Theme) -> str:
    """The roles of both schemes; a page that stays in one says so with `data-scheme`."""
    light, dark = _block(theme, *LIGHT), _block(theme, *DARK)
    return (
        f":root {light}\n"
        f'@media (prefers-color-scheme: dark) {{ :root:not([data-scheme="light"]) {dark} }}\n'
        f':root[data-scheme="dark"] {dark}\n'
    )


def _block(theme: Theme, page: str, text: str) -> str:
    lines = (f"--color-{role}: {color};" for role, color in roles(theme, page, text).items())
    return f"{{ {' '.join(lines)} }}"


def roles(theme: Theme, page: str, text: str) -> dict[str, str]:
    """What each role is on a page of this colour with text of that colour."""
    pale = mixed(theme.color, page, PALE_SHARE)
    # As text, the colour must be readable itself; a light yellow gives way to plain text.
    readable = theme.color if ratio(theme.color, pale) >= LEAST_RATIO else text
    return {
        "primary": theme.color,
        "on-primary": text_on(theme.color),
        "primary-strong": readable,
        "on-primary-strong": text_on(readable),
        "primary-line": theme.color if ratio(theme.color, page) >= LEAST_LINE_RATIO else text,
        "primary-pale": pale,
        "link": readable,
        "attention": theme.accent,
        "on-attention": text_on(theme.accent),
    }
