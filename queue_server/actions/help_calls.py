"""A clerk calls for help; a colleague says that they come; somebody gives the all-clear.

Twice is once, and whoever is second finds what the first has done. A call for help can't stick: it
ends on its own after a time, when its counter closes and when its clerk signs out.
"""

from __future__ import annotations

from datetime import datetime

from queue_server.domain import events
from queue_server.domain.errors import CounterNotOpen
from queue_server.domain.help_call import ALL_CLEAR, LEFT, RAN_OUT, HelpCall
from queue_server.domain.site import Site
from queue_server.store import counters, help_calls
from queue_server.store.database import Reader
from queue_server.store.identities import Clerk
from queue_server.store.transaction import Store, Transaction


def call_help(
    store: Store, site: Site, clerk: Clerk, *, counter: str | None = None, now: datetime
) -> HelpCall:
    """Call for help from the clerk's counter, or from none; one that stands goes on standing.

    A `counter` that is named must be the clerk's own: raises `CounterNotOpen` for any other, since
    colleagues would run to the wrong place.
    """
    with store.transaction(site.id) as tx:
        session = counters.session_of(tx, clerk.id)
        if counter is not None and (session is None or session.counter != counter):
            raise CounterNotOpen(counter=site.counter_name(counter))
        before = help_calls.of(tx, clerk.id)
        if before is not None and before.stands(now):
            return before
        if before is not None:
            _end(tx, before, RAN_OUT, None, now)
        place = session.counter if session else ""
        help_calls.put(tx, site.id, place, clerk.id, now)
        tx.record(events.HelpCalled(at=now, site=site.id, counter=place or None, clerk=clerk.id))
        return HelpCall(clerk.id, clerk.name, site.id, place, now)


def answer(store: Store, site: Site, clerk: Clerk, caller: int, *, now: datetime) -> bool:
    """A colleague comes; the first one counts. Returns whether the call still stood."""
    with store.transaction(site.id) as tx:
        found = _standing(tx, site, caller, now)
        is_mine = found is not None and found.clerk == clerk.id
        if found is not None and not is_mine and help_calls.put_helper(tx, caller, clerk.id):
            tx.record(
                events.HelpAnswered(
                    at=now,
                    site=site.id,
                    counter=found.counter or None,
                    clerk=clerk.id,
                    caller=caller,
                )
            )
        return found is not None


def give_all_clear(store: Store, site: Site, clerk: Clerk, caller: int, *, now: datetime) -> bool:
    """The caller or any colleague ends it. Returns whether the call still stood."""
    with store.transaction(site.id) as tx:
        found = _standing(tx, site, caller, now)
        if found is not None:
            _end(tx, found, ALL_CLEAR, clerk.id, now)
        return found is not None


def end_with(tx: Transaction, clerk: int | None, now: datetime) -> None:
    """The clerk's counter closes, or the clerk signs out: part of that action."""
    found = help_calls.of(tx, clerk) if clerk is not None else None
    if found is not None:
        _end(tx, found, LEFT, None, now)


def end_overdue(store: Store, site: Site, *, now: datetime) -> int:
    """End what has stood for too long; returns how many."""
    with store.transaction(site.id) as tx:
        overdue = find_overdue(tx, site, now)
        for each in overdue:
            _end(tx, each, RAN_OUT, None, now)
        return len(overdue)


def find_overdue(reader: Reader, site: Site, now: datetime) -> list[HelpCall]:
    """What `end_overdue` would end."""
    return [each for each in help_calls.at_site(reader, site.id) if not each.stands(now)]


def _standing(tx: Transaction, site: Site, caller: int, now: datetime) -> HelpCall | None:
    found = help_calls.of(tx, caller)
    return found if found and found.site == site.id and found.stands(now) else None


def _end(tx: Transaction, call: HelpCall, by: str, clerk: int | None, now: datetime) -> None:
    help_calls.drop(tx, call.clerk)
    tx.record(
        events.HelpEnded(
            at=now,
            site=call.site,
            counter=call.counter or None,
            clerk=clerk,
            caller=call.clerk,
            by=by,
        )
    )
