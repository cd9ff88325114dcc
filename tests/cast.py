"""Who and what there is in the town of the tests: sites, services, counters, clerks, days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from queue_server.domain.hours import Hours, Span
from queue_server.domain.kiosk import Kiosk
from queue_server.domain.site import Counter, Display, Service, Site

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)
PEOPLE_DAYS = 1
# Nobody in these tests signs in with a password; whoever does sets a real hash.
NO_PASSWORD = "not-a-hash"
CLERKS = {"Aylin": "rathaus", "Bernd": "rathaus", "Clara": "nordend"}
SEATS = {"schalter-1": "Aylin", "schalter-2": "Bernd", "nordend-1": "Clara"}

SERVICES = (
    Service("meldewesen", "Meldewesen", "M", 10, group_name="Einwohnermeldeamt", max_persons=4),
    Service("ausweise", "Ausweise", "A", 15, group_name="Einwohnermeldeamt", fee="37,00 €"),
    Service("kfz", "Kfz", "K", 20, group_name="Ordnungsamt"),
)


def office_hours() -> Hours:
    """Monday to Friday 08:00 to 12:00, Thursday also 14:00 to 18:00."""
    morning, afternoon = Span(8 * 60, 12 * 60), Span(14 * 60, 18 * 60)
    days = [(morning,), (morning,), (morning,), (morning, afternoon), (morning,), (), ()]
    return Hours(tuple(days))


def rathaus() -> Site:
    return Site(
        id="rathaus",
        name="Rathaus",
        zone=BERLIN,
        hours=office_hours(),
        land="SH",
        services=SERVICES,
        counters=(
            Counter("schalter-1", "Schalter 1", direction="left"),
            Counter("schalter-2", "Schalter 2", services=("ausweise",)),
            Counter("schalter-3", "Schalter 3", direction="right"),
        ),
        displays=(Display("wand", "Wartebereich"),),
        kiosks=(Kiosk("eingang", "Eingang"),),
    )


def nordend() -> Site:
    return Site(
        id="nordend",
        name="Nordend",
        zone=BERLIN,
        hours=office_hours(),
        services=SERVICES,
        counters=(Counter("nordend-1", "Platz 1"),),
        displays=(Display("nordend-wand"),),
        kiosks=(Kiosk("nordend-eingang"),),
    )


def wide_site(counters: int) -> Site:
    """The Rathaus with this many counters, all of which serve everything."""
    places = (Counter(f"schalter-{n}", f"Schalter {n}") for n in range(1, counters + 1))
    return replace(rathaus(), counters=tuple(places))


def moment(day: date, clock: str, zone: ZoneInfo = BERLIN) -> datetime:
    """The UTC moment of a local wall-clock time, `"08:10"`."""
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)


def service_id(name: str) -> str:
    """`"Kfz"` on the sign is `"kfz"` in the code."""
    return name.lower()
