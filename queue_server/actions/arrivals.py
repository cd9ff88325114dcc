"""Arriving and leaving: draw a ticket, check in with a Termincode, give the number back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.actions.refused_draws import note_refusal
from queue_server.domain import events
from queue_server.domain.appointment import (
    CANCELLED,
    CHECKED_IN,
    EXPIRED,
    PRECONFIRMED,
    RESERVED,
    Appointment,
    is_late,
    may_check_in,
)
from queue_server.domain.codes import new_token, parse_code
from queue_server.domain.errors import (
    BadRequest,
    Cancelled,
    NotConfirmed,
    NotIssuing,
    NumbersUsedUp,
    OtherSite,
    Refused,
    UnknownCode,
)
from queue_server.domain.hours import local_day
from queue_server.domain.site import Service, Site
from queue_server.domain.ticket import PRECEDENCE_REASONS, Kind, Ticket, TicketState
from queue_server.domain.ticket_stop import check_issuing
from queue_server.opening import days_of
from queue_server.store import appointments, decisions, ticket_changes, tickets
from queue_server.store.transaction import Store, Transaction

# By no more than this may a clock be corrected while people wait; what is further off is a mistake.
CLOCK_SET_BACK = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A ticket, and whether this request made it or only found it again."""

    ticket: Ticket
    is_new: bool


def draw_ticket(
    store: Store,
    site: Site,
    services: tuple[str, ...],
    *,
    persons: int = 1,
    language: str = "de",
    key: str | None = None,
    precedence: str | None = None,
    by: str = "kiosk",
    clerk: int | None = None,
    door: str = "",
    now: datetime,
) -> Arrival:
    """Issue a walk-in ticket; the same Idempotency-Key is the same ticket.

    The journal also keeps that there was no number, for whom `clerk` or `door` asked. A clerk may
    give it precedence for a coded reason at once. Raises `UnknownService`,
    `TooManyPersons`, `NotIssuing`, `NumbersUsedUp`, `BadRequest` for an unknown reason.
    """
    if precedence is not None and precedence not in PRECEDENCE_REASONS:
        raise BadRequest(errors=[("reason", "unknown", precedence)])
    try:
        with store.transaction(site.id) as tx:
            # Before any refusal: whoever repeats a request already holds the ticket.
            if key is not None and (known := tickets.of_key(tx, site.id, key)):
                return Arrival(known, is_new=False)
            wanted = site.checked_visit(services, persons)
            _check_issuing(tx, site, wanted, now)
            ids = tuple(service.id for service in wanted)
            ticket = _issue(
                tx, site, _new(site, Kind.WALK_IN, ids, persons, language, now), by, now
            )
            if precedence is not None:
                ticket = tx.apply(_preferred(ticket, precedence, clerk), ticket)
            if key is not None:
                ticket_changes.remember_key(tx, site.id, key, ticket.id, now)
            return Arrival(ticket, is_new=True)
    except (NotIssuing, NumbersUsedUp) as refusal:
        note_refusal(store, _refused(site, services, refusal, door, by, clerk, now))
        raise


def check_in(
    store: Store, site: Site, code: str, *, language: str = "", by: str = "kiosk", now: datetime
) -> Arrival:
    """Turn the appointment of a typed or scanned Termincode into a ticket.

    The ticket speaks `language`, or that of the booking if none is given. The same code twice is
    the same ticket. Raises `UnknownCode`, `OtherSite`, `NotConfirmed`, `Cancelled`, `OtherDay`,
    `TooEarly`.
    """
    plain = parse_code(code)
    if plain is None:
        raise UnknownCode()
    with store.transaction(site.id) as tx:
        appointment = appointments.by_code(tx, plain)
        if appointment is None:
            raise UnknownCode()
        return _check_in(tx, site, appointment, by, now, language)


def check_in_by_hand(store: Store, site: Site, appointment: int, *, now: datetime) -> Arrival:
    """The clerk checks a person in who has forgotten the code; same rules as at the kiosk."""
    with store.transaction(site.id) as tx:
        return _check_in(tx, site, appointments.get(tx, site.id, appointment), "clerk", now)


def give_back(store: Store, token: str, *, now: datetime) -> Ticket:
    """The holder gives the number back; twice is once. Raises `NotFound`, `MoveRefused`."""
    with store.transaction(tickets.site_of(token)) as tx:
        ticket = tickets.by_token(tx, token)
        if ticket.state is TicketState.CANCELLED:
            return ticket
        return withdraw(tx, ticket, events.HOLDER, None, now)


