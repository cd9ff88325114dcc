"""Counters: open mine, call to it, and what happens to the person there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

from flask import Response
from pydantic import Field

from queue_server.actions import calling, desks, serving
from queue_server.actions.calling import Called
from queue_server.api.blueprint import Asked, Body, Nothing, answer, endpoint, nothing, number
from queue_server.domain.errors import NotFound
from queue_server.domain.site import Site
from queue_server.domain.ticket import Ticket
from queue_server.store.identities import Clerk
from queue_server.store.transaction import Store
from queue_server.web.models import CallOut, OpenCounterOut, TicketOut
from queue_server.web.serializers import reason_out, ticket_out


class CounterServices(Body):
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
    body=CounterServices,
    answers={200: OpenCounterOut},
    refusals=("counter_taken", "busy_with", "unknown_service", "not_served_here"),
)
def open_counter(asked: Asked, body: CounterServices, counter: str) -> Response:
    """Open the counter as mine; again changes its services."""
    wanted, site = tuple(body.services) if body.services else None, asked.site
    session = desks.open_counter(*_mine(asked, counter), wanted, now=asked.now)
    return answer(
        OpenCounterOut(
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
def close_counter(asked: Asked, counter: str) -> Response:
    """Close my counter."""
    desks.close_counter(*_mine(asked, counter), now=asked.now)
    return nothing()


@endpoint(
    "POST",
    "/counters/<counter>/calls",
    who="clerk",
    body=Call,
    answers={200: CallOut, 204: None},
    refusals=("busy_with", "move_refused", "bound_elsewhere", "counter_closed"),
)
def call(asked: Asked, body: Call, counter: str) -> Response:
    """Call the next person (204: nobody suitable waits), or a chosen one."""
    mine = _mine(asked, counter)
    if body.ticket is None:
        called = calling.call_next(*mine, now=asked.now)
        return _called(asked, called) if called else nothing()
    with _naming("ticket", asked, counter):
        chosen = calling.call_chosen(*mine, number(body.ticket), now=asked.now)
    return _called(asked, chosen)


@endpoint(
    "POST",
    "/counters/<counter>/recall",
    who="clerk",
    body=Nothing,
    answers={200: CallOut},
    refusals=("nobody_here", "move_refused", "counter_closed"),
)
def recall(asked: Asked, counter: str) -> Response:
    """Announce the same call once more; it keeps its id."""
    return _called(asked, calling.recall(*_mine(asked, counter), now=asked.now))


Action = Callable[..., Ticket]


def _action(name: str, action: Action, summary: str) -> None:
    """An endpoint for an action on the person at the counter that takes no body."""

    def view(asked: Asked, counter: str) -> Response:
        ticket = action(*_mine(asked, counter), now=asked.now)
        return answer(ticket_out(asked.site, ticket))

    view.__name__, view.__doc__ = name.replace("-", "_"), summary
    endpoint(
        "POST",
        f"/counters/<counter>/{name}",
        who="clerk",
        body=Nothing,
        answers={200: TicketOut},
        refusals=("nobody_here", "move_refused", "counter_closed"),
    )(view)


_action("arrival", serving.arrive, "The called person is here.")
_action("no-show", calling.no_show, "The called person did not come.")
_action("parking", serving.park, "Set the person aside for a while.")
_action("release", calling.release, "Take a call back that was a mistake.")


@endpoint(
    "POST",
    "/counters/<counter>/completion",
    who="clerk",
    body=Completion,
    answers={200: TicketOut},
    refusals=("nobody_here", "counter_closed"),
)
def complete(asked: Asked, body: Completion, counter: str) -> Response:
    """Service ends, done or with documents missing."""
    mine, missing = _mine(asked, counter), tuple(body.missing)
    ticket = serving.finish(*mine, outcome=body.outcome, missing=missing, now=asked.now)
    return answer(ticket_out(asked.site, ticket))


@endpoint(
    "POST",
    "/counters/<counter>/transfer",
    who="clerk",
    body=Transfer,
    answers={200: TicketOut},
    refusals=("nobody_here", "unknown_service", "counter_closed"),
)
def transfer(asked: Asked, body: Transfer, counter: str) -> Response:
    """Hand on to other services or another counter, keeping number and waiting since."""
    services = tuple(body.services) if body.services else None
    mine = _mine(asked, counter)
    with _naming("counter", asked, counter):
        ticket = serving.transfer(*mine, services=services, to_counter=body.counter, now=asked.now)
    return answer(ticket_out(asked.site, ticket))


@contextmanager
def _naming(field: str, asked: Asked, counter: str) -> Iterator[None]:
    """What is not found in here stands in this field of the body, and not in the address."""
    asked.site.counter(counter)
    try:
        yield
    except NotFound as refusal:
        refusal.facts["field"] = field
        raise


def _mine(asked: Asked, counter: str) -> tuple[Store, Site, str, Clerk]:
    """What every action at a counter is told."""
    return asked.store, asked.site, counter, asked.clerk


def _called(asked: Asked, called: Called) -> Response:
    reason = reason_out(called.reason, asked.site.zone, asked.now)
    ticket = ticket_out(asked.site, called.ticket)
    return answer(CallOut(call=called.call, ticket=ticket, reason=reason))
