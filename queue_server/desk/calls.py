"""The person at my counter: call, arrived, finished, recall, no-show, park, hand on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions import calling, serving
from queue_server.desk import view
from queue_server.desk.door import Asker, asker, done, many, number, pane, panel, room, text
from queue_server.domain.errors import BusyWith, CounterClosed, NobodyHere
from queue_server.domain.ticket import Ticket

OTHER_DOCUMENT = "Sonstiges"


@room.post("/desk/calls")
def call() -> AnyResponse:
    """Call the next person, or the chosen one when the form names a ticket."""
    who, counter = asker(), text("counter")
    place = (who.store, who.site, counter, who.clerk)
    if text("ticket"):
        calling.call_chosen(*place, number("ticket"), now=who.now)
        return done(who)
    called = calling.call_next(*place, now=who.now)
    return done(who, "" if called else "nobody")


@room.post("/desk/recall")
def recall() -> AnyResponse:
    who = asker()
    again = calling.recall(who.store, who.site, text("counter"), who.clerk, now=who.now)
    return done(who, "recalled", again.ticket.id)


def _verb(path: str, verb: Callable[..., Ticket], said: str) -> None:
    """A form whose whole content is the counter."""

    def answer() -> AnyResponse:
        who = asker()
        ticket = verb(who.store, who.site, text("counter"), who.clerk, now=who.now)
        return done(who, said, ticket.id)

    room.post(path, endpoint=path.rpartition("/")[2])(answer)


_verb("/desk/arrival", serving.arrive, "")
_verb("/desk/no-show", calling.no_show, "missed")
_verb("/desk/parking", serving.park, "parked")
_verb("/desk/release", calling.release, "released")


@room.post("/desk/no-show/undo")
def undo_no_show() -> AnyResponse:
    """A wrong click: the same person is called again here, or waits on when I am busy."""
    who, ticket = asker(), number("ticket")
    try:
        calling.call_chosen(who.store, who.site, text("counter"), who.clerk, ticket, now=who.now)
    except (BusyWith, CounterClosed):
        serving.resume(who.store, who.site, who.clerk, ticket, now=who.now)
        return done(who, "resumed", ticket)
    return done(who)


@room.get("/desk/completion")
def missing_documents() -> AnyResponse:
    """Which documents were missing? Only what the catalogue names: no notes about people."""
    who = asker()
    context = _with_person(who)
    return pane(who, "desk/completion.html", **context, other=OTHER_DOCUMENT)


@room.post("/desk/completion")
def finish() -> AnyResponse:
    who = asker()
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


@room.get("/desk/transfer")
def transfer_page() -> AnyResponse:
    return _transfer_pane(asker())


@room.post("/desk/transfer")
def transfer() -> AnyResponse:
    """Hand on to another service, to a colleague's open counter, or both."""
    who, services, to = asker(), many("services"), text("to")
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


def _transfer_pane(who: Asker, error: str = "") -> AnyResponse:
    context = _with_person(who)
    with who.store.snapshot() as snapshot:
        mine = context["person"].counter
        colleagues = view.open_elsewhere(snapshot, who.site, mine, who.now)
    return pane(
        who,
        "desk/transfer.html",
        422 if error else 200,
        **context,
        colleagues=colleagues,
        groups=view.groups(who.site),
        error=error,
    )


def _with_person(who: Asker) -> dict[str, Any]:
    """The panel's context. Raises `NobodyHere` when there is nobody to speak of."""
    context = panel(who)
    if context["person"] is None:
        raise NobodyHere(counter=context["counter"] or "Ihrem Platz")
    return context
