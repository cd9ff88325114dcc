"""What clients were promised, in a log of their own, and whether a database keeps it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime

from queue_server.store.database import Reader, Row, milliseconds
from queue_server.store.transaction import Store

CONFIRMED, CHECKED_IN = "confirmed", "checked_in"


@dataclass
class Promised:
    """What was answered so far; each list is written by several threads.

    Whoever gets no answer asks again with the same key or code, as kiosks do: `keys` are those
    that were ever sent. `starts` holds where each appointment may stand: where it was last
    answered to stand, and where it was asked to go since.
    """

    drawn: list[tuple[int, str]] = field(default_factory=list)
    checked_in: list[tuple[str, int]] = field(default_factory=list)
    called: list[tuple[int, int, str]] = field(default_factory=list)
    arrived: list[int] = field(default_factory=list)
    finished: list[int] = field(default_factory=list)
    booked: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    starts: dict[str, list[datetime]] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """How many of each kind were answered."""
        lists = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: len(some) for name, some in lists.items() if isinstance(some, list)}

    def __str__(self) -> str:
        counts = self.counts().items()
        return ", ".join(f"{many} {what.replace('_', ' ')}" for what, many in counts)

    def compare(self, store: Store) -> None:
        """Nothing that was answered is missing or otherwise, and nothing is there twice."""
        assert store.damage(thorough=True) == ""
        with store.snapshot() as reader:
            self._compare_tickets(reader)
            self._compare_calls(reader)
            self._compare_appointments(reader)

    def _compare_tickets(self, reader: Reader) -> None:
        tickets = {row["id"]: row for row in reader.rows("SELECT * FROM tickets")}
        booked = {row["code"]: row for row in reader.rows("SELECT * FROM appointments")}
        issued = Counter(tickets_of(reader, "TicketIssued"))
        assert [one for one in self.drawn if tickets[one[0]]["number"] != one[1]] == []
        assert len({row["number"] for row in tickets.values()}) == len(tickets)
        walk_ins = [row for row in tickets.values() if row["appointment"] is None]
        assert len(walk_ins) <= len(self.keys), "the same key twice is the same ticket"
        for code, ticket in self.checked_in:
            assert booked[code]["state"] == CHECKED_IN
            assert tickets[ticket]["appointment"] == booked[code]["id"]
        assert {tickets[id]["state"] for id in self.finished} <= {"served"}
        assert {tickets[id]["state"] for id in self.arrived} <= {"serving", "served"}
        assert issued == Counter(tickets.keys()), "each ticket is told once in the journal"

    def _compare_calls(self, reader: Reader) -> None:
        calls = {row["id"]: row for row in reader.rows("SELECT * FROM calls")}
        for call, ticket, counter in self.called:
            assert (calls[call]["ticket"], calls[call]["counter"]) == (ticket, counter)
        assert twice(row["ticket"] for row in calls.values()) == [], "nobody is called twice"
        assert twice(tickets_of(reader, "TicketCalled")) == []

    def _compare_appointments(self, reader: Reader) -> None:
        rows = {row["token"]: row for row in reader.rows("SELECT * FROM appointments")}
        for token in {*self.booked, *self.confirmed}:
            assert rows[token]["state"] == CONFIRMED
        for token, starts in self.starts.items():
            assert rows[token]["start_at"] in [milliseconds(start) for start in starts]
        confirmed = reader.rows("SELECT * FROM journal WHERE name = 'AppointmentConfirmed'")
        assert twice(row["appointment"] for row in confirmed) == []


def tickets_of(reader: Reader, event: str) -> list[int]:
    found: list[Row] = reader.rows("SELECT ticket FROM journal WHERE name = :name", {"name": event})
    return [row["ticket"] for row in found]


def twice(some: Iterable[int]) -> list[int]:
    return [each for each, times in Counter(some).items() if times > 1]
