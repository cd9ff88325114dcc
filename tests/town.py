"""The cast of every test: a town with two offices, three clerks and a clock that stands still.

*Rathaus* offers Meldewesen (M), Ausweise (A) and Kfz (K) at Schalter 1 to 3. *Aylin* sits at
Schalter 1 and serves everything, *Bernd* at Schalter 2 only Ausweise; Schalter 3 is free until
somebody opens it. *Nordend* is the outsider: *Clara* works there and must see nothing of Rathaus.

The town works on a real database file. `now` is a value that only `pass_time` and `set_clock`
change; it begins on a Monday at 08:00. A counter opens by itself when its usual clerk first calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from queue_server.actions import (
    appointments,
    arrivals,
    calling,
    desks,
    housekeeping,
    serving,
    ticket_holder,
    ticket_notes,
    undoing,
)
from queue_server.actions.calling import Called
from queue_server.domain.appointment import Appointment
from queue_server.domain.counters import OpenCounter
from queue_server.domain.events import Event
from queue_server.domain.site import Site
from queue_server.domain.ticket import Ticket
from queue_server.forecast.forecast import Forecast, forecast
from queue_server.queries import board, outlook, queue
from queue_server.queries.measured_times import service_times_of
from queue_server.queries.office_snapshot import office_snapshot
from queue_server.store import journal, tickets
from queue_server.store.counters import session_at
from queue_server.store.database import Reader
from queue_server.store.identities import Clerk
from tests.cast import BERLIN as BERLIN
from tests.cast import MONDAY as MONDAY
from tests.cast import PEOPLE_DAYS, SEATS, moment, service_id
from tests.cast import SERVICES as SERVICES
from tests.cast import nordend as nordend
from tests.cast import office_hours as office_hours
from tests.cast import rathaus as rathaus
from tests.cast import wide_site as wide_site
from tests.citizens import Citizens
from tests.premises import open_store as open_store


def forecast_of(reader: Reader, site: Site, now: datetime) -> Forecast:
    """The forecast of a site as a server makes it that has just measured its times."""
    return forecast(office_snapshot(reader, site, now, service_times_of(reader, site, now)))


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with a number. The same ticket is the same visitor, whatever its state is now."""

    id: int
    number: str = field(compare=False)
    token: str = field(compare=False)


