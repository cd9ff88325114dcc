"""What the desk's templates are given. Nothing here decides or writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from queue_server.domain.errors import NotFound
from queue_server.domain.site import Service, Site
from queue_server.domain.ticket import TicketState
from queue_server.queries.my_counter import (
    Seat,
    day_counts,
    last_counter,
    seat,
    silent_displays,
)
from queue_server.queries.outbox_status import WaitingLetters, waiting
from queue_server.queries.queue import help_standing, queue
from queue_server.queries.stops import issuing
from queue_server.settings.file_link import file_address
from queue_server.store import tickets
from queue_server.store.database import Reader
from queue_server.store.identities import Clerk
from queue_server.store.transaction import Store
from queue_server.web import wording
from queue_server.web.app_context import app_context
from queue_server.web.desk_keys import KEYS
from queue_server.web.help_calls import help_call_out
from queue_server.web.identity import RANKS
from queue_server.web.models import QueueOut, TicketOut
from queue_server.web.printers import wanting
from queue_server.web.serializers import queue_out, reason_out, ticket_out
from queue_server.web.wording import PRECEDENCE

LANGUAGES = {code: name for code, name in wording.LANGUAGES_IN_GERMAN.items() if code != "de"}
# A number is given back, an appointment is cancelled.
STANDINGS = {**wording.STANDINGS, "cancelled": "abgesagt"}
# The row that the script clones.
BLANK = TicketOut(
    id="", number="", site="", services=[], persons=1, state="waiting", kind="walk_in",
    issued_at=datetime.min, calls=0,
)  # fmt: skip
SENTENCES = {
    "arrival": "nach Ankunft",
    "late": "verspätet, wie ohne Termin",
    "guard": "jeder {every}. Aufruf ohne Termin",
    "walk_in": "ohne Termin",
    "postponed": "{kind}, kommt gleich",
    "booked": "Termin {time}",
    "persons": "({count} Personen)",
    "bound": "nur {counter}",
    "missing": "Fehlt: {documents}",
    "precedence": "Vorrang: {reason}",
    "closed": "geschlossen",
    "free": "frei",
    "lost": "Der Server hat nicht geantwortet. Bitte prüfen Sie die Anzeige und versuchen Sie es "
    "noch einmal.",
}


@dataclass(frozen=True, slots=True)
class Flash:
    """What just happened: a code of `desk/flash.html`, the ticket it was about, or a refusal."""

    code: str
    ticket: TicketOut | None = None
    sentence: str = ""


def frame(site: Site, clerk: Clerk) -> dict[str, Any]:
    """What every page of the desk knows."""
    return {
        "site": site,
        "clerk": clerk,
        "keys": KEYS,
        "names": {service.id: service.name for service in site.services},
        "languages": LANGUAGES,
        "precedences": PRECEDENCE,
        "counter_names": {counter.id: counter.name for counter in site.counters},
        "leads": leads(clerk),
    }


def panel(reader: Reader, site: Site, clerk: Clerk, now: datetime) -> dict[str, Any]:
    """My counter and the person there."""
    mine = seat(reader, site, clerk.id)
    person = _person(site, mine, now)
    ids = person.services if person else []
    known = {service.id: service for service in site.services}
    return frame(site, clerk) | {
        "seat": mine,
        "counter": site.counter_name(mine.session.counter) if mine.session else "",
        "person": person,
        "signature": signature(person),
        "file_link": _file_link(site, mine),
        "services": [known[id] for id in ids if id in known],
        "may_miss": person is not None and person.calls >= site.tickets.calls_before_no_show,
    }


def whole(reader: Reader, site: Site, clerk: Clerk, now: datetime) -> dict[str, Any]:
    """The whole page: panel, queue, colleagues, counts, silent displays."""
    everybody = queue_out(site, queue(reader, site, now, app_context().orders))
    context = (
        panel(reader, site, clerk, now)
        | counts(reader, site, clerk, now)
        | help_strip(reader, site, now)
    )
    mine = context["seat"].session
    serves = my_services(everybody, mine.counter if mine else None)

    def would_call(ticket: TicketOut) -> bool:
        return mine is not None and is_mine(ticket, serves, mine.counter)

    return context | {
        "queue": everybody,
        "serves": serves,
        "is_mine": would_call,
        "mine": sum(map(would_call, everybody.waiting)),
        "last_counter": "" if mine else last_counter(reader, site, clerk.id),
        "blank": BLANK,
        "script_words": script_words(context),
        "groups": groups(site),
        "shown": everybody.waiting,
    }


def help_strip(reader: Reader, site: Site, now: datetime) -> dict[str, Any]:
    """Who calls for help now, and the same in short for the script."""
    calls = [help_call_out(site, call) for call in help_standing(reader, site, now)]
    told = "+".join(f"{call.id}.{call.coming or ''}" for call in calls)
    return {"help_calls": calls, "help_signature": told}


def script_words(context: dict[str, Any]) -> dict[str, Any]:
    """What the script says: the same words as the templates."""
    shared = {name: context[name] for name in ("names", "precedences", "counter_names")}
    return {**shared, **SENTENCES}


def counts(reader: Reader, site: Site, clerk: Clerk, now: datetime) -> dict[str, Any]:
    """The day's counts, whether numbers are given out, and what somebody should look after."""
    return {
        "today": day_counts(reader, site, now),
        "silent": silent_displays(reader, site, now),
        "printers": wanting(site, now),
        "stuck": _stuck(reader, site, clerk, now),
        "issuing": issuing(reader, site, now),
        "zone": site.zone,
    }


