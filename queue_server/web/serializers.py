"""What leaves as JSON: rows and query results turned into the models of `web/models.py`."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from queue_server.domain.appointment import CONFIRMED, Appointment
from queue_server.domain.errors import NotIssuing
from queue_server.domain.priority import Reason
from queue_server.domain.site import Service, Site
from queue_server.domain.slots import Slot
from queue_server.domain.ticket import Ticket
from queue_server.domain.ticket_stop import AUTOMATIC, Stop
from queue_server.domain.waiting import Range
from queue_server.queries.board import Board
from queue_server.queries.outlook import Crowd, Outlook, Place
from queue_server.queries.queue import CounterView, Queue, Waiting
from queue_server.queries.stops import Issuing
from queue_server.web.help_calls import help_call_out
from queue_server.web.models import (
    AppointmentOut,
    BoardCallOut,
    BoardOut,
    CounterOut,
    CrowdOut,
    NotIssuingOut,
    OutlookOut,
    QueueOut,
    ReasonOut,
    ServiceOut,
    ServiceOutlookOut,
    ServiceStopOut,
    SiteOut,
    SlotOut,
    StopOut,
    StopsOut,
    TicketOut,
)
from queue_server.web.reasons import reason_text
from queue_server.web.refusals import sentence
from queue_server.web.speech import speech_of


def plain(model: BaseModel) -> dict[str, Any]:
    """JSON values of a message."""
    return model.model_dump(mode="json")


def brief(model: BaseModel) -> dict[str, Any]:
    """JSON values without the optional fields that are not there."""
    return model.model_dump(mode="json", exclude_none=True)


def reason_out(reason: Reason | None, zone: ZoneInfo, now: datetime) -> ReasonOut | None:
    if reason is None:
        return None
    facts = {key: _local(value, zone) for key, value in reason.facts.items()}
    return ReasonOut(code=reason.code, text=reason_text(reason, zone, now), facts=facts)


def ticket_out(site: Site, ticket: Ticket, **more: Any) -> TicketOut:
    """A ticket for its site's clerks and its holder; `token` only when asked for."""
    return TicketOut(
        id=str(ticket.id),
        number=ticket.number,
        site=ticket.site,
        services=list(ticket.services),
        persons=ticket.persons,
        state=ticket.state,
        kind=ticket.kind,
        due_at=_local(ticket.due_at, site.zone),
        issued_at=ticket.issued_at.astimezone(site.zone),
        counter=ticket.counter,
        counter_name=site.counter_name(ticket.counter) if ticket.counter else None,
        bound_to=ticket.bound_to,
        precedence=ticket.precedence,
        missing=list(ticket.missing),
        coming=ticket.is_coming,
        postponed=ticket.is_postponed,
        calls=ticket.calls,
        **more,
    )


def placed_ticket_out(site: Site, ticket: Ticket, place: Place | None, **more: Any) -> TicketOut:
    """A ticket with its place and range, when it waits. `place` 1 is next."""
    if place is None:
        return ticket_out(site, ticket, **more)
    # A ticket is of one day, so its own day is the "today" of the reason's times.
    reason = reason_out(place.reason, site.zone, ticket.issued_at)
    minutes = _minutes(place.range)
    return ticket_out(site, ticket, place=place.ahead + 1, reason=reason, **minutes, **more)


def board_out(site: Site, board: Board) -> BoardOut:
    return BoardOut(
        version=board.version,
        at=board.at.astimezone(site.zone),
        site=board.site,
        calls=[
            BoardCallOut(
                call=call.call,
                number=call.number,
                counter=call.counter,
                direction=call.direction,
                kind=call.kind,
                times=call.times,
                at=call.at.astimezone(site.zone),
                speech=speech_of(site, call),
            )
            for call in board.calls
        ],
        next=list(board.next),
        issuing=board.issuing,
        not_issuing=not_issuing_out(site, board.refusal, board.at),
        notices=list(board.notices),
    )


def not_issuing_out(site: Site, refusal: NotIssuing | None, now: datetime) -> NotIssuingOut | None:
    """Why there is no number, in a sentence of the site's own time; None when there is one."""
    if refusal is None:
        return None
    return NotIssuingOut(
        why=str(refusal.facts["why"]),
        text=sentence(refusal, site.zone, now),
        reason=str(refusal.facts.get("reason", "")),
        opens_at=_local(refusal.facts.get("opens_at"), site.zone),
    )


def queue_out(site: Site, queue: Queue) -> QueueOut:
    def tickets(some: tuple[Ticket, ...]) -> list[TicketOut]:
        return [ticket_out(site, ticket) for ticket in some]

    return QueueOut(
        version=queue.version,
        at=queue.at.astimezone(site.zone),
        site=queue.site,
        waiting=[
            waiting_out(site, waiting, queue.at, place)
            for place, waiting in enumerate(queue.waiting, start=1)
        ],
        called=tickets(queue.called),
        serving=tickets(queue.serving),
        parked=tickets(queue.parked),
        no_show=tickets(queue.no_show),
        counters=[_counter_out(site, view) for view in queue.counters],
        help=[help_call_out(site, call) for call in queue.help] or None,
    )


