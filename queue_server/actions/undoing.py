"""A wrong key: what was done is undone, as if it had never been pressed."""

from __future__ import annotations

from datetime import datetime

from queue_server.actions.calling import about
from queue_server.actions.serving import resume_within
from queue_server.domain import events
from queue_server.domain.site import Site
from queue_server.domain.ticket import Ticket
from queue_server.store import calls, counters, journal, tickets
from queue_server.store.database import Reader
from queue_server.store.identities import Clerk
from queue_server.store.transaction import Store


def undo_no_show(
    store: Store, site: Site, counter: str, clerk: Clerk, ticket: int, *, now: datetime
) -> bool:
    """The person did come: the same call stands here again. Returns whether it does.

    Once somebody else was called to the counter, or anything else has happened to the ticket,
    there is nothing to go back to: the person waits on at the old place. Raises `NotFound`,
    `MoveRefused` when they are no no-show any more.
    """
    with store.transaction(site.id) as tx:
        missed = tickets.get(tx, site.id, ticket)
        call = _call_to_go_back_to(tx, missed, counter, clerk)
        if call is None:
            resume_within(tx, site, clerk, ticket, now)
            return False
        undone = events.MissUndone(
            **{**about(missed, clerk.id, now), "counter": counter}, call=call
        )
        tx.apply(undone, missed)
        return True


def _call_to_go_back_to(reader: Reader, ticket: Ticket, counter: str, clerk: Clerk) -> int | None:
    """The call that was given up here, by this clerk, with nothing in between."""
    last = journal.last_of(reader, ticket.id)
    called = journal.last_of(reader, ticket.id, events.TicketCalled.__name__)
    session = counters.session_at(reader, counter)
    is_last = isinstance(last, events.TicketMissed) and last.counter == counter
    is_mine = session is not None and session.clerk == clerk.id
    if not (is_last and is_mine and isinstance(called, events.TicketCalled)):
        return None
    assert session is not None
    is_same_sitting = session.opened_at <= called.at
    if not is_same_sitting or calls.has_later(reader, counter, called.call):
        return None
    return called.call
