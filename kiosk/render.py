"""One frame for every page of the kiosk: who we are, what time it is, where home is."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template

from kiosk.blueprint import KioskRequest
from queue_server.domain.errors import Refused
from queue_server.domain.hours import local_day
from queue_server.languages import texts, words
from queue_server.web import refusals
from queue_server.web.app_context import app_context
from queue_server.web.forms import new_key
from queue_server.web.language import current


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
