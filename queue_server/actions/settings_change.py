"""New settings are in force: the journal records it, and open counters follow them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from queue_server.actions import rules
from queue_server.domain import events
from queue_server.domain.counters import OpenCounter
from queue_server.domain.site import Site
from queue_server.store import counters, marks
from queue_server.store.transaction import Store

OFFICE, FILE, START = "office", "file", "start"
MOST_KEYS = 60


def note(
    store: Store,
    old: Site,
    new: Site,
    keys: Sequence[str],
    *,
    by: str,
    clerk: int | None,
    mark: str,
    now: datetime,
) -> None:
    """Record that the site has changed, by whom, and in which keys.

    A counter that served all it could goes on doing so, with the new services; one that served
    some keeps those that are left. The rule of config.toml is in force at once. `mark` stands for
    all that the file says of the site now.
    """
    more = max(0, len(keys) - MOST_KEYS)
    changed = events.SettingsChanged(
        at=now, site=new.id, clerk=clerk, keys=tuple(keys[:MOST_KEYS]), by=by, more=more
    )
    with store.transaction(new.id) as tx:
        tx.record(changed)
        marks.put(tx, _name(new), mark)
        for session in counters.open_at(tx, new.id):
            services = _served(session, old, new)
            if services != session.services:
                tx.apply_to_counter(
                    events.CounterOpened(
                        at=now,
                        site=new.id,
                        counter=session.counter,
                        clerk=session.clerk,
                        services=services,
                    )
                )
    rules.note(store, new, now=now)


def note_start(store: Store, site: Site, mark: str, *, now: datetime) -> bool:
    """At a start: whether the site is another one than when this database last served it.

    What exactly has changed nobody saw; that it has is recorded.
    """
    with store.transaction(site.id) as tx:
        known = marks.get(tx, _name(site))
        if known == mark:
            return False
        marks.put(tx, _name(site), mark)
        if known is None:
            return False
        key = f"site.{site.id}"
        tx.record(events.SettingsChanged(at=now, site=site.id, keys=(key,), by=START))
        return True


def _name(site: Site) -> str:
    return f"settings of {site.id}"


def _served(session: OpenCounter, old: Site, new: Site) -> tuple[str, ...]:
    places = {counter.id: counter for counter in new.counters}
    before = {counter.id: counter for counter in old.counters}
    if session.counter not in places or session.counter not in before:
        return session.services
    possible = new.served_by(places[session.counter].services)
    if set(session.services) == set(old.served_by(before[session.counter].services)):
        return possible
    return tuple(id for id in possible if id in session.services) or possible
