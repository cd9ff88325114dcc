"""Other systems: what they are told, whether they take it, and which programs may ask."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, redirect
from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions.deliveries import repeat
from queue_server.domain.errors import NotFound
from queue_server.office.blueprint import clerk_request, page, room
from queue_server.queries.webhook_status import newest_deliveries, status_of
from queue_server.store import api_tokens
from queue_server.web.forms import text, whole

EVENTS: Mapping[str, str] = {
    "TicketIssued": "Nummer ausgegeben",
    "TicketCalled": "Nummer aufgerufen",
    "VisitFinished": "Besuch beendet",
    "AppointmentConfirmed": "Termin bestätigt",
    "AppointmentCancelled": "Termin abgesagt",
}
TROUBLES: Mapping[str, str] = {
    "unreachable": "Das System ist nicht erreichbar.",
    "certificate": "Das Zertifikat des Systems ist ungültig.",
    "tls": "Mit dem System kommt keine verschlüsselte Verbindung zustande.",
    "timeout": "Das System antwortet nicht rechtzeitig.",
    "hung_up": "Das System bricht die Verbindung ab.",
    "outside": "Ohne Verschlüsselung wird nur an Systeme im eigenen Haus gesendet.",
    "answered": "Das System hat die Meldung nicht angenommen (Antwort {status}).",
}
SCOPES: Mapping[str, str] = {
    "read": "Warteschlange ansehen",
    "kiosk": "Nummern ausgeben und anmelden",
    "clerk": "alles, was Mitarbeitende dürfen",
    "lead": "alles, was die Leitung darf",
}


def sentence(trouble: str) -> str:
    """What kept a message, in German; empty for nothing."""
    code, _, status = trouble.partition(" ")
    return TROUBLES[code].format(status=status) if code in TROUBLES else ""


@room.get("/office/interfaces")
def interfaces() -> Response:
    """Every webhook with its last messages, and the programs with their rights."""
    who = clerk_request()
    hooks = who.context.settings.webhooks
    with who.store.snapshot() as snapshot:
        found = [status_of(snapshot, hook, who.now) for hook in hooks]
        labels = {hook.key: hook.label for hook in hooks}
        shown = newest_deliveries(snapshot, who.site.id, labels)
        programs = api_tokens.of_site(snapshot, who.site.id)
    return page(
        who, "office/interfaces.html", hooks=found, deliveries=shown, programs=programs,
        event_words=EVENTS, scope_words=SCOPES, sentence=sentence,
    )  # fmt: skip


@room.post("/office/interfaces/repeat")
def repeat_delivery() -> AnyResponse:
    """The same message once more."""
    who = clerk_request()
    id = whole(text("delivery"))
    if id is None:
        raise NotFound()
    repeat(who.store, who.clerk, id, now=who.now)
    return redirect("/office/interfaces#deliveries", 303)
