"""A visitor's own ticket as the phone shows it."""

from __future__ import annotations

from dataclasses import dataclass

from queue_server.domain.site import Site
from queue_server.domain.ticket import ALIVE, CANCELLED, MOVES, WAITING, Kind, Ticket, TicketState
from queue_server.languages import words
from queue_server.queries.outlook import Place, place_of
from queue_server.store import tickets
from queue_server.web.hall import Hall

AHEAD = ("Sie sind als Nächstes dran", "1 Person vor Ihnen", "# Personen vor Ihnen")
# What stands in the browser's tab, after the number.
TITLES = {
    "called": "jetzt zu {counter}",
    "serving": "Sie sind dran",
    "served": "fertig",
    "parked": "zurückgestellt",
    "no_show": "bitte am Empfang melden",
    "cancelled": "abgemeldet",
}
ORDERS = {
    "due_first": "Wenn viel los ist, gehen Personen mit Termin vor. Die anderen werden in der "
    "Reihenfolge aufgerufen, in der sie gekommen sind.",
    "strict": "Personen mit Termin gehen vor. Die anderen werden in der Reihenfolge aufgerufen, "
    "in der sie gekommen sind.",
    "accumulating": "Personen mit Termin gehen meist vor. Je länger Sie warten, desto eher sind "
    "Sie dran.",
    "arrival": "Aufgerufen wird in der Reihenfolge, in der Sie gekommen sind. Bei einem Termin "
    "zählt die vereinbarte Uhrzeit.",
}


@dataclass(frozen=True, slots=True)
class TicketPage:
    """Everything on the page. `ahead` and `span` are words; `counters` names and finds places."""

    token: str
    number: str
    state: str
    title: str
    site: Site
    services: tuple[str, ...]
    due: str
    issued: str
    is_alive: bool
    may_return: bool
    ahead: str
    span: str
    counter: str
    way: str
    bound_to: str
    calls: int
    order: str
    counters: dict[str, tuple[str, str]]


def ticket_page(house: Hall, token: str) -> TicketPage:
    """The ticket of whoever holds this token, now. Raises `NotFound`."""
    with house.store.snapshot() as snapshot:
        ticket = tickets.by_token(snapshot, token)
        site = house.site(ticket.site)
        place = place_of(snapshot, site, ticket, house.now())
    return _page(site, ticket, place)


def _page(site: Site, ticket: Ticket, place: Place | None) -> TicketPage:
    places = {each.id: (each.name, words.WAYS.get(each.direction, "")) for each in site.counters}
    counter, way = places.get(ticket.counter or "", (ticket.counter or "", ""))
    ahead = words.counted(place.ahead, *AHEAD) if place else ""
    return TicketPage(
        token=ticket.token,
        number=ticket.number,
        state=str(ticket.state),
        title=f"{ticket.number}: {_title(ticket, ahead, counter)}",
        site=site,
        services=tuple(_names(site, ticket.services)),
        due=words.clock(ticket.due_at, site.zone) if ticket.due_at else "",
        issued=words.clock(ticket.issued_at, site.zone),
        is_alive=ticket.state in ALIVE,
        may_return=CANCELLED in MOVES[ticket.state],
        ahead=ahead,
        span=words.span(place.range if place else None),
        counter=counter,
        way=way,
        bound_to=site.counter_name(ticket.bound_to) if ticket.bound_to else "",
        calls=ticket.calls,
        order=_order(site, ticket),
        counters=places,
    )


def returnable_states() -> tuple[str, ...]:
    """States in which the holder may still give the number back."""
    return tuple(str(state) for state in TicketState if CANCELLED in MOVES[state])


def _title(ticket: Ticket, ahead: str, counter: str) -> str:
    return ahead if ticket.state is WAITING else TITLES[ticket.state].format(counter=counter)


def _names(site: Site, services: tuple[str, ...]) -> list[str]:
    """A service that config.toml no longer has is left out: its id would tell visitors nothing."""
    return [service.name for service in site.services if service.id in services]


def _order(site: Site, ticket: Ticket) -> str:
    if ticket.precedence is not None:
        return "Sie werden so bald wie möglich aufgerufen."
    if ticket.kind is Kind.APPOINTMENT and ticket.is_late:
        return (
            "Sie kamen nach Ihrer Terminzeit. Deshalb werden Sie aufgerufen wie jemand, der zu "
            "Ihrer Terminzeit ohne Termin gekommen ist."
        )
    return ORDERS[site.priority.rule]