def withdraw(tx: Transaction, ticket: Ticket, by: str, clerk: int | None, now: datetime) -> Ticket:
    """Cancel a ticket that is not being served. Raises `MoveRefused`."""
    gone = events.TicketCancelled(at=now, site=ticket.site, ticket=ticket.id, clerk=clerk, by=by)
    return tx.apply(gone, ticket)


def _refused(
    site: Site,
    services: tuple[str, ...],
    refusal: Refused,
    door: str,
    by: str,
    clerk: int | None,
    now: datetime,
) -> events.TicketRefused:
    return events.TicketRefused(
        at=now,
        site=site.id,
        clerk=clerk,
        service=services[0],
        reason=str(refusal.facts.get("why", refusal.code)),
        door=door,
        by=by,
    )


def _check_issuing(tx: Transaction, site: Site, wanted: tuple[Service, ...], now: datetime) -> None:
    """As it stands in this very transaction: a stop that is committed lets no number through."""
    day, days = local_day(now, site.zone), days_of(tx, site)
    check_issuing(
        site,
        wanted,
        lambda service: tickets.issued_today(tx, site.id, day, service),
        days,
        now,
        decisions.stops_in_force(tx, site, days, now),
    )


def _check_in(
    tx: Transaction,
    site: Site,
    appointment: Appointment,
    by: str,
    now: datetime,
    language: str = "",
) -> Arrival:
    if appointment.site != site.id:
        raise _elsewhere(appointment)
    if appointment.state is CHECKED_IN:
        # The kiosk may send the same scan twice (double beep). Same code, same ticket.
        known = tickets.of_appointment(tx, appointment.id)
        if known is not None:
            return Arrival(known, is_new=False)
    may_check_in(appointment, site.id, site.checkin, site.zone, now)
    came = events.AppointmentCheckedIn(at=now, site=site.id, appointment=appointment.id)
    tx.apply(came, appointment)
    ticket = _ticket_of(site, appointment, language or appointment.language, now)
    return Arrival(_issue(tx, site, ticket, by, now), is_new=True)


def _elsewhere(appointment: Appointment) -> Refused:
    """Nobody shall cross the town for an appointment that is none (yet, or any more)."""
    if appointment.state in (RESERVED, PRECONFIRMED):
        return NotConfirmed(due_at=appointment.start_at)
    if appointment.state in (CANCELLED, EXPIRED):
        return Cancelled(due_at=appointment.start_at, state=appointment.state)
    return OtherSite(site=appointment.site, due_at=appointment.start_at)


def _ticket_of(site: Site, appointment: Appointment, language: str, now: datetime) -> Ticket:
    return _new(
        site,
        Kind.APPOINTMENT,
        appointment.services,
        appointment.persons,
        language,
        now,
        appointment=appointment.id,
        due_at=appointment.start_at,
        is_late=is_late(appointment, site.checkin, now),
    )


def _new(
    site: Site,
    kind: Kind,
    services: tuple[str, ...],
    persons: int,
    language: str,
    now: datetime,
    *,
    appointment: int | None = None,
    due_at: datetime | None = None,
    is_late: bool = False,
) -> Ticket:
    # Id and number are given by the database, in the same transaction.
    return Ticket(
        id=0,
        site=site.id,
        number="",
        kind=kind,
        state=TicketState.WAITING,
        services=services,
        persons=persons,
        issued_at=now,
        token=new_token(),
        language=language,
        appointment=appointment,
        due_at=due_at,
        is_late=is_late,
    )


def _preferred(ticket: Ticket, precedence: str, clerk: int | None) -> events.TicketPreferred:
    return events.TicketPreferred(
        at=ticket.issued_at,
        site=ticket.site,
        ticket=ticket.id,
        clerk=clerk,
        precedence=precedence,
    )


def _not_before_others(tx: Transaction, site: Site, now: datetime) -> datetime:
    """Now, or the arrival of who came last: a clock that is set back lets nobody overtake them."""
    last = tickets.last_walk_in_at(tx, site.id)
    return last if last is not None and now < last <= now + CLOCK_SET_BACK else now


def _issue(tx: Transaction, site: Site, new: Ticket, by: str, now: datetime) -> Ticket:
    issued = events.TicketIssued(
        at=_not_before_others(tx, site, now),
        site=site.id,
        appointment=new.appointment,
        kind=new.kind,
        services=new.services,
        persons=new.persons,
        minutes=site.visit_minutes(new.services, new.persons),
        due_at=new.due_at,
        is_late=new.is_late,
        by=by,
    )
    day, group = local_day(issued.at, site.zone), site.service(new.services[0]).group
    return tx.issue(issued, new, day=day, group=group)
