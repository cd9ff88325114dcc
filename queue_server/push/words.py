"""What a phone says when its page is closed."""

from __future__ import annotations

import json

from queue_server.domain.site import Site
from queue_server.languages import direction, marked, texts, usable, words
from queue_server.languages.ahead import AHEAD
from queue_server.languages.office_texts import counter_name, own_words
from queue_server.push.sending import PushMessage
from queue_server.queries.to_tell import PushNews

CALLED = marked("jetzt zu {counter}")
COME_NOW = marked("Bitte kommen Sie jetzt.")
COME_AT_ONCE = marked("Sie wurden schon mehrmals aufgerufen. Bitte kommen Sie gleich.")
SOON = marked("Gleich sind Sie dran")
COME_NEAR = marked("Bitte kommen Sie in den Wartebereich.")
# A call that reaches nobody by then is somebody else's turn; that it is soon holds longer.
CALL_SECONDS, SOON_SECONDS = 120, 300
Spoken = tuple[str, tuple[str, ...]]
"""A title and the sentences below it."""


def message_of(site: Site, news: PushNews) -> PushMessage:
    """The message in the language of the phone; only its browser can read it."""
    language = usable(news.subscription.language)
    title, sentences = (_call if news.is_call else _soon)(site, news, language)
    said = {
        "title": f"{words.no_break(news.ticket.number)}: {title}",
        "body": " ".join(filter(None, sentences)),
        "language": language,
        "direction": direction(language),
        "tag": news.ticket.number,
        "address": f"/t/{news.ticket.token}",
    }
    text = json.dumps(said, ensure_ascii=False).encode()
    return PushMessage(text, CALL_SECONDS if news.is_call else SOON_SECONDS)


def _call(site: Site, news: PushNews, language: str) -> Spoken:
    ticket, _ = news.ticket, texts(language).gettext
    counter = counter_name(site, ticket.counter or "", language)
    way = words.way(_direction(site, ticket.counter), language)
    come = _(COME_AT_ONCE if ticket.calls > 1 else COME_NOW)
    place = f"{way} ({own_words(site, site.name, language)})." if way else ""
    return _(CALLED).format(counter=counter), (come, place)


def _soon(site: Site, news: PushNews, language: str) -> Spoken:
    _ = texts(language).gettext
    ahead = words.counted(news.ahead or 0, *AHEAD, language)
    return _(SOON), (f"{ahead}.", _(COME_NEAR))


def _direction(site: Site, counter: str | None) -> str:
    return next((each.direction for each in site.counters if each.id == counter), "")
