"""From the checked tables of config.toml to the sites of the domain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from queue_server.domain.hours import ALWAYS, Hours, SpecialDay
from queue_server.domain.site import (
    BookingRules,
    CheckinRules,
    Counter,
    Display,
    Kiosk,
    PriorityRules,
    Service,
    Site,
    TicketRules,
    Translation,
)
from queue_server.settings.schema_site import (
    HoursTable,
    ServiceTable,
    SiteTable,
    SpecialDayTable,
)

DEFAULT_ZONE = "Europe/Berlin"


def site_from(table: SiteTable) -> Site:
    """The site that a `[[site]]` table describes."""
    parts = {
        "hours": _hours(table.hours),
        "tickets": TicketRules(**table.tickets.values()),
        "checkin": CheckinRules(**table.checkin.values()),
        "booking": BookingRules(**table.booking.values()),
        "priority": PriorityRules(**table.priority.values()),
        "services": tuple(_services(table)),
        "counters": tuple(Counter(**counter.values()) for counter in table.counter),
        "displays": tuple(Display(**display.values()) for display in table.display),
        "kiosks": tuple(Kiosk(**kiosk.values()) for kiosk in table.kiosk),
        "special_days": tuple(_special_day(each) for each in table.special_day),
    }
    # What is called otherwise in the domain, or stands among the parts.
    other = {"service", "counter", "display", "kiosk", "special_day", "timezone"}
    own = {key: value for key, value in table.values().items() if key not in other}
    return Site(**own | parts, zone=table.timezone or ZoneInfo(DEFAULT_ZONE))


def always_open_site(site: Site) -> Site:
    """The same site, open day and night. Without a land there are no public holidays either."""
    return replace(site, hours=ALWAYS, land="", special_days=())


def _hours(table: HoursTable) -> Hours:
    days = (getattr(table, name) for name in HoursTable.model_fields)
    return Hours(days=tuple(tuple(spans) for spans in days))


def _services(table: SiteTable) -> Iterator[Service]:
    """A group is named once, at any of its services; the others take the name over."""
    names = {each.group: each.group_name for each in table.service if each.group_name}
    for each in table.service:
        own = {k: v for k, v in each.values().items() if k != "translated"}
        group_name = names.get(each.group, "")
        yield Service(**own | {"group_name": group_name, "translations": _translations(each)})


def _translations(table: ServiceTable) -> dict[str, Translation]:
    written = table.translated
    return {name: Translation(**getattr(written, name).values()) for name in written.values()}


def _special_day(table: SpecialDayTable) -> SpecialDay:
    return SpecialDay(table.day, tuple(table.hours), table.notice or "")
