"""Who has changed what in the office, and when: from the journal alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Response, url_for

from queue_server.domain import events
from queue_server.domain.errors import NotFound
from queue_server.domain.hours import Span
from queue_server.domain.site import EVERY_SERVICE, Site
from queue_server.domain.ticket_stop import AUTOMATIC, OPEN, STOPPED
from queue_server.languages import words
from queue_server.office.blueprint import ClerkRequest, clerk_request, page, room
from queue_server.office.interfaces import SCOPES
from queue_server.office.rules import NAMES
from queue_server.office.setup.key_words import KeyShown, shown_keys
from queue_server.queries.changes_made import changes_made
from queue_server.store import api_tokens, identities, journal
from queue_server.store.database import Reader
from queue_server.web.forms import text, whole

MOST_SHOWN = 100
BY_HAND = {"file": "von Hand in der Datei", "start": "von Hand, vor einem Start"}


@dataclass(frozen=True, slots=True)
class ChangeKind:
    """Changes that can be looked at alone. `command` is who did it where no clerk did."""

    id: str
    title: str
    event: type[events.Event]
    command: str = "config.toml"


KINDS = (
    ChangeKind("settings", "Einstellungen", events.SettingsChanged),
    ChangeKind("rules", "Aufrufregel", events.RulesSet),
    ChangeKind("days", "Besondere Tage", events.DayDecided),
    ChangeKind("stops", "Wartenummern", events.TicketStopSet),
    ChangeKind("staff", "Mitarbeitende", events.StaffChanged, "aufruf clerk"),
    ChangeKind("devices", "Geräte", events.DeviceChanged, "aufruf device"),
    ChangeKind("persons", "Personendaten", events.PersonForgotten, "aufruf forget"),
    ChangeKind("programs", "Programme", events.TokenChanged, "aufruf token"),
    ChangeKind("interfaces", "Schnittstellen", events.DeliveryRepeated),
)
KIND_OF = {kind.event: kind for kind in KINDS}
STAFF = {
    "added": "{name} darf sich anmelden ({role})",
    "role": "{name}: jetzt {role}",
    "password": "{name}: neues Passwort",
    "removed": "{name} darf sich nicht mehr anmelden",
}
DEVICES = {"expected": "{device}: Kopplungscode gemacht", "revoked": "{device}: getrennt"}
PROGRAMS = {"added": "{name} darf {scope}", "revoked": "{name}: Rechte entzogen ({scope})"}
ROLES = {"clerk": "Mitarbeit", "lead": "Leitung", "admin": "Verwaltung"}
STOPS = {STOPPED: "angehalten", OPEN: "von Hand freigegeben", AUTOMATIC: "wieder automatisch"}


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What the journal's ids stand for: clerks and programs, also those who have left."""

    clerks: Mapping[int, str]
    programs: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class OfficeChange:
    """A line of the page: when, who, what, and the keys of config.toml when it was changed.

    `more` is how many keys were left out.
    """

    at: datetime
    who: str
    what: str
    keys: Sequence[KeyShown] = ()
    more: int = 0


@room.get("/office/changes")
def changes_page() -> Response:
    """The last changes, the newest first; `kind` shows one kind, `before` what is older."""
    who = clerk_request()
    kinds, asked = _asked_kinds(text("kind")), text("before")
    with who.store.snapshot() as snapshot:
        found = changes_made(
            snapshot,
            who.site.id,
            [kind.event for kind in kinds],
            before=whole(asked) or journal.END,
            most=MOST_SHOWN + 1,
        )
        names = _names(snapshot, who.site)
    shown = found[:MOST_SHOWN]
    return page(
        who,
        "office/changes.html",
        changes=[_change(event, who.site, names) for _, event in shown],
        kinds=KINDS,
        kind=text("kind"),
        is_first=not asked,
        older=_older(shown[-1][0]) if len(found) > MOST_SHOWN else "",
    )


def last_change(reader: Reader, who: ClerkRequest) -> OfficeChange | None:
    """Who was quicker with config.toml."""
    names = _names(reader, who.site)
    found = journal.newest(reader, who.site.id, events.SettingsChanged.__name__, 1)
    return _change(found[0], who.site, names) if found else None


def _names(reader: Reader, site: Site) -> KnownNames:
    clerks = identities.clerk_names(reader, site.id)
    return KnownNames(clerks, api_tokens.names(reader, site.id))


def _asked_kinds(id: str) -> Sequence[ChangeKind]:
    """All of them when nobody asks for one. Raises `NotFound`."""
    found = [kind for kind in KINDS if id in ("", kind.id)]
    if not found:
        raise NotFound(kind=id)
    return found


def _older(seq: int) -> str:
    return url_for("office.changes_page", kind=text("kind") or None, before=seq)


def _change(event: events.Event, site: Site, names: KnownNames) -> OfficeChange:
    nobody = KIND_OF[type(event)].command
    who = nobody if event.clerk is None else names.clerks.get(event.clerk, "Leitung")
    if isinstance(event, events.SettingsChanged):
        who = BY_HAND.get(event.by, who)
        keys = shown_keys(event.keys, site)
        return OfficeChange(event.at, who, "Einstellungen", keys, event.more)
    return OfficeChange(event.at, who, _what(event, site, names))


def _what(event: events.Event, site: Site, names: KnownNames) -> str:
    if isinstance(event, events.DayDecided):
        return _day(event)
    if isinstance(event, events.TicketStopSet):
        return _stop(event, site)
    if isinstance(event, events.DeliveryRepeated):
        return "Meldung an ein anderes System erneut gesendet"
    if isinstance(event, events.StaffChanged):
        name, role = names.clerks.get(event.about, "Jemand"), ROLES.get(event.role, event.role)
        return STAFF[event.change].format(name=name, role=role)
    if isinstance(event, events.TokenChanged):
        name, scope = names.programs.get(event.program, "Ein Programm"), SCOPES[event.scope]
        return PROGRAMS[event.change].format(name=name, scope=scope)
    if isinstance(event, events.DeviceChanged):
        return DEVICES[event.change].format(device=event.device)
    if isinstance(event, events.PersonForgotten):
        return f"Angaben zur Person gelöscht, auf Wunsch (Termin {event.appointment})"
    assert isinstance(event, events.RulesSet)
    return f"Aufrufregel: {NAMES[event.rule]}"


def _day(event: events.DayDecided) -> str:
    day = words.date_words(date.fromisoformat(event.day))
    if not event.is_special:
        return f"{day}: wieder wie geplant"
    return f"{day}: {words.spans(tuple(Span(*each) for each in event.spans))}"


def _stop(event: events.TicketStopSet, site: Site) -> str:
    about = f"Wartenummern für „{_service_name(event.service, site)}“"
    if event.service == EVERY_SERVICE:
        about = "Alle Wartenummern"
    return f"{about} {STOPS[event.mode]}" + (f" ({event.reason})" if event.reason else "")


def _service_name(id: str, site: Site) -> str:
    """Its name now; of a service that is gone only the id is left."""
    return next((service.name for service in site.services if service.id == id), id)
