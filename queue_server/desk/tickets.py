"""Tickets away from the counter: issue one, put it back, prefer it, change it, withdraw it."""

from __future__ import annotations

from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions import arrivals, serving
from queue_server.desk import pane_context
from queue_server.desk.blueprint import ClerkRequest, clerk_request, done, pane, room
from queue_server.domain.errors import BadRequest, Refused
from queue_server.domain.ticket import AT_COUNTER, TicketState
from queue_server.qr import qr_svg
from queue_server.queries.why import why_not_yet
from queue_server.store import tickets
from queue_server.web.forms import key, many, new_key, number, text
from queue_server.web.models import TicketOut
from queue_server.web.reasons import why_text
from queue_server.web.serializers import placed_ticket_out

MOST_PERSONS = 20


@room.get("/desk/tickets/new")
def issue_page() -> AnyResponse:
    return _issue_pane(clerk_request())


@room.post("/desk/tickets")
def issue() -> AnyResponse:
    """A number for somebody at the front desk, with precedence when a reason is given.

    The form carries a key: sent twice it is one ticket.
    """
    who = clerk_request()
    try:
        ticket = _issued(who)
    except Refused as refusal:
        return _issue_pane(who, error=who.sentence(refusal))
    return redirect(url_for("desk.ticket", id=ticket, said="issued"), 303)


def _issued(who: ClerkRequest) -> int:
    arrival = arrivals.draw_ticket(
        who.store,
        who.site,
        many("services"),
        persons=number("persons"),
        language=_language(),
        key=key() or None,
        precedence=text("reason") or None,
        by="clerk",
        clerk=who.clerk.id,
        now=who.now,
    )
    return arrival.ticket.id


def _issue_pane(who: ClerkRequest, error: str = "") -> AnyResponse:
    return pane(
        who,
        "desk/issue.html",
        422 if error else 200,
        groups=pane_context.groups(who.site),
        chosen=many("services"),
        persons=text("persons") or "1",
        reason=text("reason"),
        language=text("language") or "de",
        key=key() or new_key(),
        most=max(service.max_persons for service in who.site.services),
        error=error,
    )


@room.get("/desk/tickets/<int:id>")
def ticket(id: int) -> AnyResponse:
    """Everything about one ticket, and what can be done with it."""
    return _ticket_pane(clerk_request(), id)


def _ticket_pane(who: ClerkRequest, id: int, error: str = "") -> AnyResponse:
    with who.store.snapshot() as snapshot:
        found = tickets.get(snapshot, who.site.id, id)
        context = pane_context.panel(snapshot, who.site, who.clerk, who.now)
        why = why_not_yet(snapshot, who.site, found, who.now)
    place = who.context.told.standing(who.site, found)
    shown = placed_ticket_out(who.site, found, place)
    link = f"{who.context.settings.public_url}/t/{found.token}"
    is_new = text("said") == "issued" and found.state is TicketState.WAITING
    return pane(
        who,
        "desk/ticket.html",
        422 if error else 200,
        **{key: context[key] for key in ("seat", "counter", "person")},
        ticket=shown,
        why=why_text(why, who.site, who.now) if why else "",
        language=found.language,
        groups=pane_context.groups(who.site),
        may_call=_may_call(context, shown),
        is_new=is_new,
        is_alive=found.state not in (TicketState.SERVED, TicketState.CANCELLED),
        at_counter=found.state in AT_COUNTER,
        qr=who.context.pools.qr_codes(lambda: qr_svg(link)) if is_new else "",
        error=error,
    )


def _may_call(context: dict[str, Any], ticket: TicketOut) -> bool:
    """Whether my counter is free, and serves this person."""
    session = context["seat"].session
    if session is None or context["person"] is not None:
        return False
    return pane_context.is_mine(ticket, session.services, session.counter)


@room.post("/desk/tickets/<int:id>/resumption")
def resume(id: int) -> AnyResponse:
    who = clerk_request()
    serving.resume(who.store, who.site, who.clerk, id, now=who.now)
    return done(who, "resumed", id)


@room.post("/desk/tickets/<int:id>/precedence")
def prefer(id: int) -> AnyResponse:
    who = clerk_request()
    if not text("reason"):
        return _ticket_pane(who, id, error="Bitte wählen Sie den Grund für den Vorrang.")
    serving.prefer(who.store, who.site, who.clerk, id, text("reason"), now=who.now)
    return done(who, "preferred", id)


@room.post("/desk/tickets/<int:id>/services")
def change_services(id: int) -> AnyResponse:
    """What the visit is for: keep some, add one."""
    who, services = clerk_request(), many("services")
    if not services:
        return _ticket_pane(who, id, error="Ein Besuch braucht mindestens ein Anliegen.")
    serving.set_services(who.store, who.site, who.clerk, id, services, now=who.now)
    return done(who, "changed", id)


@room.post("/desk/tickets/<int:id>/cancellation")
def withdraw(id: int) -> AnyResponse:
    who = clerk_request()
    serving.cancel(who.store, who.site, who.clerk, id, now=who.now)
    return done(who, "withdrawn", id)


def _language() -> str:
    """German unless the form names one of the languages we know."""
    wanted = text("language") or "de"
    if wanted != "de" and wanted not in pane_context.LANGUAGES:
        raise BadRequest(errors=[("language", "unknown", wanted)])
    return wanted
