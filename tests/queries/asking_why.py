"""Asking why somebody has not been called yet."""

from __future__ import annotations

from queue_server.domain.hours import ALWAYS
from queue_server.domain.site import PriorityRules
from queue_server.languages.words import NO_BREAK
from queue_server.queries.why import Why, why_not_yet
from queue_server.web.reasons import why_text
from tests.town import Town, Visitor


def why(town: Town, who: Visitor) -> Why | None:
    with town.store.snapshot() as snapshot:
        return why_not_yet(snapshot, town.site(), town.ticket(who), town.now)


def said(town: Town, who: Visitor) -> str:
    found = why(town, who)
    assert found is not None
    text = why_text(found, town.site(), town.now)
    return text.replace(NO_BREAK, " ")


def ruled(town: Town, rule: str = "due_first", **numbers: float) -> None:
    town.change(hours=ALWAYS, priority=PriorityRules(rule=rule, **numbers))


def arrived(town: Town, at: str, *, check_in: str) -> Visitor:
    """Somebody with an appointment at this time, who checks in at that one."""
    appointment = town.booked("Meldewesen", at=at)
    town.set_clock(check_in)
    return town.check_in(appointment)
