"""The office at a glance; its other pages are in separate modules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Response

from queue_server.actions import backing_up
from queue_server.domain.errors import NotFound
from queue_server.domain.hours import day_start
from queue_server.office import (
    audit,
    changes,
    days,
    figures,
    guides,
    interfaces,
    personal_data,
    rules,
    team,
    what_if,
)
from queue_server.office.audit import last_audit
from queue_server.office.blueprint import ClerkRequest, clerk_request, page, room
from queue_server.office.figure_charts import row_label
from queue_server.office.figures import last_day
from queue_server.office.files import pages as files
from queue_server.office.setup import backups
from queue_server.office.setup import pages as setup
from queue_server.office.setup.pages import file_state
from queue_server.office.special_days import coming_days
from queue_server.opening import days_of
from queue_server.queries import office_overview
from queue_server.queries.office_overview import office_now
from queue_server.queries.outbox_status import Post, post
from queue_server.store import appointments
from queue_server.store.database import Reader
from queue_server.web.devices import kiosk_views
from queue_server.web.printers import printers_of
from queue_server.web.wording import BACKUP_TROUBLES, TROUBLES

DAYS_SHOWN = 14
# Whoever tidies up comes once a minute; a little later it is a fault.
OVERDUE_AFTER = timedelta(minutes=10)
# The log of the database is emptied every 20 s while anything deleted may stand there.
UNWIPED_SECONDS = 300


@dataclass(frozen=True, slots=True)
class RefusedLetter:
    """A letter that did not arrive: the time of its appointment and why; never an address."""

    appointment: int
    start_at: datetime
    reason: str


def state(who: ClerkRequest) -> dict[str, Any]:
    """Everything on the overview, as of now."""
    since = day_start(who.now, who.site.zone)
    told = who.context.forecasts.of(who.site)
    with who.store.snapshot() as snapshot:
        outbox = post(snapshot, who.now, site=who.site.id, since=since)
        found = {
            "current": office_now(snapshot, who.site, told, who.now),
            "open_today": days_of(snapshot, who.site)(who.today),
            "days": office_overview.days_ahead(snapshot, who.site, DAYS_SHOWN, who.now),
            "devices": office_overview.devices_of(snapshot, who.site, who.now),
            **_kept(snapshot, who),
            "post": outbox,
            "trouble": TROUBLES.get(outbox.trouble, ""),
            "refused": _refused(snapshot, who, outbox),
            **_copies(snapshot, who),
            **last_audit(snapshot, who),
        }
    return found | {
        "coming": [each for each in coming_days(who) if not each.is_hidden],
        "printers": printers_of(who.site, who.now),
        "kiosks": kiosk_views(who.context.kiosks, who.site, who.now),
        "version_of": who.context.display_versions.of,
        **{"mail_is_on": who.mail_is_on, "now": who.now},
        **file_state(who),
    }


def _kept(reader: Reader, who: ClerkRequest) -> dict[str, Any]:
    kept = office_overview.kept(reader, who.now)
    return {
        "kept": kept,
        "people_days": who.context.settings.privacy.people_days,
        "is_overdue": kept.due_at is not None and who.now - kept.due_at > OVERDUE_AFTER,
    }


def _copies(reader: Reader, who: ClerkRequest) -> dict[str, Any]:
    """Where people may still stand who are forgotten: in backups, and in the database's log."""
    settings = who.context.settings
    found = backing_up.state(reader, settings, who.now)
    return {
        "backups": found,
        "is_unwiped": who.store.unwiped_seconds > UNWIPED_SECONDS,
        "backup_at": settings.backup.at,
        "backup_days": settings.privacy.backup_days,
        "backup_trouble": BACKUP_TROUBLES.get(found.trouble, ""),
    }


def _refused(reader: Reader, who: ClerkRequest, outbox: Post) -> list[RefusedLetter]:
    found = []
    for one in outbox.refused:
        try:
            about = appointments.get(reader, who.site.id, one.appointment)
        except NotFound:
            continue
        found.append(RefusedLetter(about.id, about.start_at, TROUBLES.get(one.reason, "")))
    return found


__all__ = [
    "audit", "backups", "changes", "days", "figures", "files", "guides", "interfaces",
    "personal_data", "room", "rules", "setup", "team", "what_if",
]  # fmt: skip


@room.get("/office")
def overview() -> Response:
    """The last day in a line; letters, personal data, devices, bookings ahead, special days."""
    who = clerk_request()
    with who.store.snapshot() as snapshot:
        last = last_day(snapshot, who)
    return page(who, "office/overview.html", **state(who), label=row_label, last_day=last)


@room.get("/office/state")
def current_state() -> Response:
    """The same without the frame, for the script that keeps it fresh."""
    who = clerk_request()
    return page(who, "office/state.html", **state(who))
