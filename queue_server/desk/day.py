"""The appointments of a day: who is expected, late, here, missed; check-in by code or by hand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions import arrivals
from queue_server.desk import pane_context
from queue_server.desk.blueprint import ClerkRequest, clerk_request, done, pane, room
from queue_server.desk.bookings import wanted_day
from queue_server.domain.appointment import EXPIRED
from queue_server.domain.errors import Refused, UnknownCode
from queue_server.queries import calendar
from queue_server.queries.calendar import DayEntry
from queue_server.store import journal
from queue_server.web import wording
from queue_server.web.forms import number, text
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
LONGEST_NAME = 200
GONE = FILTERS[-1][2]
ALL = "all"
# As in static/day.js, which searches while somebody types.
_UMLAUTS = re.compile(r"([aou])e")


@dataclass(frozen=True, slots=True)
class Filter:
    """A part of the day: its count stands on it, and the address shows it."""

    code: str
    words: str
    entries: Sequence[DayEntry]


@room.get("/desk/appointments")
def day() -> AnyResponse:
    """The appointments of a day with their standing, and the check-in by code."""
    return _day_pane(clerk_request())


@room.post("/desk/appointments/search")
def search() -> AnyResponse:
    """The same without script. A POST, so that no name ever gets into an address."""
    return _day_pane(clerk_request(), wanted_name=text("name", LONGEST_NAME))


def _day_pane(who: ClerkRequest, error: str = "", wanted_name: str = "") -> AnyResponse:
    wanted = wanted_day(who)
    return pane(
        who,
        "desk/day.html",
        422 if error else 200,
        **_listed(who, wanted, wanted_name),
        wanted_name=wanted_name,
        day=wanted,
        is_today=wanted == who.today,
        is_past=wanted < who.today,
        before=wanted - timedelta(days=1),
        after=wanted + timedelta(days=1),
        error=error,
    )


def _listed(who: ClerkRequest, wanted: date, wanted_name: str) -> dict[str, Any]:
    """The part of the pane that keeps itself fresh, as of the site's version."""
    with who.store.snapshot() as snapshot:
        version = journal.version(snapshot, who.site.id)
        entries = calendar.day_entries(snapshot, who.site, wanted, who.now)
    filters = _filters(
        [
            entry
            for entry in entries
            if not _is_abandoned(entry) and is_found(entry.name, wanted_name)
        ]
    )
    shown = next((one for one in filters if one.code == text("show")), filters[0])
    return {
        "version": version,
        "filters": filters,
        "shown": shown,
        "now_at": _first_from(shown.entries, who) if wanted == who.today else None,
        "states": wording.STATES,
        "counter_names": {counter.id: counter.name for counter in who.site.counters},
        "standings": pane_context.STANDINGS,
        "zone": who.site.zone,
    }


def _first_from(entries: Sequence[DayEntry], who: ClerkRequest) -> int | None:
    """The first appointment of the current hour or later: there the list is opened."""
    hour = who.now.astimezone(who.site.zone).replace(minute=0, second=0, microsecond=0)
    return next((e.appointment.id for e in entries if e.appointment.start_at >= hour), None)


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
    who = clerk_request()
    try:
        arrival = _by_hand(who) if text("appointment") else _by_code(who)
    except Refused as refusal:
        return _day_pane(who, who.sentence(refusal))
    return done(who, "checked_in", arrival.ticket.id)


def _by_hand(who: ClerkRequest) -> arrivals.Arrival:
    return arrivals.check_in_by_hand(who.store, who.site, number("appointment"), now=who.now)


def _by_code(who: ClerkRequest) -> arrivals.Arrival:
    with who.context.throttle.guess("desk_code", client(), UnknownCode):
        return arrivals.check_in(who.store, who.site, text("code"), by="clerk", now=who.now)


def plain(text: str) -> str:
    """Small letters without marks, with one spelling for umlauts."""
    parted = unicodedata.normalize("NFD", text.casefold())
    return _UMLAUTS.sub(r"\1", "".join(c for c in parted if not unicodedata.combining(c)))


def is_found(text: str, wanted: str) -> bool:
    """Whether every word that is wanted stands somewhere in the text."""
    searched = plain(text)
    return all(word in searched for word in plain(wanted).split())
