"""A visitor's own ticket as the phone shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from queue_server.booking.phone import worker_address
from queue_server.domain.site import PriorityRules, Site
from queue_server.domain.ticket import ALIVE, CANCELLED, MOVES, Kind, Ticket, TicketState
from queue_server.languages import GERMAN, Said, marked, said, texts, words
from queue_server.languages.ahead import AHEAD
from queue_server.languages.office_texts import counter_name
from queue_server.queries.outlook import Place, place_of
from queue_server.queries.why import why_not_yet
from queue_server.store import tickets
from queue_server.store.decisions import rules_in_force
from queue_server.web.app_context import AppContext
from queue_server.web.language import current, speak
from queue_server.web.reasons import why_text

# The browser tab's title, after the number.
TITLES = {
    "waiting": "{ahead}",
    "called": marked("jetzt zu {counter}"),
    "serving": marked("Sie sind dran"),
    "served": marked("fertig"),
    "parked": marked("zurückgestellt"),
    "no_show": marked("bitte am Empfang melden"),
    "cancelled": marked("abgemeldet"),
}
ORDERS = {
    "due_first": marked(
        "Wenn viel los ist, gehen Personen mit Termin vor. Die anderen werden in der "
        "Reihenfolge aufgerufen, in der sie gekommen sind."
    ),
    "strict": marked(
        "Personen mit Termin gehen vor. Die anderen werden in der Reihenfolge aufgerufen, "
        "in der sie gekommen sind."
    ),
    "accumulating": marked(
        "Personen mit Termin gehen meist vor. Je länger Sie warten, desto eher sind Sie dran."
    ),
    "arrival": marked(
        "Aufgerufen wird in der Reihenfolge, in der Sie gekommen sind. Bei einem Termin "
        "zählt die vereinbarte Uhrzeit."
    ),
}


@dataclass(frozen=True, slots=True)
class Waits:
    """How it looks for somebody who waits; `span` is words, empty when nothing can be said.

    `why` says why it is not their turn yet, `order` how people are called here.
    """

    ahead: words.Count
    span: str
    likely: str
    bound_to: Said
    why: str
    order: str


@dataclass(frozen=True, slots=True)
class Live:
    """What the page needs while it is open: counters with names, ways and the languages of the
    names, titles of every state."""

    counters: dict[str, tuple[str, str, str]]
    titles: dict[str, str]
    words: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TicketPage:
    """Everything on the page. `push_key` is empty while messages to phones are off.

    `worker` is the address of the script that looks after the page without a line.
    """

    token: str
    number: str
    state: str
    title: str
    site: Site
    services: tuple[Said, ...]
    due: str
    issued: str
    is_alive: bool
    may_return: bool
    calls: int
    is_coming: bool
    may_postpone: bool
    counter: Said
    way: str
    waits: Waits
    live: Live
    push_key: str
    worker: str


def ticket_page(context: AppContext, token: str) -> TicketPage:
    """The ticket of whoever holds this token, now, in their language. Raises `NotFound`."""
    with context.store.snapshot() as snapshot:
        ticket = tickets.by_token(snapshot, token)
        site = context.site(ticket.site)
    told = context.forecasts.of(site, ticket)
    with context.store.snapshot() as snapshot:
        # Looked up again: somebody may have been called while the forecast was made.
        ticket = tickets.by_token(snapshot, token)
        place = place_of(snapshot, site, ticket, context.now(), told)
        why = why_not_yet(snapshot, site, ticket, context.now())
        rules = rules_in_force(snapshot, site)
    # At the terminal nobody chooses German, so there it says nothing about the visitor.
    if ticket.kind is Kind.APPOINTMENT or ticket.language != GERMAN:
        speak(ticket.language)
    language = current()
    spoken = why_text(why, site, context.now(), language) if why else ""
    waits = _waits(site, ticket, place, spoken, rules, language)
    return _page(site, ticket, waits, language, context.push_key)


def _page(site: Site, ticket: Ticket, waits: Waits, language: str, push_key: str) -> TicketPage:
    live = _live(site, language)
    counter = counter_name(site, ticket.counter or "", language)
    _, way, _ = live.counters.get(ticket.counter or "", ("", "", ""))
    title = live.titles[ticket.state].format(ahead=waits.ahead, counter=counter)
    return TicketPage(
        token=ticket.token,
        number=ticket.number,
        state=str(ticket.state),
        title=f"{ticket.number}: {title}",
        site=site,
        services=tuple(_names(site, ticket.services, language)),
        due=words.clock(ticket.due_at, site.zone, language) if ticket.due_at else "",
        issued=words.clock(ticket.issued_at, site.zone, language),
        is_alive=ticket.state in ALIVE,
        may_return=CANCELLED in MOVES[ticket.state],
        calls=ticket.calls,
        is_coming=ticket.is_coming,
        may_postpone=not ticket.is_postponed,
        counter=counter,
        way=way,
        waits=waits,
        live=live,
        push_key=push_key,
        worker=worker_address(),
    )


def _waits(
    site: Site,
    ticket: Ticket,
    place: Place | None,
    why: str,
    rules: PriorityRules,
    language: str,
) -> Waits:
    return Waits(
        ahead=words.count_of(place.ahead if place else 0, *AHEAD, language=language),
        span=words.span(place.range if place else None, language),
        likely=words.likely(place.range if place else None, language),
        bound_to=counter_name(site, ticket.bound_to or "", language),
        why=why,
        order=_order(ticket, rules, language),
    )


def _live(site: Site, language: str) -> Live:
    names = {each.id: counter_name(site, each.id, language) for each in site.counters}
    return Live(
        counters={
            id: (name.text, words.way(site.counter(id).direction, language), name.language)
            for id, name in names.items()
        },
        titles={state: texts(language).gettext(text) for state, text in TITLES.items()},
        words=words.for_scripts(language),
    )


def returnable_states() -> tuple[str, ...]:
    """States in which the holder may still give the number back."""
    return tuple(str(state) for state in TicketState if CANCELLED in MOVES[state])


def _names(site: Site, services: tuple[str, ...], language: str) -> list[Said]:
    """A service that config.toml no longer has is left out: its id would tell visitors nothing."""
    return [
        said(service.name, service.in_language(language).name, language)
        for service in site.services
        if service.id in services
    ]


def _order(ticket: Ticket, rules: PriorityRules, language: str) -> str:
    _ = texts(language).gettext
    if ticket.precedence is not None:
        return _("Sie werden so bald wie möglich aufgerufen.")
    if ticket.kind is Kind.APPOINTMENT and ticket.is_late and rules.rule != "arrival":
        return _(
            "Sie kamen nach Ihrer Terminzeit. Deshalb werden Sie aufgerufen wie jemand, der zu "
            "Ihrer Terminzeit ohne Termin gekommen ist."
        )
    return _(ORDERS[rules.rule])
