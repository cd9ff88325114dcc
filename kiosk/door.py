"""At the door of the kiosk's pages: only the device that was paired for this very place."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint

from queue_server.domain.errors import NotAllowed, NotSignedIn
from queue_server.domain.site import Kiosk, Site
from queue_server.web.hall import hall
from queue_server.web.identity import who

room = Blueprint(
    "kiosk",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/kiosk",
)


@dataclass(frozen=True, slots=True)
class Here:
    """The kiosk that asks, and the site it stands in."""

    site: Site
    kiosk: Kiosk

    @property
    def home(self) -> str:
        """The path of its first page."""
        return f"/kiosk/{self.kiosk.id}"


def here(kiosk: str) -> Here:
    """The kiosk with this id, when its own device asks.

    Raises `NotFound` for an unknown kiosk, `NotSignedIn` for a device that is not paired, and
    `NotAllowed` for one that is paired for another place.
    """
    site, found = hall().settings.kiosk(kiosk)
    device = who().device
    if device is None:
        raise NotSignedIn()
    if (device.role, device.site, device.place) != ("kiosk", site.id, found.id):
        raise NotAllowed()
    return Here(site, found)
