"""What citizens do from home, and what the calendar shows of it: the booking half of the town."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from queue_server.actions import appointments, booking, confirming, days, housekeeping
from queue_server.domain.appointment import Appointment
from queue_server.domain.hours import Span
from queue_server.domain.site import Site
from queue_server.queries import calendar
from queue_server.store import appointments as rows
from queue_server.store import decisions, people
from tests.cast import BERLIN, PEOPLE_DAYS, moment, service_id
from tests.premises import Premises

EMAIL = "yilmaz@example.org"


class Citizens(Premises):
    """A town from outside: whoever books at home, and the days on which nobody can."""

    # -- booking at home -------------------------------------------------------------------

    def reserve(self, *services: str, at: str = "09:30", **more: Any) -> Appointment:
        """Choose a time in the calendar."""
        return booking.reserve(self.store, *self._wish(services, at, more), now=self.now, **more)

    def fill_in(
        self, held: Appointment, email: str = EMAIL, name: str = "Frau Yilmaz"
    ) -> Appointment:
        return confirming.give_details(self.store, held.token, name=name, email=email, now=self.now)

    def send_off(self, held: Appointment) -> Appointment:
        site = self.site(held.site)
        return confirming.ask_confirmation(self.store, site, held.token, now=self.now)

    def book(
        self, *services: str, at: str = "09:30", email: str = EMAIL, **more: Any
    ) -> Appointment:
        """Everything but the link in the e-mail."""
        site, ids, start = self._wish(services, at, more)
        return booking.book(self.store, site, ids, start, email=email, now=self.now, **more)

    def ask_again(self, asked: Appointment) -> bool:
        return confirming.ask_again(self.store, self.site(asked.site), asked.token, now=self.now)

    def confirm(self, asked: Appointment, key: str | None = None) -> Appointment:
        """Press the button behind the link in the e-mail."""
        secret = asked.confirmation_key if key is None else key
        return confirming.confirm(
            self.store, asked.token, secret, people_days=PEOPLE_DAYS, now=self.now
        )

    def expire(self, site: str = "rathaus") -> int:
        return confirming.expire(self.store, self.site(site), now=self.now)

    def move(
        self, appointment: Appointment, at: str, day: date | None = None, clerk: str = ""
    ) -> Appointment:
        """The holder moves, or a clerk does."""
        site, start = self.site(appointment.site), moment(day or self._today, at)
        if clerk:
            who = self.clerk(clerk).id
            return appointments.move_by_clerk(
                self.store, site, appointment.id, start, clerk=who, now=self.now
            )
        return appointments.move_by_token(self.store, site, appointment.token, start, now=self.now)

    def cancel_booking(self, appointment: Appointment) -> Appointment:
        site = self.site(appointment.site)
        return appointments.cancel_by_token(self.store, site, appointment.token, now=self.now)

    # -- the office decides ----------------------------------------------------------------

    def decide_day(self, day: date, *spans: str, notice: str = "", clerk: str = "Aylin") -> int:
        """Other hours for a day, `"08:00-10:30"`; none close it."""
        who, site = self.clerk(clerk).id, self.site()
        return days.decide_day(
            self.store, site, day, spans_of(*spans), notice=notice, clerk=who, now=self.now
        )

    def undecide_day(self, day: date, clerk: str = "Aylin") -> None:
        days.undecide_day(self.store, self.site(), day, clerk=self.clerk(clerk).id, now=self.now)

    def tidy_records(self) -> int:
        return housekeeping.tidy_records(self.store, now=self.now)

    # -- looking ---------------------------------------------------------------------------

    def appointment(self, some: Appointment) -> Appointment:
        """The appointment as it is now."""
        with self.store.snapshot() as snapshot:
            return rows.get(snapshot, some.site, some.id)

    def person(self, some: Appointment) -> people.Person:
        with self.store.snapshot() as snapshot:
            return people.of(snapshot, some.id)

    def forgotten_at(self, some: Appointment) -> datetime | None:
        """When the person is deleted; None when nobody is kept, and before the visit's end."""
        with self.store.snapshot() as snapshot:
            return people.due_at(snapshot, some.id, self.now)

    def held(self, some: Appointment | None = None) -> set[tuple[str, str]]:
        """The counters and clock times of all cells that are held, or of an appointment's."""
        with self.store.snapshot() as snapshot:
            found = snapshot.rows("SELECT * FROM cells WHERE appointment IS NOT NULL")
        return {
            (row["counter"], f"{moment_of(row['start_at']).astimezone(BERLIN):%H:%M}")
            for row in found
            if some is None or row["appointment"] == some.id
        }

    def free(
        self, *services: str, day: date | None = None, days: int = 1, persons: int = 1, **more: Any
    ) -> list[str]:
        """The clock times that the calendar offers to citizens, or `for_clerk=True`."""
        ids = [service_id(name) for name in services or ("Kfz",)]
        with self.store.snapshot() as snapshot:
            found = calendar.slots(
                snapshot, self.site(), ids, persons, day or self._today, days, self.now, **more
            )
        return [f"{slot.start_at.astimezone(BERLIN):%H:%M}" for slot in found]

    def special_days(self, site: str = "rathaus") -> dict[date, tuple[Span, ...]]:
        with self.store.snapshot() as snapshot:
            return {each.day: each.spans for each in decisions.special_days(snapshot, site)}

    # -- inside ----------------------------------------------------------------------------

    @property
    def _today(self) -> date:
        return self.now.astimezone(BERLIN).date()

    def _wish(
        self, services: Sequence[str], at: str, more: dict[str, Any]
    ) -> tuple[Site, tuple[str, ...], datetime]:
        """Site, services and start; takes `site` and `day` out of what else was said."""
        site = self.site(more.pop("site", "rathaus"))
        ids = tuple(service_id(name) for name in services or ("Kfz",))
        return site, ids, moment(more.pop("day", None) or self._today, at)


def moment_of(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def spans_of(*texts: str) -> tuple[Span, ...]:
    """`"08:00-10:30"` as it stands in config.toml."""
    return tuple(Span(*map(_minutes, text.split("-"))) for text in texts)


def _minutes(clock: str) -> int:
    hours, minutes = map(int, clock.split(":"))
    return hours * 60 + minutes
