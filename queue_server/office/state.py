"""The state of the house, as the overview shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from queue_server.domain.errors import NotFound
from queue_server.domain.hours import day_start
from queue_server.office.audit import last_audit
from queue_server.office.coming import coming_days
from queue_server.office.door import Asker
from queue_server.opening import days_of
from queue_server.queries import house
from queue_server.queries.post import Post, post
from queue_server.store import appointments
from queue_server.store.database import Reader

DAYS_SHOWN = 14
# Whoever tidies up comes once a minute; a little later it is a fault.
OVERDUE_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Refused:
    """A letter that did not arrive: the time of its appointment and why; never an address."""

    appointment: int
    start_at: datetime
    reason: str


def state(who: Asker) -> dict[str, Any]:
    """Everything on the overview, as of now."""
    since = day_start(who.now, who.site.zone)
    with who.store.snapshot() as snapshot:
        outbox = post(snapshot, who.now, site=who.site.id, since=since)
        kept = house.kept(snapshot)
        found = {
            "open_today": days_of(snapshot, who.site)(who.today),
            "days": house.days_ahead(snapshot, who.site, DAYS_SHOWN, who.now),
            "devices": house.devices_of(snapshot, who.site, who.now),
            "kept": kept,
            "post": outbox,
            "refused": _refused(snapshot, who, outbox),
            **last_audit(snapshot, who),
        }
    return found | {
        "people_days": who.house.settings.privacy.people_days,
        "is_overdue": kept.due_at is not None and who.now - kept.due_at > OVERDUE_AFTER,
        "coming": [each for each in coming_days(who) if not each.is_hidden],
        "mail_is_on": who.mail_is_on,
        "now": who.now,
    }


def _refused(reader: Reader, who: Asker, outbox: Post) -> list[Refused]:
    found = []
    for one in outbox.refused:
        try:
            about = appointments.get(reader, who.site.id, one.appointment)
        except NotFound:
            continue
        found.append(Refused(about.id, about.start_at, one.reason))
    return found
