"""One frame for every page of the kiosk: who we are, what time it is, where home is."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template

from kiosk.door import Here
from queue_server.domain.errors import Refused
from queue_server.domain.hours import local_day
from queue_server.languages import words
from queue_server.web import wording
from queue_server.web.hall import hall

KEY_BYTES = 16


def show(page: str, place: Here, **values: Any) -> str:
    """Render `kiosk/<page>.html`. Each rendering has a fresh `key`: one page view, one ticket."""
    return render_template(
        f"kiosk/{page}.html",
        site=place.site,
        kiosk=place.kiosk,
        home=place.home,
        now=hall().now().astimezone(place.site.zone),
        key=secrets.token_urlsafe(KEY_BYTES),
        scheme="light",
        **values,
    )


def when(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Within a sentence: `um 10:00 Uhr` today, `am Montag, 8. Juni, um 10:00 Uhr` else."""
    time = f"um {words.clock(moment, zone)}"
    if local_day(moment, zone) == local_day(now, zone):
        return time
    return f"am {words.day(moment, zone)}, {time}"


def date_and_time(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Standing alone: `Heute, 10:00 Uhr`, `Montag, 8. Juni, 10:00 Uhr`."""
    is_today = local_day(moment, zone) == local_day(now, zone)
    day = "Heute" if is_today else words.day(moment, zone)
    return f"{day}, {words.clock(moment, zone)}"


def spoken(place: Here, refusal: Refused | None) -> str:
    """The sentence of a refusal in the site's own time; empty for none."""
    return wording.sentence(refusal, place.site.zone, hall().now()) if refusal else ""
