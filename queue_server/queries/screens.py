"""Wall displays that can't be heard: the office must know, nobody in front of them will say it."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.hours import day_start
from queue_server.domain.site import Site
from queue_server.store import identities
from queue_server.store.database import Reader


def silent_displays(reader: Reader, site: Site, now: datetime) -> list[str]:
    """Names of the displays that reported today that their browser blocks the sound."""
    since = day_start(now, site.zone)
    names = {display.id: display.name or display.id for display in site.displays}
    silent = {
        device.place
        for device in identities.devices(reader, site.id)
        if device.role == "display" and device.sound == "blocked"
        if device.seen_at is not None and device.seen_at >= since
    }
    return [name for id, name in names.items() if id in silent]