def waiting_out(site: Site, waiting: Waiting, now: datetime, place: int | None = None) -> TicketOut:
    """Somebody who waits, with the reason for their place."""
    return ticket_out(
        site,
        waiting.ticket,
        place=place,
        waited_minutes=waiting.waited_minutes,
        reason=reason_out(waiting.reason, site.zone, now),
    )


def site_out(site: Site, opens_at: datetime | None, closes_at: datetime | None) -> SiteOut:
    return SiteOut(
        id=site.id,
        name=site.name,
        address=site.address,
        open=closes_at is not None,
        opens_at=_local(opens_at, site.zone),
        closes_at=_local(closes_at, site.zone),
        services=[_service_out(service) for service in site.services],
    )


def outlook_out(site: Site, outlook: Outlook, now: datetime) -> OutlookOut:
    return OutlookOut(
        open=outlook.open,
        issuing=outlook.issuing,
        waiting=outlook.waiting,
        counters_open=outlook.counters_open,
        services=[
            ServiceOutlookOut(
                service=s.service, issuing=s.issuing, waiting=s.waiting, **_minutes(s.range)
            )
            for s in outlook.services
        ],
        not_issuing=not_issuing_out(site, outlook.refusal, now),
    )


def stops_out(site: Site, found: Issuing, now: datetime) -> StopsOut:
    return StopsOut(
        site=site.id,
        issuing=found.refusal is None,
        mode=found.said.mode if found.said else AUTOMATIC,
        stop=_stop_out(site, found.said),
        not_issuing=not_issuing_out(site, found.refusal, now),
        services=[
            ServiceStopOut(
                service=each.service.id,
                issuing=each.refusal is None,
                mode=each.said.mode if each.said else AUTOMATIC,
                stop=_stop_out(site, each.stop),
                not_issuing=not_issuing_out(site, each.refusal, now),
            )
            for each in found.services
            if each.service.walk_in
        ],
    )


def crowd_out(site: Site, crowd: Crowd) -> CrowdOut:
    return CrowdOut(
        version=crowd.version,
        at=crowd.at.astimezone(site.zone),
        site=crowd.site,
        waiting=[_crowd_place(place) for place in crowd.places],
        called=[ticket.number for ticket in crowd.called],
    )


def slot_json(site: Site, slot: Slot) -> str:
    """As `slot_out` is written; a calendar has thousands of them."""
    start, end = (each.astimezone(site.zone).isoformat() for each in (slot.start_at, slot.end_at))
    return f'{{"start":"{start}","end":"{end}"}}'


def slot_out(site: Site, slot: Slot) -> SlotOut:
    return SlotOut(start=slot.start_at.astimezone(site.zone), end=slot.end_at.astimezone(site.zone))


def appointment_out(site: Site, appointment: Appointment) -> AppointmentOut:
    return AppointmentOut(
        id=str(appointment.id),
        token=appointment.token,
        site=appointment.site,
        state=appointment.state,
        services=list(appointment.services),
        persons=appointment.persons,
        start=appointment.start_at.astimezone(site.zone),
        end=appointment.end_at.astimezone(site.zone),
        expires_at=_local(appointment.expires_at, site.zone),
        code=appointment.code if appointment.state is CONFIRMED else None,
    )


def _stop_out(site: Site, stop: Stop | None) -> StopOut | None:
    if stop is None:
        return None
    return StopOut(
        mode=stop.mode,
        by=stop.by,
        reason=stop.reason,
        since=stop.since.astimezone(site.zone),
        work_ends_at=_local(stop.work_ends_at, site.zone),
    )


def _crowd_place(place: Place) -> tuple[str, int, int | None, int | None, int | None]:
    low, high, likely = _minutes(place.range).values()
    return place.ticket.number, place.ahead, low, high, likely


def _counter_out(site: Site, view: CounterView) -> CounterOut:
    return CounterOut(
        counter=view.counter,
        name=view.name,
        open=view.open,
        clerk=view.clerk,
        services=list(view.services),
        ticket=ticket_out(site, view.ticket) if view.ticket else None,
    )


def _service_out(service: Service) -> ServiceOut:
    fields = {name: getattr(service, name) for name in ServiceOut.model_fields}
    return ServiceOut(**fields | {"documents": list(service.documents)})


def _minutes(span: Range | None) -> dict[str, int | None]:
    return {
        "low_minutes": span.low_minutes if span else None,
        "high_minutes": span.high_minutes if span else None,
        "likely_minutes": span.likely_minutes if span else None,
    }


def _local(value: Any, zone: ZoneInfo) -> Any:
    return value.astimezone(zone) if isinstance(value, datetime) else value
