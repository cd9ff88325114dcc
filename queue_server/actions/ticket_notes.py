"""What is noted with a ticket: documents that its holder lacks, and the wait they were told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from queue_server.domain import events
from queue_server.domain.errors import BadRequest, NotFound
from queue_server.domain.events import ForecastGiven, TicketIssued
from queue_server.domain.site import Site
from queue_server.domain.ticket import Ticket
from queue_server.domain.waiting import Range
from queue_server.store import tickets
from queue_server.store.transaction import Store


def declare_missing(
    store: Store, site: Site, token: str, missing: Sequence[str], *, now: datetime
) -> Ticket:
    """The holder says which of the documents to bring are not there; none means all are.

    Only documents of the ticket's own services count, and the last word does; the same word
    twice is once. Raises `NotFound`, `BadRequest` for any other document, `MoveRefused` unless
    the ticket waits, is called or is parked.
    """
    with store.transaction(site.id) as tx:
        before = tickets.by_token(tx, token)
        if before.site != site.id:
            raise NotFound()
        after = before.with_missing(_documents_among(missing, site, before))
        if after != before:
            declared = events.DocumentsDeclared(
                at=now, site=site.id, ticket=before.id, missing=after.missing
            )
            return tx.apply(declared, before)
        return before


def _documents_among(named: Sequence[str], site: Site, ticket: Ticket) -> tuple[str, ...]:
    """The named documents, each once, in the order of the catalogue."""
    known = site.documents_for(ticket.services)
    wrong = [number for number, document in enumerate(named) if document not in known]
    if wrong:
        raise BadRequest(errors=[(f"missing.{number}", "unknown", "") for number in wrong])
    return tuple(document for document in known if document in named)


def record_forecasts(store: Store, told: Sequence[tuple[TicketIssued, Range | None]]) -> None:
    """The holders of these new tickets were told these ranges; nothing is kept where none is known.

    An action of its own, after the tickets are issued: nobody's number waits for it, and whoever
    comes at once may have been called meanwhile.
    """
    known = [(ticket, range) for ticket, range in told if range is not None]
    if not known:
        return
    sites = {ticket.site for ticket, _ in known}
    with store.transaction(sites.pop() if len(sites) == 1 else None) as tx:
        for ticket, range in known:
            tx.record(forecast_given(ticket, range))


def forecast_given(issued: TicketIssued, range: Range) -> ForecastGiven:
    """The event that keeps what the holder of a new ticket was told."""
    return ForecastGiven(
        at=issued.at,
        site=issued.site,
        ticket=issued.ticket,
        low_minutes=range.low_minutes,
        high_minutes=range.high_minutes,
        likely_minutes=range.likely_minutes,
    )
