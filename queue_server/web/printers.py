"""The printers of a site in words, for those who can put paper in."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from queue_server.domain.hours import local_day
from queue_server.domain.kiosk import Kiosk
from queue_server.domain.site import Site
from queue_server.printing import Condition, PrinterState
from queue_server.web.app_context import AppContext, app_context

log = logging.getLogger(__name__)
# How it looks, what it is, what to do.
WORDS = {
    None: ("", "noch nicht gefragt", ""),
    Condition.READY: ("success", "druckt", ""),
    Condition.MUTE: ("success", "druckt, meldet keinen Zustand", ""),
    Condition.PAPER_LOW: ("warning", "Papier fast leer", "Bitte bald eine neue Rolle einlegen."),
    Condition.PAPER: ("error", "kein Papier", "Bitte eine neue Rolle einlegen."),
    Condition.COVER: ("error", "Deckel offen", "Bitte den Deckel schließen, bis er einrastet."),
    Condition.FAULT: (
        "error",
        "gestört",
        "Bitte nach einem Papierstau sehen, dann aus- und wieder einschalten.",
    ),
    Condition.SILENT: ("error", "antwortet nicht mehr", "Bitte aus- und wieder einschalten."),
    Condition.UNREACHABLE: ("error", "nicht erreichbar", "Bitte Strom und Kabel prüfen."),
    Condition.UNKNOWN_ADDRESS: ("error", "Adresse unbekannt", "Bitte config.toml prüfen."),
}


@dataclass(frozen=True, slots=True)
class PrinterView:
    """A kiosk's printer: `tone` of its badge, what it is and what to do, slips of today."""

    kiosk: str
    name: str
    state: PrinterState
    tone: str
    words: str
    to_do: str


def printers_of(site: Site, now: datetime) -> list[PrinterView]:
    """The printers that the server prints on; what a browser prints nobody hears of."""
    return [_view(site, kiosk, now) for kiosk in site.kiosks if kiosk.has_server_printer]


def wanting(site: Site, now: datetime) -> list[PrinterView]:
    """Those that somebody should look after."""
    return [one for one in printers_of(site, now) if one.state.wants_somebody]


def ask_all(context: AppContext) -> None:
    """Ask every printer whose time has come; what has changed goes into the log."""
    for kiosk in (each for site in context.settings.sites for each in site.kiosks):
        if kiosk.has_server_printer and context.printers.is_due(kiosk.id, context.now()):
            before = context.printers.state(kiosk.id).condition
            ask = partial(context.printers.look, kiosk.id, kiosk.printer, context.now())
            with context.printer_turns.after_own(kiosk.printer):
                found = context.pools.printers(ask)
            if found.condition is not before:
                # That all is well is news only where something was not.
                well = logging.DEBUG if before is None else logging.INFO
                log.log(
                    logging.WARNING if found.wants_somebody else well,
                    "printer of kiosk %s: %s",
                    kiosk.id,
                    found.condition,
                )


def _view(site: Site, kiosk: Kiosk, now: datetime) -> PrinterView:
    state = app_context().printers.state(kiosk.id, local_day(now, site.zone))
    return PrinterView(kiosk.id, kiosk.name or kiosk.id, state, *WORDS[state.condition])
