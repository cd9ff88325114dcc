"""Writing: one action's transaction, and the store that hands it out.

An event is the change. The domain says what it makes of a ticket, a counter or an appointment;
that is written here, guarded by the state that was read, and the event goes into the journal in
the same step. Whoever listens hears of it after COMMIT, never before.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TypeVar

from queue_server.domain import events as e
from queue_server.domain.appointment import Appointment
from queue_server.domain.ticket import Ticket
from queue_server.store import appointments, calls, counters, ticket_changes
from queue_server.store.database import (
    Connection,
    Engine,
    Numbered,
    Reader,
    Recorded,
    SingleReads,
    Where,
    milliseconds,
)

log = logging.getLogger(__name__)
Changed = TypeVar("Changed", Ticket, Appointment)
Listener = Callable[[Sequence[e.Event]], None]
# Made once: json.dumps with these options would make an encoder for every event.
_written = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class Transaction:
    """One action's writes. Nothing is visible or announced before the commit."""

    def __init__(self, connection: Connection) -> None:
        self.events: list[e.Event] = []
        self.numbers: list[Numbered] = []
        self.rows = connection.rows
        self.row = connection.row
        self.write = connection.write

    def apply(self, event: e.Event, before: Changed) -> Changed:
        """The ticket or appointment after the event: written, and the event recorded.

        A new appointment has the id `NEW`, and so has the event. Raises `MoveRefused` when the
        table of moves or the row in the database says no.
        """
        after, event = _change(self, event, before)
        self.record(event)
        return after

    def issue(self, event: e.TicketIssued, draft: Ticket, *, day: date, group: str) -> Ticket:
        """A new ticket with the group's next number of the local day, written and recorded.

        `draft` brings token and language, which no journal holds. Raises `NumbersUsedUp`.
        """
        ticket, issued = ticket_changes.insert(self, event, draft, day=day, group=group)
        self.record(issued)
        return ticket

    def apply_to_counter(self, event: e.CounterOpened | e.CounterClosed) -> None:
        """A counter opens, changes its services or closes: written and recorded."""
        _change_counter(self, event)
        self.record(event)

    def record(self, event: e.Event) -> int:
        """Write the event into the journal and return its seq; listeners hear it after COMMIT.

        Whatever happens to a ticket, a counter or an appointment goes through the methods above.
        """
        row = self.row(
            """INSERT INTO journal (at, site, name, ticket, appointment, counter, clerk, data)
               VALUES (:at, :site, :name, :ticket, :appointment, :counter, :clerk, :data)
               RETURNING seq""",
            {
                "at": milliseconds(event.at),
                "site": event.site,
                "name": event.name,
                "ticket": event.ticket,
                "appointment": event.appointment,
                "counter": event.counter,
                "clerk": event.clerk,
                "data": _written(event.data()),
            },
        )
        seq = int(row["seq"]) if row else 0
        self.events.append(event)
        self.numbers.append((event.site, seq))
        return seq


class Store:
    """All that is kept. Listeners run after each commit, in the order they were added."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._listeners: list[Listener] = []
        self._own_only: list[Listener] = []
        self._number_listeners: list[Callable[[Sequence[Numbered]], None]] = []
        self.snapshot = engine.snapshot
        self.at_once = engine.at_once
        self.single_reads: Reader = SingleReads(engine)
        self.is_far = engine.is_far
        self.migrate = engine.migrate
        self.tidy = engine.tidy
        self.wipe = engine.wipe
        self.forget_pages = engine.forget_pages
        self.backup = engine.backup
        self.forget_copies = engine.forget_copies
        self.damage = engine.damage
        self.close = engine.close

    @property
    def is_closed(self) -> bool:
        """Whether all connections were ended. Whoever asks now is refused."""
        return self._engine.is_closed

    @property
    def is_failing(self) -> bool:
        """Whether the last attempt to write met a disk that does not take it."""
        return self._engine.is_failing

    @property
    def unwiped_seconds(self) -> float:
        """For how long deleted data has stood in the database's log against our will."""
        return self._engine.unwiped_seconds

    def listen(self, listener: Listener, *, first: bool = False, own_only: bool = False) -> None:
        """Call `listener(events)` after every commit that recorded events.

        In the order of these calls, but for a measuring one that must be `first`. Also for what
        other servers of the same database have committed, unless `own_only`.
        """
        self._listeners.insert(0 if first else len(self._listeners), listener)
        if own_only:
            self._own_only.append(listener)

    def listen_to_numbers(self, listener: Callable[[Sequence[Numbered]], None]) -> None:
        """Call `listener(numbers)` after every commit here, with the site and seq of each event.

        Before anybody hears of the events, since those who do may look at the journal.
        """
        self._number_listeners.append(listener)

    def hear(self, events: Sequence[e.Event]) -> None:
        """Another server of this database has committed these."""
        self._tell([each for each in self._listeners if each not in self._own_only], events)

    @contextmanager
    def transaction(self, site: Where = None) -> Iterator[Transaction]:
        """One action: all or nothing, alone while it runs. Returns only after its COMMIT.

        With `site` it is alone at that site, and may write only what belongs there; with a
        function that finds the site, which is asked first and only where sites have lines of
        their own, too. With `NO_SITE` it is alone among those that belong to no site, and
        records nothing.

        Whatever the body raises rolls its writes back and comes out unchanged.
        """
        with self._engine.transaction(self._publish, site) as connection:
            transaction = Transaction(connection)
            yield transaction
            _must_belong_to(site, transaction.events)
            connection.recorded.extend(zip(transaction.numbers, transaction.events, strict=True))

    def _publish(self, recorded: Sequence[Recorded]) -> None:
        numbers = [number for number, _ in recorded]
        for listener in self._number_listeners if numbers else ():
            listener(numbers)
        self._tell(self._listeners, [event for _, event in recorded])

    def _tell(self, listeners: Iterable[Listener], events: Sequence[e.Event]) -> None:
        for listener in listeners if events else ():
            try:
                listener(events)
            except Exception:
                # The change is committed; one deaf listener must not undo or hide it.
                log.exception("a listener failed after commit")


def _must_belong_to(site: Where, events: Sequence[e.Event]) -> None:
    """Raise RuntimeError for events of a site that this action is not alone at."""
    if site is None or not events:
        return
    where = events[0].site if callable(site) else site
    if any(event.site != where for event in events):
        raise RuntimeError(f"an action at {where or 'no site'} that writes elsewhere")


def _change(connection: Connection, event: e.Event, before: Changed) -> tuple[Changed, e.Event]:
    """Write what the event makes of this; returns that, and the event with the ids it was given.

    Raises `MoveRefused` when the table of moves or the row in the database says no.
    """
    if isinstance(before, Appointment):
        return appointments.write(connection, before, event)
    match event:
        case e.TicketCalled():
            event = calls.begin(connection, event)
        case e.TicketRecalled():
            calls.repeat(connection, event)
        case e.TicketReleased():
            calls.uncount(connection, event)
    return ticket_changes.write(connection, before, event), event


def _change_counter(connection: Connection, event: e.CounterOpened | e.CounterClosed) -> None:
    """A counter opens, changes its services, or closes."""
    if isinstance(event, e.CounterOpened):
        counters.write_open(connection, event)
    else:
        counters.write_closed(connection, event)
