"""The numbers that are given out: what is open, what is stopped and why, and a clerk's decision."""

from __future__ import annotations

from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions import stops
from queue_server.desk.blueprint import ClerkRequest, clerk_request, pane, room
from queue_server.domain.errors import BadRequest, Refused
from queue_server.domain.site import EVERY_SERVICE
from queue_server.domain.ticket_stop import AUTOMATIC, LONGEST_REASON, MODES, OPEN, STOPPED
from queue_server.queries.stops import issuing
from queue_server.store import journal
from queue_server.web.forms import problems, text
from queue_server.web.serializers import stops_out

ACTIONS = {STOPPED: stops.stop, OPEN: stops.open_again}
# Taken with one touch; anything else is typed.
USUAL_REASONS = ("Personalausfall", "Technische Störung", "Sehr großer Andrang")
SAID = {
    STOPPED: "Die Ausgabe ist angehalten.",
    OPEN: "Die Ausgabe bleibt offen, bis das Haus schließt.",
    AUTOMATIC: "Die Ausgabe läuft wieder von selbst.",
}


@room.get("/desk/stops")
def stops_page() -> AnyResponse:
    """Every service with how it stands, and the form that stops or opens."""
    return _pane(clerk_request())


@room.post("/desk/stops")
def decide() -> AnyResponse:
    """Stop, open, or leave it to the server again; for one service or for all."""
    who = clerk_request()
    try:
        _decide(who)
    except Refused as refusal:
        return _pane(who, refusal)
    return redirect(url_for("desk.stops_page", said=text("mode"), about=text("service")), 303)


def _decide(who: ClerkRequest) -> None:
    mode, service = text("mode"), text("service") or EVERY_SERVICE
    if mode not in MODES:
        raise BadRequest(errors=[("mode", "missing", "")])
    if mode == AUTOMATIC:
        stops.automatic(who.store, who.site, who.clerk.id, service, now=who.now)
        return
    action = ACTIONS[mode]
    action(who.store, who.site, who.clerk.id, service, reason=text("reason"), now=who.now)


def _pane(who: ClerkRequest, refusal: Refused | None = None) -> AnyResponse:
    with who.store.snapshot() as snapshot:
        version = journal.version(snapshot, who.site.id)
        found = stops_out(who.site, issuing(snapshot, who.site, who.now), who.now)
    said = "" if refusal else text("said")
    about = text("service") or text("about") or EVERY_SERVICE
    standing = {EVERY_SERVICE: found.mode} | {each.service: each.mode for each in found.services}
    return pane(
        who,
        "desk/stops.html",
        422 if refusal else 200,
        found=found,
        version=version,
        said=SAID.get(said, ""),
        undo=said if said in ACTIONS else "",
        about=about,
        standing=standing,
        mode=text("mode") or standing.get(about, AUTOMATIC),
        reason=text("reason"),
        usual=USUAL_REASONS,
        longest=LONGEST_REASON,
        **_errors(who, refusal),
    )


def _errors(who: ClerkRequest, refusal: Refused | None) -> dict[str, Any]:
    """The sentence beside the field that it speaks of."""
    if refusal is None:
        return {"errors": []}
    field, sentence = "service", who.sentence(refusal)
    if isinstance(refusal, BadRequest):
        field, problem, _ = problems(refusal)[0]
        sentence = WRONG[field, problem]
    return {"errors": [(FIELDS.get(field, field), sentence)], "error": sentence}


FIELDS = {"mode": "mode-stopped"}
WRONG = {
    ("mode", "missing"): "Bitte wählen Sie, was geschehen soll.",
    ("reason", "missing"): "Bitte nennen Sie einen Grund. Besucherinnen und Besucher lesen ihn.",
    ("reason", "too_long"): f"Bitte kürzer: höchstens {LONGEST_REASON} Zeichen.",
}
