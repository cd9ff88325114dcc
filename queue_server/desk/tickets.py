"""Tickets away from the counter: issue one, put it back, prefer it, change it, withdraw it."""

from __future__ import annotations

import secrets

from flask import redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions import arrivals, serving
from queue_server.desk import view
from queue_server.desk.door import Asker, asker, done, many, number, pane, room, text
from queue_server.domain.errors import BadRequest, MoveRefused, Refused
from queue_server.domain.ticket import AT_COUNTER, TicketState
from queue_server.qr import qr_svg
from queue_server.queries.why import why_not_yet
from queue_server.store import tickets
from queue_server.web.whys import why_text
from queue_server.web.wire import placed_ticket_out

MOST_PERSONS = 20
LONGEST_KEY = 100


@room.get("/desk/tickets/new")
def issue_page() -> AnyResponse:
    return _issue_pane(asker())


@room.post("/desk/tickets")
def issue() -> AnyResponse:
    """A number for somebody at the front desk, with precedence when a reason is given.

    The form carries a key: sent twice it is one ticket.
    """
    who = asker()
    try:
        ticket = _issued(who)
    except Refused as refusal:
        return _issue_pane(who, error=who.sentence(refusal))
    return redirect(url_for("desk.ticket", id=ticket, said="issued"), 303)


def _issued(who: Asker) -> int:
    arrival = arrivals.draw_ticket(
        who.store,
        who.site,
        many("services"),
        persons=number("persons"),
        language=_language(),
        key=text("key", LONGEST_KEY) or None,
        by="clerk",
        now=who.now,
    )
    reason, ticket = text("reason"), arrival.ticket
    if reason and ticket.precedence is None:
        _prefer_unless_gone(who, ticket.id, reason)
    if arrival.is_new:
        _tell(who, ticket.id)
    return ticket.id


def _tell(who: Asker, id: int) -> None:
    with who.store.snapshot() as snapshot:
        as_it_is = tickets.get(snapshot, who.site.id, id)
    who.house.forecasts.tell(who.site, as_it_is)


def _prefer_unless_gone(who: Asker, ticket: int, reason: str) -> None:
    try:
        serving.prefer(who.store, who.site, who.clerk, ticket, reason, now=who.now)
    except MoveRefused:
        # A colleague has already called the person: sooner than any precedence.
        return


def _issue_pane(who: Asker, error: str = "") -> AnyResponse:
    return pane(
        who,
        "desk/issue.html",
        422 if error else 200,
        groups=view.groups(who.site),
        chosen=many("services"),
        persons=text("persons") or "1",
        reason=text("reason"),
        language=text("language") or "de",
        key=text("key", LONGEST_KEY) or secrets.token_urlsafe(16),
        most=max(service.max_persons for service in who.site.services),
        error=error,
    )


@room.get("/desk/tickets/<int:id>")
def ticket(id: int) -> AnyResponse:
    """Everything about one ticket, and what can be done with it."""
    return _ticket_pane(asker(), id)


def _ticket_pane(who: Asker, id: int, error: str = "") -> AnyResponse:
    with who.store.snapshot() as snapshot:
        found = tickets.get(snapshot, who.site.id, id)
        context = view.panel(snapshot, who.site, who.clerk, who.now)
        why = why_not_yet(snapshot, who.site, found, who.now)
    place = who.house.forecasts.standing(who.site, found)
    link = f"{who.house.settings.public_url}/t/{found.token}"
    is_new = text("said") == "issued" and found.state is TicketState.WAITING
    return pane(
        who,
        "desk/ticket.html",
        422 if error else 200,
        **{key: context[key] for key in ("seat", "counter", "person")},
        ticket=placed_ticket_out(who.site, found, place),
        why=why_text(why, who.site, who.now) if why else "",
        language=found.language,
        groups=view.groups(who.site),
        is_new=is_new,
        is_alive=found.state not in (TicketState.SERVED, TicketState.CANCELLED),
        at_counter=found.state in AT_COUNTER,
        qr=who.house.slow(lambda: qr_svg(link)) if is_new else "",
        error=error,
    )


@room.post("/desk/tickets/<int:id>/resumption")
def resume(id: int) -> AnyResponse:
    who = asker()
    serving.resume(who.store, who.site, who.clerk, id, now=who.now)
    return done(who, "resumed", id)


@room.post("/desk/tickets/<int:id>/precedence")
def prefer(id: int) -> AnyResponse:
    who = asker()
    if not text("reason"):
        return _ticket_pane(who, id, error="Bitte wählen Sie den Grund für den Vorrang.")
    serving.prefer(who.store, who.site, who.clerk, id, text("reason"), now=who.now)
    return done(who, "preferred", id)


@room.post("/desk/tickets/<int:id>/services")
def change_services(id: int) -> AnyResponse:
    """What the visit is for: keep some, add one."""
    who, services = asker(), many("services")
    if not services:
        return _ticket_pane(who, id, error="Ein Besuch braucht mindestens ein Anliegen.")
    serving.set_services(who.store, who.site, who.clerk, id, services, now=who.now)
    return done(who, "changed", id)


@room.post("/desk/tickets/<int:id>/cancellation")
def withdraw(id: int) -> AnyResponse:
    who = asker()
    serving.cancel(who.store, who.site, who.clerk, id, now=who.now)
    return done(who, "withdrawn", id)


def _language() -> str:
    """German unless the form names one of the languages we know."""
    wanted = text("language") or "de"
    if wanted != "de" and wanted not in view.LANGUAGES:
        raise BadRequest(errors=[("language", "unknown", wanted)])
    return wanted