def leads(clerk: Clerk) -> bool:
    return RANKS[clerk.role] >= RANKS["lead"]


def _stuck(reader: Reader, site: Site, clerk: Clerk, now: datetime) -> WaitingLetters | None:
    """Letters that are stuck, for those who can do something about it."""
    if not leads(clerk) or not app_context().settings.mail.is_on:
        return None
    found = waiting(reader, now, site=site.id)
    return found if found.is_stuck else None


def signature(person: TicketOut | None) -> str:
    """What the panel shows, in short; the script makes the same text from a pushed queue."""
    if person is None:
        return ""
    services = "+".join(person.services)
    lacking = "+".join(person.missing)
    told = (
        person.id,
        person.state,
        person.calls,
        services,
        person.precedence or "",
        lacking,
        str(person.coming).lower(),
    )
    return ".".join(map(str, told))


def my_services(everybody: QueueOut, counter: str | None) -> list[str]:
    """The services that this counter serves now."""
    return next((view.services for view in everybody.counters if view.counter == counter), [])


def is_mine(ticket: TicketOut, serves: Sequence[str], counter: str) -> bool:
    """Whether this counter would call the ticket."""
    return ticket.bound_to == counter or (ticket.bound_to is None and ticket.services[0] in serves)


def filtered(context: dict[str, Any], show: str, wanted: str) -> list[TicketOut]:
    """The waiting people that a clerk wants to see; an unknown filter shows all."""
    mine = context["seat"].session
    text = wanted.replace(" ", "").casefold()

    def fits(ticket: TicketOut) -> bool:
        kinds = {"booked": "appointment", "walk_in": "walk_in"}
        if show in kinds and ticket.kind != kinds[show]:
            return False
        if show == "mine" and mine and not is_mine(ticket, context["serves"], mine.counter):
            return False
        return text in ticket.number.replace(" ", "").casefold()

    return [ticket for ticket in context["queue"].waiting if fits(ticket)]


def groups(site: Site) -> list[tuple[str, list[Service]]]:
    """The services by their groups, in the order of the catalogue."""
    places = {service.group: place for place, service in reversed([*enumerate(site.services)])}
    ordered = sorted(site.services, key=lambda service: places[service.group])
    names = {service.group: service.group_name for service in site.services if service.group_name}
    return [
        (names.get(group, group), list(some))
        for group, some in groupby(ordered, key=lambda service: service.group)
    ]


def open_elsewhere(reader: Reader, site: Site, mine: str | None, now: datetime) -> list[Any]:
    """Colleagues' open counters, to hand a person on to."""
    views = queue_out(site, queue(reader, site, now, app_context().orders)).counters
    return [view for view in views if view.open and view.counter != mine]


def said_about(store: Store, site: Site, code: str, ticket: int | None) -> Flash | None:
    """What to say after an action; nothing about a ticket that is not this site's."""
    if not code:
        return None
    if ticket is None:
        return Flash(code)
    try:
        with store.snapshot() as snapshot:
            found = tickets.get(snapshot, site.id, ticket)
    except NotFound:
        return None
    # Undo is offered only as long as there is something to undo.
    is_past = code == "missed" and found.state is not TicketState.NO_SHOW
    return None if is_past else Flash(code, ticket_out(site, found))


def _file_link(site: Site, mine: Seat) -> str:
    """Where the digital file of the person here opens; empty where there is none."""
    here = mine.ticket
    if here is None:
        return ""
    template = site.desk.file_url
    return file_address(template, appointment=here.appointment, number=here.number)


def _person(site: Site, mine: Seat, now: datetime) -> TicketOut | None:
    if mine.ticket is None:
        return None
    reason = reason_out(mine.reason, site.zone, now)
    return ticket_out(site, mine.ticket, waited_minutes=mine.waited_minutes, reason=reason)
