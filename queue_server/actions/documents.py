"""Before their turn visitors say which documents they don't have with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from queue_server.domain import events
from queue_server.domain.errors import BadRequest, NotFound
from queue_server.domain.site import Site
from queue_server.domain.ticket import Ticket
from queue_server.store import tickets
from queue_server.store.database import Store


def declare_missing(
    store: Store, site: Site, token: str, missing: Sequence[str], *, now: datetime
) -> Ticket:
    """The holder says which of the documents to bring are not there; none means all are.

    Only documents of the ticket's own services count, and the last word does; the same word
    twice is once. Raises `NotFound`, `BadRequest` for any other document, `MoveRefused` unless
    the ticket waits, is called or is parked.
    """
    with store.transaction() as tx:
        before = tickets.by_token(tx, token)
        if before.site != site.id:
            raise NotFound()
        after = before.with_missing(_documents_among(missing, site, before))
        if after != before:
            tickets.set_missing(tx, after)
            tx.record(
                events.DocumentsDeclared(
                    at=now, site=site.id, ticket=after.id, missing=after.missing
                )
            )
        return after


def _documents_among(named: Sequence[str], site: Site, ticket: Ticket) -> tuple[str, ...]:
    """The named documents, each once, in the order of the catalogue."""
    known = site.documents_for(ticket.services)
    wrong = [number for number, document in enumerate(named) if document not in known]
    if wrong:
        raise BadRequest(errors=[(f"missing.{number}", "unknown", "") for number in wrong])
    return tuple(document for document in known if document in named)
