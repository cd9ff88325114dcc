"""The kiosk's pages: only the device that was paired as this very kiosk may open them.

Every page has the same frame, and says times in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template

from queue_server.domain.errors import NotAllowed, NotSignedIn, Refused
from queue_server.domain.hours import local_day
from queue_server.domain.kiosk import Kiosk
from queue_server.domain.site import Site
from queue_server.languages import texts, words
from queue_server.web import refusals
from queue_server.web.app_context import app_context
from queue_server.web.forms import new_key
from queue_server.web.identity import keep_paired, who
from queue_server.web.language import current, listen_here

room = Blueprint(
    "kiosk",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/kiosk",
)
room.before_request(listen_here)
room.after_request(keep_paired)


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


def show(page: str, asked: KioskRequest, **values: Any) -> str:
    """Render `kiosk/<page>.html`. Each rendering has a fresh `key`: one page view, one ticket."""
    return render_template(
        f"kiosk/{page}.html",
        site=asked.site,
        kiosk=asked.kiosk,
        home=asked.home,
        now=app_context().now().astimezone(asked.site.zone),
        key=new_key(),
        scheme="light",
        zone=asked.site.zone,
        no_paper=asked.has_no_paper,
        **values,
    )


def when(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Within a sentence: `um 10:00 Uhr` today, `am Montag, 8. Juni, um 10:00 Uhr` else."""
    _ = texts(current()).gettext
    time = words.clock(moment, zone, current())
    if local_day(moment, zone) == local_day(now, zone):
        return _("um {time}").format(time=time)
    return _("am {day}, um {time}").format(day=words.day(moment, zone, current()), time=time)


def date_and_time(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Standing alone: `Heute, 10:00 Uhr`, `Montag, 8. Juni, 10:00 Uhr`."""
    if local_day(moment, zone) != local_day(now, zone):
        return on_a_day(moment, zone)
    text = texts(current()).gettext("Heute, {time}")
    return text.format(time=words.clock(moment, zone, current()))


def on_a_day(moment: datetime, zone: ZoneInfo) -> str:
    """The same with its day in any case: `Montag, 8. Juni, 10:00 Uhr`."""
    text = texts(current()).gettext("{day}, {time}")
    time = words.clock(moment, zone, current())
    return text.format(day=words.day(moment, zone, current()), time=time)


def spoken(asked: KioskRequest, refusal: Refused | None) -> str:
    """The sentence of a refusal in the site's own time; empty for none."""
    if refusal is None:
        return ""
    return refusals.sentence(refusal, asked.site.zone, app_context().now(), current())