class Town(Citizens):
    """Everything a test needs to say, in the words of the people of the office."""

    # -- arriving ------------------------------------------------------------------------

    def draw(self, *services: str, site: str = "rathaus", **more: Any) -> Visitor:
        """Draw a number for these services, Meldewesen if none is named."""
        return visitor(self.arrival(*services, site=site, **more).ticket)

    def arrival(self, *services: str, site: str = "rathaus", **more: Any) -> arrivals.Arrival:
        ids = tuple(service_id(name) for name in services or ("Meldewesen",))
        return arrivals.draw_ticket(self.store, self.site(site), ids, now=self.now, **more)

    def booked(
        self, *services: str, at: str = "08:10", day: date | None = None, **more: Any
    ) -> Appointment:
        """An appointment that a clerk books on the phone."""
        site = self.site(more.pop("site", "rathaus"))
        return appointments.book_by_clerk(
            self.store,
            site,
            tuple(service_id(name) for name in services or ("Meldewesen",)),
            moment(day or self.today, at),
            clerk=self.clerk(more.pop("clerk", "Aylin")).id,
            people_days=PEOPLE_DAYS,
            now=self.now,
            **more,
        )

    def check_in(self, appointment: Appointment | str, site: str = "rathaus") -> Visitor:
        """Check in with the Termincode of an appointment, or with what was typed."""
        code = appointment if isinstance(appointment, str) else appointment.code
        arrival = arrivals.check_in(self.store, self.site(site), code, now=self.now)
        return visitor(arrival.ticket)

    def give_back(self, who: Visitor) -> None:
        arrivals.give_back(self.store, who.token, now=self.now)

    def come(self, who: Visitor) -> Ticket:
        return ticket_holder.come(self.store, who.token, now=self.now)

    def postpone(self, who: Visitor) -> Ticket:
        return ticket_holder.postpone(self.store, who.token, now=self.now)

    def declare_missing(self, who: Visitor, *missing: str, site: str = "rathaus") -> Ticket:
        return ticket_notes.declare_missing(
            self.store, self.site(site), who.token, missing, now=self.now
        )

    # -- counters ------------------------------------------------------------------------

    def open_counter(
        self, counter: str, clerk: str | None = None, services: Sequence[str] | None = None
    ) -> OpenCounter:
        place, name = self._place(counter, clerk)
        wanted = tuple(service_id(service) for service in services) if services else None
        site, who = self._site_of(place), self.clerk(name)
        return desks.open_counter(self.store, site, place, who, wanted, now=self.now)

    def close_counter(self, counter: str, clerk: str | None = None) -> None:
        place, name = self._place(counter, clerk)
        site, who = self._site_of(place), self.clerk(name)
        desks.close_counter(self.store, site, place, who, now=self.now)

    def call(self, counter: str = "Schalter 1", clerk: str | None = None) -> Called | None:
        """Call the next person, with the call's id and the reason."""
        return calling.call_next(self.store, *self._seated(counter, clerk), now=self.now)

    def call_next(self, counter: str = "Schalter 1", clerk: str | None = None) -> Visitor | None:
        called = self.call(counter, clerk)
        return visitor(called.ticket) if called else None

    def call_chosen(self, who: Visitor, counter: str = "Schalter 1") -> Called:
        return calling.call_chosen(self.store, *self._seated(counter), who.id, now=self.now)

    def recall(self, counter: str = "Schalter 1") -> Called:
        return calling.recall(self.store, *self._seated(counter), now=self.now)

    def release(self, counter: str = "Schalter 1") -> Ticket:
        return calling.release(self.store, *self._seated(counter), now=self.now)

    def no_show(self, counter: str = "Schalter 1") -> Ticket:
        return calling.no_show(self.store, *self._seated(counter), now=self.now)

    def wrong_no_show(self, counter: str = "Schalter 1") -> Ticket:
        """The wrong key, undone at once."""
        missed, seated = self.no_show(counter), self._seated(counter)
        undoing.undo_no_show(self.store, *seated, missed.id, now=self.now)
        return missed

    def arrive(self, counter: str = "Schalter 1") -> Ticket:
        return serving.arrive(self.store, *self._seated(counter), now=self.now)

    def finish(self, counter: str = "Schalter 1", **more: Any) -> Ticket:
        return serving.finish(self.store, *self._seated(counter), now=self.now, **more)

    def park(self, counter: str = "Schalter 1") -> Ticket:
        return serving.park(self.store, *self._seated(counter), now=self.now)

    def transfer(
        self, counter: str = "Schalter 1", *, services: Sequence[str] = (), to: str | None = None
    ) -> Ticket:
        return serving.transfer(
            self.store,
            *self._seated(counter),
            services=tuple(service_id(name) for name in services) or None,
            to_counter=self.counter_id(to) if to else None,
            now=self.now,
        )

    def serve_next(self, counter: str = "Schalter 1", **span: float) -> Visitor | None:
        """Call, serve for this long, finish."""
        who = self.call_next(counter)
        if who is not None:
            self.arrive(counter)
            self.pass_time(**span)
            self.finish(counter)
        return who

    # -- at the desk, without the person ---------------------------------------------------

    def resume(self, who: Visitor, clerk: str = "Aylin") -> Ticket:
        return serving.resume(self.store, *self._clerk_of(clerk), who.id, now=self.now)

    def prefer(self, who: Visitor, reason: str = "mobility", clerk: str = "Aylin") -> Ticket:
        return serving.prefer(self.store, *self._clerk_of(clerk), who.id, reason, now=self.now)

    def cancel(self, who: Visitor, clerk: str = "Aylin") -> Ticket:
        return serving.cancel(self.store, *self._clerk_of(clerk), who.id, now=self.now)

    def set_services(self, who: Visitor, *services: str, clerk: str = "Aylin") -> Ticket:
        ids = tuple(service_id(name) for name in services)
        return serving.set_services(self.store, *self._clerk_of(clerk), who.id, ids, now=self.now)

    def tidy(self, site: str = "rathaus") -> None:
        """What the server does by itself every minute."""
        housekeeping.tidy_site(self.store, self.site(site), now=self.now)

    # -- looking -------------------------------------------------------------------------

    def ticket(self, who: Visitor, site: str = "rathaus") -> Ticket:
        """The ticket as it is now."""
        with self.store.snapshot() as snapshot:
            return tickets.get(snapshot, site, who.id)

    def journal(self, site: str = "rathaus") -> list[Event]:
        with self.store.snapshot() as snapshot:
            return list(journal.events(snapshot, site))

    def happened(self, site: str = "rathaus") -> list[str]:
        """The names of the site's events in order."""
        return [event.name for event in self.journal(site)]

    def board(self, site: str = "rathaus") -> board.Board:
        with self.store.snapshot() as snapshot:
            return board.board(snapshot, self.site(site), self.now)

    def queue(self, site: str = "rathaus") -> queue.Queue:
        with self.store.snapshot() as snapshot:
            return queue.queue(snapshot, self.site(site), self.now)

    def outlook(self, site: str = "rathaus") -> outlook.Outlook:
        with self.store.snapshot() as snapshot:
            told = forecast_of(snapshot, self.site(site), self.now)
            return outlook.outlook(snapshot, self.site(site), self.now, told)

    def forecast(self, site: str = "rathaus") -> Forecast:
        with self.store.snapshot() as snapshot:
            return forecast_of(snapshot, self.site(site), self.now)

    def session(self, counter: str = "Schalter 1") -> OpenCounter | None:
        with self.store.snapshot() as snapshot:
            return session_at(snapshot, self.counter_id(counter))

    def counter_id(self, counter: str) -> str:
        """The id of a counter by its name on the wall; an id stays itself."""
        names = {place.name: place.id for site in self.sites for place in site.counters}
        return names.get(counter, counter)

    # -- inside --------------------------------------------------------------------------

    def _place(self, counter: str, clerk: str | None) -> tuple[str, str]:
        place = self.counter_id(counter)
        return place, clerk or SEATS.get(place, "Aylin")

    def _seated(self, counter: str, clerk: str | None = None) -> tuple[Site, str, Clerk]:
        """Site, counter and whoever has it open; its usual clerk opens it when nobody has."""
        place, name = self._place(counter, clerk)
        session = self.session(place)
        if session is None:
            session = self.open_counter(place, name)
        return self._site_of(place), place, self.clerk(clerk or session.clerk_name)

    def _clerk_of(self, name: str) -> tuple[Site, Clerk]:
        clerk = self.clerk(name)
        return self.site(clerk.site), clerk

    def _site_of(self, counter: str) -> Site:
        return next(s for s in self.sites if counter in {place.id for place in s.counters})


def visitor(ticket: Ticket) -> Visitor:
    return Visitor(ticket.id, ticket.number, ticket.token)
