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
from queue_server.office.periods import asked_period
from queue_server.web.forms import text, whole

REASONS = {
    "closed": "geschlossen",
    "closing": "kurz vor Schließung",
    "stopped": "Nummern gestoppt",
    "quota": "Nummern des Tages vergeben",
    "not_walk_in": "nur mit Termin",
    "numbers_used_up": "alle Nummern in Gebrauch",
}
# So many stand on one page.
MOST = 100


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
    filters = {name: value for name in (*TOLD_APART, "reason") if (value := text(name))}
    found = who.house.pools.reports(lambda: _found(who, period, filters)) if period else []
    number = min(max(whole(text("page"), 6) or 1, 1), max(-(-len(found) // MOST), 1))
    part = found[(number - 1) * MOST : number * MOST]
    return page(
        who,
        "office/refused_draws.html",
        422 if errors else 200,
        period=period,
        errors=errors,
        count=len(found),
        draws=[_shown(who.site, each) for each in part],
        pages=_pages(period, filters, len(found), number) if period else [],
    )


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


def _pages(
    period: Period, filters: Mapping[str, str], count: int, here: int
) -> list[tuple[str, str]]:
    """Ways to the pages before and after this one."""
    asked = {str(name): value for name, value in filters.items()}
    return [
        (name, refused_url(period, **asked, page=str(number)))
        for name, number in (("Frühere", here - 1), ("Spätere", here + 1))
        if 1 <= number <= max(-(-count // MOST), 1)
    ]
