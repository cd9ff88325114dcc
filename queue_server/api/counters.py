"""Counters: open mine, call to it, and what happens to the person there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from flask import Response
from pydantic import Field

from queue_server.actions import calling, desks, serving
from queue_server.actions.calling import Called
from queue_server.api.door import Body, Nothing, answer, endpoint, nothing, number, read
from queue_server.domain.site import Site
from queue_server.domain.ticket import Ticket
from queue_server.store.identities import Clerk
from queue_server.web.hall import Hall, hall
from queue_server.web.identity import require_clerk
from queue_server.web.models import CallOut, CounterSessionOut, TicketOut
from queue_server.web.wire import reason_out, ticket_out


class OpenCounter(Body):
    """Which services I serve here now; all of the counter's when left out."""

    services: list[str] | None = None


class Call(Body):
    """Empty: the next person. With a ticket id: this one."""

    ticket: str | None = None


Missing = Annotated[str, Field(min_length=1, max_length=300)]


class Completion(Body):
    outcome: Literal["done", "documents_missing"] = "done"
    missing: list[Missing] = Field(default=[], max_length=20)


class Transfer(Body):
    services: list[str] | None = Field(default=None, max_length=10)
    counter: str | None = None


@endpoint(
    "PUT",
    "/counters/<counter>/session",
    who="clerk",
    body=OpenCounter,
    answers={200: CounterSessionOut},
    refusals=("counter_taken", "busy_with", "unknown_service", "not_served_here"),
)
def open_counter(counter: str) -> Response:
    """Open the counter as mine; again changes its services."""
    house, site, clerk = _mine(counter)
    wanted = read(OpenCounter).services
    session = desks.open_counter(
        house.store, site, counter, clerk, tuple(wanted) if wanted else None, now=house.now()
    )
    return answer(
        CounterSessionOut(
            counter=counter,
            name=site.counter_name(counter),
            services=list(session.services),
            opened_at=session.opened_at.astimezone(site.zone),
        )
    )


@endpoint(
    "DELETE",
    "/counters/<counter>/session",
    who="clerk",
    answers={204: None},
    refusals=("busy_with", "counter_closed"),
)
def close_counter(counter: str) -> Response:
    """Close my counter."""
    house, site, clerk = _mine(counter)
    desks.close_counter(house.store, site, counter, clerk, now=house.now())
    return nothing()


@endpoint(
    "POST",
    "/counters/<counter>/calls",
    who="clerk",
    body=Call,
    answers={200: CallOut, 204: None},
    refusals=("busy_with", "move_refused", "bound_elsewhere", "counter_closed"),
)
def call(counter: str) -> Response:
    """Call the next person (204: nobody suitable waits), or a chosen one."""
    house, site, clerk = _mine(counter)
    chosen = read(Call).ticket
    if chosen is None:
        called = calling.call_next(house.store, site, counter, clerk, now=house.now())
        return _called(house, site, called) if called else nothing()
    ticket = number(chosen)
    return _called(
        house,
        site,
        calling.call_chosen(house.store, site, counter, clerk, ticket, now=house.now()),
    )


@endpoint(
    "POST",
    "/counters/<counter>/recall",
    who="clerk",
    body=Nothing,
    answers={200: CallOut},
    refusals=("nobody_here", "move_refused", "counter_closed"),
)
def recall(counter: str) -> Response:
    """Announce the same call once more; it keeps its id."""
    house, site, clerk = _mine(counter)
    read(Nothing)
    return _called(house, site, calling.recall(house.store, site, counter, clerk, now=house.now()))


Verb = Callable[..., Ticket]


def _verb(name: str, verb: Verb, summary: str) -> None:
    """An endpoint for a verb on the person at the counter that takes no body."""

    def view(counter: str) -> Response:
        house, site, clerk = _mine(counter)
        read(Nothing)
        ticket = verb(house.store, site, counter, clerk, now=house.now())
        return answer(ticket_out(site, ticket))

    view.__name__, view.__doc__ = name.replace("-", "_"), summary
    endpoint(
        "POST",
        f"/counters/<counter>/{name}",
        who="clerk",
        body=Nothing,
        answers={200: TicketOut},
        refusals=("nobody_here", "move_refused", "counter_closed"),
    )(view)


_verb("arrival", serving.arrive, "The called person is here.")
_verb("no-show", calling.no_show, "The called person did not come.")
_verb("parking", serving.park, "Set the person aside for a while.")
_verb("release", calling.release, "Take a call back that was a mistake.")


@endpoint(
    "POST",
    "/counters/<counter>/completion",
    who="clerk",
    body=Completion,
    answers={200: TicketOut},
    refusals=("nobody_here", "counter_closed"),
)
def complete(counter: str) -> Response:
    """Service ends, done or with documents missing."""
    house, site, clerk = _mine(counter)
    wanted = read(Completion)
    ticket = serving.finish(
        house.store,
        site,
        counter,
        clerk,
        outcome=wanted.outcome,
        missing=tuple(wanted.missing),
        now=house.now(),
    )
    return answer(ticket_out(site, ticket))


@endpoint(
    "POST",
    "/counters/<counter>/transfer",
    who="clerk",
    body=Transfer,
    answers={200: TicketOut},
    refusals=("nobody_here", "unknown_service", "counter_closed"),
)
def transfer(counter: str) -> Response:
    """Hand on to other services or another counter, keeping number and waiting since."""
    house, site, clerk = _mine(counter)
    wanted = read(Transfer)
    ticket = serving.transfer(
        house.store,
        site,
        counter,
        clerk,
        services=tuple(wanted.services) if wanted.services else None,
        to_counter=wanted.counter,
        now=house.now(),
    )
    return answer(ticket_out(site, ticket))


def _mine(counter: str) -> tuple[Hall, Site, Clerk]:
    """The house, the counter's site and its clerk. Raises `NotFound`, `NotAllowed`."""
    # Signed out is said first, so that strangers can't try out counter names.
    require_clerk()
    house = hall()
    site = house.settings.site_of_counter(counter)
    return house, site, require_clerk(site)


def _called(house: Hall, site: Site, called: Called) -> Response:
    reason = reason_out(called.reason, site.zone, house.now())
    ticket = ticket_out(site, called.ticket)
    return answer(CallOut(call=called.call, ticket=ticket, reason=reason))
