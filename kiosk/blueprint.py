"""Who may open the kiosk's pages: only the device that was paired as this very kiosk."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint

from queue_server.domain.errors import NotAllowed, NotSignedIn
from queue_server.domain.kiosk import Kiosk
from queue_server.domain.site import Site
from queue_server.web.app_context import app_context
from queue_server.web.identity import who
from queue_server.web.language import listen_here

room = Blueprint(
    "kiosk",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/kiosk",
)
room.before_request(listen_here)


@dataclass(frozen=True, slots=True)
class KioskRequest:
    """The kiosk that asks, and the site it is in."""

    site: Site
    kiosk: Kiosk

    @property
    def home(self) -> str:
        """The path of its first page."""
        return f"/kiosk/{self.kiosk.id}"

    @property
    def has_no_paper(self) -> bool:
        """Whether the printer was found unable to print: people must remember their number."""
        watch = app_context().printers
        return self.kiosk.has_server_printer and watch.state(self.kiosk.id).is_in_trouble


def kiosk_request(kiosk: str) -> KioskRequest:
    """The kiosk with this id, when its own device asks.

    Raises `NotFound` for an unknown kiosk, `NotSignedIn` for a device that is not paired, and
    `NotAllowed` for one that is paired as another.
    """
    site, found = app_context().settings.kiosk(kiosk)
    device = who().device
    if device is None:
        raise NotSignedIn()
    if (device.role, device.site, device.place) != ("kiosk", site.id, found.id):
        raise NotAllowed()
    return KioskRequest(site, found)
