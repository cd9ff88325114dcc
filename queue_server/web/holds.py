"""How many minutes of unconfirmed time one client holds, so that nobody blocks a whole calendar.

Nothing of a client is stored: which bookings came from where is remembered here until they are
confirmed or over, and what they hold is read from the database.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from threading import Lock

from queue_server.domain.appointment import PRECONFIRMED, RESERVED, Appointment, has_expired
from queue_server.domain.errors import NotFound, TooManyHeld
from queue_server.domain.site import Site
from queue_server.store import appointments
from queue_server.store.database import Reader
from queue_server.store.transaction import Store
from queue_server.web.limits import Client

MOST_CLIENTS = 10_000


@dataclass(eq=False, slots=True)
class Hold:
    """Minutes that are about to be held; once they are, what is held is in the database."""

    minutes: int
    appointment: int = 0

    def keep(self, held: Appointment) -> Appointment:
        self.appointment = held.id
        return held


class Holds:
    """What each client holds, and each network around it with its factor."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._holds: OrderedDict[tuple[str, str], list[Hold]] = OrderedDict()
        self._turn = Lock()

    @contextmanager
    def room_for(self, client: Client, site: Site, minutes: int, now: datetime) -> Iterator[Hold]:
        """Around a booking, which is `keep`-ed when it worked out. Raises `TooManyHeld`."""
        hold = Hold(minutes)
        with self._turn:
            for name, factor in ((client.name, 1), *client.networks):
                most = site.booking.unconfirmed_client_minutes * factor
                self._check(site, name, minutes, most, now)
            for name in self._names(client):
                self._holds.setdefault((site.id, name), []).append(hold)
        try:
            yield hold
        finally:
            if not hold.appointment:
                self._drop(client, site, hold)

    def _check(self, site: Site, name: str, minutes: int, most: int, now: datetime) -> None:
        standing, held, again_at = self._standing(site, name, now)
        if standing:
            self._holds[site.id, name] = standing
            self._holds.move_to_end((site.id, name))
        else:
            self._holds.pop((site.id, name), None)
        while len(self._holds) > MOST_CLIENTS:
            self._holds.popitem(last=False)
        # A single visit may be longer than that.
        if held and held + minutes > most:
            wait = (again_at - now).total_seconds() if again_at else 60
            raise TooManyHeld(again_at=again_at or now, seconds=max(1, ceil(wait)))

    def _standing(
        self, site: Site, name: str, now: datetime
    ) -> tuple[list[Hold], int, datetime | None]:
        """What is still held or about to be, how many minutes that is, and when the first ends."""
        holds = self._holds.get((site.id, name), [])
        pending = [hold for hold in holds if not hold.appointment]
        standing, held, ends = list(pending), sum(each.minutes for each in pending), []
        with self._store.snapshot() as snapshot:
            for id, hold in {each.appointment: each for each in holds if each.appointment}.items():
                found = _unconfirmed(snapshot, site, id, now)
                if found is not None and found.expires_at is not None:
                    standing.append(hold)
                    ends.append(found.expires_at)
                    held += int((found.end_at - found.start_at).total_seconds()) // 60
        return standing, held, min(ends, default=None)

    def _drop(self, client: Client, site: Site, hold: Hold) -> None:
        with self._turn:
            for name in self._names(client):
                holds = self._holds.get((site.id, name), [])
                if hold in holds:
                    holds.remove(hold)

    @staticmethod
    def _names(client: Client) -> list[str]:
        return [client.name, *(name for name, _ in client.networks)]


def _unconfirmed(reader: Reader, site: Site, id: int, now: datetime) -> Appointment | None:
    try:
        found = appointments.get(reader, site.id, id)
    except NotFound:
        return None
    is_held = found.state in (RESERVED, PRECONFIRMED) and not has_expired(found, now)
    return found if is_held else None
