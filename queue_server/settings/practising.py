"""The same office to practise in: it says so everywhere, and contacts nobody outside."""

from __future__ import annotations

from dataclasses import replace

from queue_server.domain.desk_rules import DeskRules
from queue_server.domain.kiosk import Kiosk
from queue_server.domain.site import Site
from queue_server.settings import Mail, Push, Realtime, Settings

WORD = "Übung"


def practising(settings: Settings) -> Settings:
    """No letter, no message, no printer of the server, no other system; at its own address."""
    server = replace(settings.server, public_url=settings.server.practice_url, practice_url="")
    return replace(
        settings,
        server=server,
        realtime=Realtime(),
        mail=Mail(),
        push=Push(),
        webhooks=(),
        sites=tuple(map(_to_practise_in, settings.sites)),
        is_throw_away=True,
        is_practice=True,
    )


def _to_practise_in(site: Site) -> Site:
    """Its name is on walls, kiosks, phones and slips. Nobody's digital file is opened from here."""
    return replace(
        site,
        name=f"{WORD} {site.name}",
        kiosks=tuple(map(_without_printer, site.kiosks)),
        desk=replace(site.desk, file_url=DeskRules().file_url),
    )


def _without_printer(kiosk: Kiosk) -> Kiosk:
    """A browser asks before it prints; a printer of the server would not."""
    return replace(kiosk, printer="") if kiosk.has_server_printer else kiosk
