"""Any crowd, any counters, any history: room, rule, office and tables call the same person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from queue_server.actions.calling import call_next
from queue_server.domain.counters import OpenCounter
from queue_server.domain.events import CounterOpened
from queue_server.domain.office import ContestedCall, Office
from queue_server.domain.priority import CallingCounter, Choice, Load, choose
from queue_server.domain.site import PriorityRules
from queue_server.domain.ticket import Ticket, TicketState
from queue_server.domain.timestamps import milliseconds
from queue_server.domain.waiting_room import StaffedCounter, Visitor, WaitingRoom
from queue_server.store import decisions, tickets
from queue_server.store.database import optional_milliseconds
from tests.domain.rooms_of_offices import room_of
from tests.domain.waiting_room import NINE, SERVICES, people, rules
from tests.issued import issue
from tests.town import BERLIN, MONDAY, Town, rathaus

CLERKS = {"schalter-1": "Aylin", "schalter-2": "Bernd", "schalter-3": "Dora"}
MINUTES = {"meldewesen": 10, "ausweise": 15, "kfz": 20}
one_town = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
some_services = st.lists(st.sampled_from(SERVICES), min_size=1, unique=True).map(tuple)


@dataclass(frozen=True)
class Scene:
    """An office at nine: open counters with their services, who waits, who is where, history."""

    rules: PriorityRules
    open: Mapping[str, tuple[str, ...]]
    waiting: Sequence[Ticket]
    here: Mapping[str, Ticket]
    history: Sequence[bool]
    counter: str = "schalter-1"

    @property
    def services(self) -> tuple[str, ...]:
        return self.open[self.counter]


@st.composite
def waiting_people(draw) -> Ticket:
    return replace(draw(people()), state=TicketState.WAITING)


@st.composite
def present_people(draw, counter: str) -> Ticket:
    """Somebody called just now or served for a while."""
    began = draw(st.none() | st.integers(0, 40))
    return replace(
        draw(people()),
        state=TicketState.CALLED if began is None else TicketState.SERVING,
        serving_at=None if began is None else NINE - timedelta(minutes=began),
        counter=counter,
        bound_to=None,
        held_until=None,
    )


@st.composite
def scenes(draw) -> Scene:
    """Schalter 1 is free and calls; others are open or not, free or not."""
    others = draw(st.sets(st.sampled_from(["schalter-2", "schalter-3"])))
    busy = draw(st.sets(st.sampled_from(sorted(others)))) if others else set()
    crowd = draw(st.lists(waiting_people(), max_size=10))
    here = {counter: draw(present_people(counter)) for counter in sorted(busy)}
    numbers = count(1)
    return Scene(
        rules=draw(rules),
        open={counter: draw(some_services) for counter in ["schalter-1", *sorted(others)]},
        waiting=[replace(ticket, id=next(numbers)) for ticket in crowd],
        here={counter: replace(ticket, id=next(numbers)) for counter, ticket in here.items()},
        history=draw(st.lists(st.booleans(), max_size=4)),
    )


def by_hand(scene: Scene) -> Choice | None:
    """The rule itself, with everything that it wants to know reckoned here in plain words."""
    served = frozenset(scene.services)
    suits = [t for t in scene.waiting if t.bound_to == "schalter-1" or not t.bound_to]
    suits = [t for t in suits if t.bound_to or t.services[0] in served]
    load = Load(
        waiting_minutes=sum(MINUTES[ticket.services[0]] for ticket in suits),
        serving_minutes=sum(left(t) for t in scene.here.values() if t.services[0] in served),
        counters_open=sum(not served.isdisjoint(each) for each in scene.open.values()),
    )
    calling = CallingCounter("schalter-1", served)
    newest_first = list(reversed(scene.history))
    return choose(scene.waiting, calling, scene.rules, newest_first, load, NINE)


def left(ticket: Ticket) -> float:
    planned = MINUTES[ticket.services[0]]
    if ticket.serving_at is None:
        return planned
    return max(0, planned - (NINE - ticket.serving_at) / timedelta(minutes=1))


def office_of(scene: Scene) -> Office:
    """The scene as if a journal had told it."""
    office = Office(scene.rules, rathaus().visit_minutes, BERLIN)
    for counter, services in scene.open.items():
        office.counters[counter] = OpenCounter(counter, services, 1, NINE)
    office.waiting = {ticket.id: ticket for ticket in scene.waiting}
    office.here = dict(scene.here)
    everybody = [*scene.waiting, *scene.here.values()]
    office.minutes = {ticket.id: MINUTES[ticket.services[0]] for ticket in everybody}
    pool = office.counters["schalter-1"].pool
    office.contested[pool] = [
        ContestedCall(n, NINE, guard) for n, guard in enumerate(scene.history)
    ]
    return office


NOBODY = Scene(PriorityRules(), {"schalter-1": SERVICES}, [], {}, [])


@given(scenes())
@example(NOBODY)
def test_the_rooms_next_is_the_rules_choice(scene):
    room = room_of(office_of(scene), NINE, BERLIN)

    taken, choice = room.next(room.counters["schalter-1"], milliseconds(NINE)), by_hand(scene)

    assert answer_of(taken) == told(choice)


@given(scenes())
@example(NOBODY)
def test_the_offices_choice_is_the_rules_choice(scene):
    assert office_of(scene).choice("schalter-1", NINE) == by_hand(scene)


@one_town
@given(scenes())
def test_a_real_call_is_the_rules_choice_and_the_rooms(town, scene):
    with in_the_tables(town, scene) as really:
        called = call_next(town.store, town.site(), "schalter-1", town.clerk("Aylin"), now=town.now)
        contested = last_call(town) if called else None

    room = room_of(office_of(really), NINE, BERLIN)
    taken = room.next(room.counters["schalter-1"], milliseconds(NINE))
    answer = (called.ticket.id, called.reason.code, *contested) if called else None
    assert answer == told(by_hand(really)) == answer_of(taken)


def told(choice):
    if choice is None:
        return None
    return choice.ticket.id, choice.reason.code, choice.contested, choice.guard


def answer_of(taken):
    return taken and (taken.visitor.id, taken.reason, taken.contested, taken.guard)


# -- a scene in the tables -----------------------------------------------------------------------


@contextmanager
def in_the_tables(town: Town, scene: Scene):
    """The scene with the ids that the database gave; afterwards the office is empty again."""
    town.now = NINE
    if "Dora" not in town._clerks:
        town.hire("Dora")
    with town.store.transaction() as tx:
        waiting = [put(tx, ticket) for ticket in scene.waiting]
        here = {counter: put(tx, ticket) for counter, ticket in scene.here.items()}
        for counter, services in scene.open.items():
            clerk = town.clerk(CLERKS[counter]).id
            opened = CounterOpened(
                at=NINE, site="rathaus", counter=counter, clerk=clerk, services=services
            )
            tx.apply_to_counter(opened)
        decisions.put_rules(tx, "rathaus", scene.rules)
        remember(tx, scene, put(tx, gone()).id, NINE)
    yield replace(scene, waiting=waiting, here=here)
    with town.store.transaction() as tx:
        for table in ("calls", "tickets", "counter_sessions"):
            tx.write(f"DELETE FROM {table}")


def gone() -> Ticket:
    """Whose calls of this morning the history is."""
    return replace(NOBODY_AT_ALL, state=TicketState.SERVED)


NOBODY_AT_ALL = Ticket(
    id=0,
    site="rathaus",
    number="",
    kind="walk_in",
    state=TicketState.WAITING,
    services=("kfz",),
    persons=1,
    issued_at=NINE,
    token="",
)


def put(tx, ticket: Ticket) -> Ticket:
    new = issue(
        tx,
        replace(ticket, token=f"{ticket.id} {ticket.state}"),
        day=MONDAY,
        group="M",
        minutes=MINUTES[ticket.services[0]],
    )
    tx.write(
        """UPDATE tickets SET state = :state, counter = :counter, bound_to = :bound_to,
           precedence = :precedence, held_until = :held_until, serving_at = :serving_at,
           rank_class = :line WHERE id = :id""",
        {
            "id": new.id,
            "state": ticket.state,
            "counter": ticket.counter,
            "bound_to": ticket.bound_to,
            "precedence": ticket.precedence,
            "held_until": optional_milliseconds(ticket.held_until),
            "serving_at": optional_milliseconds(ticket.serving_at),
            "line": ticket.rank_class,
        },
    )
    return tickets.get(tx, "rathaus", new.id)


def remember(tx, scene: Scene, ticket: int, at: datetime) -> None:
    for guard in scene.history:
        tx.write(
            """INSERT INTO calls (site, ticket, counter, clerk, at, last_at, reason, pool,
                   contested, guard)
               VALUES ('rathaus', :ticket, 'schalter-1', 1, :at, :at, 'arrival', :pool, 1,
                   :guard)""",
            {
                "ticket": ticket,
                "at": milliseconds(at),
                "pool": ",".join(sorted(scene.services)),
                "guard": int(guard),
            },
        )


def last_call(town: Town) -> tuple[bool, bool]:
    with town.store.snapshot() as snapshot:
        row = snapshot.row("SELECT contested, guard FROM calls ORDER BY id DESC LIMIT 1")
    return bool(row["contested"]), bool(row["guard"])


def test_a_room_is_busy_from_the_very_minute_of_the_rule():
    room = WaitingRoom(PriorityRules(busy_from_minutes=10))
    counter = room.open(StaffedCounter("schalter-1"), ["kfz"])

    room.add(Visitor(1, "kfz", 2, 0, 0, 0, minutes=9), 0)
    assert not room.is_busy_for(counter, 0)
    room.add(Visitor(2, "kfz", 2, 0, 0, 0, minutes=1, bound_to="schalter-1"), 0)
    assert room.is_busy_for(counter, 0)


def test_whose_lock_out_ends_in_this_very_millisecond_is_passed_over_no_more():
    room = WaitingRoom(PriorityRules())
    counter = room.open(StaffedCounter("schalter-1"), ["kfz"])
    room.add(Visitor(1, "kfz", 2, 0, 0, 0, minutes=9, held_until=60_000), 0)
    room.add(Visitor(2, "kfz", 2, 1, 1, 1, minutes=9), 1)

    def head(now):
        called = room.next(counter, now)
        return called and called.visitor.id

    assert (head(59_999), head(60_000)) == (2, 1)
