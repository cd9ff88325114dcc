"""People who wait, for the tests of the calling rule: by hand, and any crowd for Hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from hypothesis import strategies as st

from queue_server.domain.priority import CallingCounter, Load
from queue_server.domain.site import PriorityRules
from queue_server.domain.ticket import PRECEDENCE_REASONS, Kind, Ticket, TicketState
from tests.town import MONDAY, moment

NINE = moment(MONDAY, "09:00")
SERVICES = ("meldewesen", "ausweise", "kfz")
COUNTER = CallingCounter("schalter-1", frozenset(SERVICES))
BUSY = Load(waiting_minutes=60, serving_minutes=0, counters_open=1)
CALM = Load(waiting_minutes=5, serving_minutes=0, counters_open=1)
RULES = ("due_first", "strict", "arrival", "accumulating")
_ids = count(1)


def after(minutes: float) -> datetime:
    """So many minutes after nine o'clock."""
    return NINE + timedelta(minutes=minutes)


def walk_in(came: float = 0, **more) -> Ticket:
    """Somebody who drew a number at this minute."""
    ticket = Ticket(
        id=next(_ids),
        site="rathaus",
        number="M 001",
        kind=Kind.WALK_IN,
        state=TicketState.WAITING,
        services=("meldewesen",),
        persons=1,
        issued_at=after(came),
        token="t",
    )
    return replace(ticket, **more)


def booked(due: float, came: float | None = None, **more) -> Ticket:
    """Somebody whose slot is at this minute and who checked in ten before, or at `came`."""
    arrived = due - 10 if came is None else came
    return walk_in(arrived, kind=Kind.APPOINTMENT, due_at=after(due), **more)


def recent(guards: str) -> list[bool]:
    """Contested calls, newest first: `"g.."` is one for the guard after two appointments."""
    return [sign == "g" for sign in guards]


# -- anybody -------------------------------------------------------------------------------

minutes = st.integers(-90, 30)
counters = st.sets(st.sampled_from(SERVICES)).map(
    lambda served: CallingCounter("schalter-1", frozenset(served))
)
rules = st.builds(
    PriorityRules,
    rule=st.sampled_from(RULES),
    busy_from_minutes=st.sampled_from([0, 10, 30]),
    guard_after_minutes=st.sampled_from([0, 20, 45]),
    guard_every=st.integers(2, 4),
    ratio=st.sampled_from([1.0, 1.5, 3.0]),
)
histories = st.lists(st.booleans(), max_size=4)
loads = st.sampled_from([BUSY, CALM])


@st.composite
def people(draw) -> Ticket:
    """One ticket in any state, mostly waiting, of any kind, bound, preferred or held or not."""
    came, due = draw(minutes), draw(st.none() | minutes)
    late = due is not None and came > due + 10
    ticket = walk_in(came) if due is None else booked(due, came, is_late=late)
    waiting = st.just(TicketState.WAITING)
    return replace(
        ticket,
        id=0,
        state=draw(waiting | waiting | st.sampled_from(TicketState)),
        services=(draw(st.sampled_from(SERVICES)),),
        bound_to=draw(st.sampled_from([None, None, None, "schalter-1", "schalter-2"])),
        precedence=draw(st.sampled_from([None, None, None, *sorted(PRECEDENCE_REASONS)])),
        held_until=draw(st.sampled_from([None, None, NINE, after(-1), after(1)])),
    )


crowds = st.lists(people(), max_size=12).map(
    lambda some: [replace(ticket, id=id) for id, ticket in enumerate(some, start=1)]
)
