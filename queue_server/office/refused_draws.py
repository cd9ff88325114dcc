"""Each draw behind the figures of "Keine Nummer bekommen": when, for what, why and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.domain.events import TicketRefused
from queue_server.domain.site import Site
from queue_server.history.groups import By, keys, names_of
from queue_server.history.refused_draws import TOLD_APART, as_visit, refused_in
from queue_server.history.visits import Period
from queue_server.office.blueprint import ClerkRequest, clerk_request, page, room
from queue_server.office.paging import list_page
from queue_server.office.periods import asked_period
from queue_server.web.forms import text

REASONS = {
    "closed": "geschlossen",
    "closing": "kurz vor Schließung",
    "stopped": "Ausgabe angehalten",
    "quota": "Nummern des Tages vergeben",
    "not_walk_in": "nur mit Termin",
    "numbers_used_up": "alle Nummern in Gebrauch",
}


def reason_words(reason: str) -> str:
    """A reason code in words; one that another version wrote, as it is."""
    return REASONS.get(reason, reason)


def refused_url(period: Period, **filters: str) -> str:
    """The address of the draws behind a figure."""
    days = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    asked: dict[str, Any] = {**days, **filters}
    return url_for("office.refused_draws_page", **asked)


@dataclass(frozen=True, slots=True)
class RefusedShown:
    """A refused draw in words."""

    day: str
    clock: str
    service: str
    reason: str
    place: str


@room.get("/office/figures/refused")
def refused_draws_page() -> AnyResponse:
    """Which draws a figure counts; what is not understood counts none."""
    who = clerk_request()
    period, errors = asked_period(who)
    if period is None:
        return page(who, "office/refused_draws.html", 422, period=None, errors=errors)
    filters = {name: value for name in (*TOLD_APART, "reason") if (value := text(name))}
    listed = list_page(
        who.context.pools.reports(lambda: _found(who, period, filters)),
        lambda event: _shown(who.site, event),
        lambda number: refused_url(period, **filters, page=number),
    )
    return page(who, "office/refused_draws.html", period=period, errors=errors, listed=listed)


def _found(
    who: ClerkRequest, period: Period, filters: Mapping[str, str]
) -> Sequence[TicketRefused]:
    wanted = [(keys(who.site, by), filters[by]) for by in TOLD_APART if by in filters]
    reason = filters.get("reason", "")
    with who.store.snapshot() as snapshot:
        return [
            event
            for event in refused_in(snapshot, who.site, period)
            if reason in ("", event.reason)
            and all(key_of(as_visit(event)) == key for key_of, key in wanted)
        ]


def _shown(site: Site, event: TicketRefused) -> RefusedShown:
    local = event.at.astimezone(site.zone)
    return RefusedShown(
        day=f"{local:%d.%m.%Y}",
        clock=f"{local:%H:%M}",
        service=names_of(site, By.SERVICE).get(event.service, event.service),
        reason=reason_words(event.reason),
        place=_place(site, event),
    )


def _place(site: Site, event: TicketRefused) -> str:
    """`Kiosk Eingang`, `Programm 3`, `am Platz`."""
    if event.door.startswith("program "):
        return event.door.replace("program", "Programm")
    names = {kiosk.id: kiosk.name for kiosk in site.kiosks}
    return names.get(event.door, event.door) if event.door else "am Platz"
