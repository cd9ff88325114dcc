"""The appointments of a day: who is expected, late, here, missed; check-in by code or by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions import arrivals
from queue_server.desk import view
from queue_server.desk.door import Asker, asker, done, number, pane, room, text
from queue_server.desk.times import wanted_day
from queue_server.domain.appointment import EXPIRED
from queue_server.domain.errors import Refused, UnknownCode
from queue_server.queries import calendar
from queue_server.queries.calendar import DayEntry
from queue_server.store import journal
from queue_server.web.identity import client

# Which standings each filter shows, in the order in which they stand above the list.
FILTERS = (
    ("expected", "Erwartet", {"expected"}),
    ("late", "Verspätet", {"late"}),
    ("arrived", "Angemeldet", {"arrived"}),
    ("missed", "Versäumt", {"missed"}),
    ("held", "Vorgemerkt", {"reserved", "preconfirmed"}),
    ("gone", "Abgesagt", {"cancelled", "expired"}),
)
GONE = FILTERS[-1][2]
ALL = "all"


@dataclass(frozen=True, slots=True)
class Filter:
    """A part of the day: its count stands on it, and the address shows it."""

    code: str
    words: str
    entries: Sequence[DayEntry]


@room.get("/desk/appointments")
def day() -> AnyResponse:
    """The appointments of a day with their standing, and the check-in by code."""
    return _day_pane(asker())


def _day_pane(who: Asker, error: str = "") -> AnyResponse:
    wanted = wanted_day(who)
    return pane(
        who,
        "desk/day.html",
        422 if error else 200,
        **_listed(who, wanted),
        day=wanted,
        is_today=wanted == who.today,
        is_past=wanted < who.today,
        before=wanted - timedelta(days=1),
        after=wanted + timedelta(days=1),
        error=error,
    )


def _listed(who: Asker, wanted: date) -> dict[str, Any]:
    """The part of the pane that keeps itself fresh, as of the site's version."""
    with who.store.snapshot() as snapshot:
        version = journal.version(snapshot, who.site.id)
        entries = calendar.day_entries(snapshot, who.site, wanted, who.now)
    filters = _filters([entry for entry in entries if not _is_abandoned(entry)])
    shown = next((one for one in filters if one.code == text("show")), filters[0])
    return {
        "version": version,
        "filters": filters,
        "shown": shown,
        "standings": view.STANDINGS,
        "zone": who.site.zone,
    }


def _filters(entries: Sequence[DayEntry]) -> list[Filter]:
    """What has fallen away is only shown to those who ask for it."""
    standing = [entry for entry in entries if entry.standing not in GONE]
    parts = [
        Filter(code, words, [entry for entry in entries if entry.standing in wanted])
        for code, words, wanted in FILTERS
    ]
    return [Filter(ALL, "Alle", standing), *parts]


def _is_abandoned(entry: DayEntry) -> bool:
    """A form that nobody sent off: there was never a person behind it."""
    return entry.standing == EXPIRED and not entry.appointment.confirmation_key


@room.post("/desk/check-ins")
def check_in() -> AnyResponse:
    """By the typed code, or by hand from the list for somebody who has forgotten it."""
    who = asker()
    try:
        arrival = _by_hand(who) if text("appointment") else _by_code(who)
    except Refused as refusal:
        return _day_pane(who, who.sentence(refusal))
    if arrival.is_new:
        who.house.forecasts.tell(who.site, arrival.ticket)
    return done(who, "checked_in", arrival.ticket.id)


def _by_hand(who: Asker) -> arrivals.Arrival:
    return arrivals.check_in_by_hand(who.store, who.site, number("appointment"), now=who.now)


def _by_code(who: Asker) -> arrivals.Arrival:
    who.house.throttle.check("code", client(), who.now)
    try:
        return arrivals.check_in(who.store, who.site, text("code"), by="clerk", now=who.now)
    except UnknownCode:
        who.house.throttle.count("code", client(), who.now)
        raise
