"""The person at my counter: call, arrived, finished, recall, no-show, park, transfer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions import calling, serving, undoing
from queue_server.desk import pane_context
from queue_server.desk.blueprint import ClerkRequest, clerk_request, done, pane, panel, room
from queue_server.domain.errors import NobodyHere
from queue_server.domain.ticket import Ticket
from queue_server.web.forms import many, number, text

OTHER_DOCUMENT = "Sonstiges"


@room.post("/desk/calls")
def call() -> AnyResponse:
    """Call the next person, or the chosen one when the form names a ticket."""
    who, counter = clerk_request(), text("counter")
    place = (who.store, who.site, counter, who.clerk)
    if text("ticket"):
        calling.call_chosen(*place, number("ticket"), now=who.now)
        return done(who)
    called = calling.call_next(*place, now=who.now)
    return done(who, "" if called else "nobody")


@room.post("/desk/recall")
def recall() -> AnyResponse:
    who = clerk_request()
    again = calling.recall(who.store, who.site, text("counter"), who.clerk, now=who.now)
    return done(who, "recalled", again.ticket.id)


def _action(path: str, action: Callable[..., Ticket], said: str) -> None:
    """A form whose whole content is the counter."""

    def answer() -> AnyResponse:
        who = clerk_request()
        ticket = action(who.store, who.site, text("counter"), who.clerk, now=who.now)
        return done(who, said, ticket.id)

    room.post(path, endpoint=path.rpartition("/")[2])(answer)


_action("/desk/arrival", serving.arrive, "")
_action("/desk/no-show", calling.no_show, "missed")
_action("/desk/parking", serving.park, "parked")
_action("/desk/release", calling.release, "released")


@room.post("/desk/no-show/undo")
def undo_no_show() -> AnyResponse:
    """A wrong click: the same call stands again, or the person waits on when I am busy."""
    who, ticket = clerk_request(), number("ticket")
    is_called = undoing.undo_no_show(
        who.store, who.site, text("counter"), who.clerk, ticket, now=who.now
    )
    return done(who) if is_called else done(who, "resumed", ticket)


@room.get("/desk/completion")
def missing_documents() -> AnyResponse:
    """Which documents were missing? Only what the catalogue names: no notes about people."""
    who = clerk_request()
    context = _with_person(who)
    return pane(who, "desk/completion.html", **context, other=OTHER_DOCUMENT)


@room.post("/desk/completion")
def finish() -> AnyResponse:
    who = clerk_request()
    outcome = "documents_missing" if text("outcome") == "documents_missing" else "done"
    ticket = serving.finish(
        who.store,
        who.site,
        text("counter"),
        who.clerk,
        outcome=outcome,
        missing=tuple(many("missing")),
        now=who.now,
    )
    return done(who, "finished" if outcome == "done" else "sent_home", ticket.id)


@room.post("/desk/completion/next")
def finish_next() -> AnyResponse:
    """One key for the commonest of all: this person has gone, the next one comes."""
    who = clerk_request()
    gone, called = serving.finish_and_call_next(
        who.store, who.site, text("counter"), who.clerk, now=who.now
    )
    return done(who) if called else done(who, "finished_last", gone.id)


@room.get("/desk/transfer")
def transfer_page() -> AnyResponse:
    return _transfer_pane(clerk_request())


@room.post("/desk/transfer")
def transfer() -> AnyResponse:
    """Hand on to another service, to a colleague's open counter, or both."""
    who, services, to = clerk_request(), many("services"), text("to")
    if not services and not to:
        return _transfer_pane(who, error="Wählen Sie ein Anliegen oder einen Schalter.")
    ticket = serving.transfer(
        who.store,
        who.site,
        text("counter"),
        who.clerk,
        services=services or None,
        to_counter=to or None,
        now=who.now,
    )
    return done(who, "transferred", ticket.id)


def _transfer_pane(who: ClerkRequest, error: str = "") -> AnyResponse:
    context = _with_person(who)
    with who.store.snapshot() as snapshot:
        mine = context["person"].counter
        colleagues = pane_context.open_elsewhere(snapshot, who.site, mine, who.now)
    return pane(
        who,
        "desk/transfer.html",
        422 if error else 200,
        **context,
        colleagues=colleagues,
        groups=pane_context.groups(who.site),
        error=error,
    )


def _with_person(who: ClerkRequest) -> dict[str, Any]:
    """The panel's context. Raises `NobodyHere` when there is nobody to speak of."""
    context = panel(who)
    if context["person"] is None:
        raise NobodyHere(counter=context["counter"] or "Ihrem Platz")
    return context
