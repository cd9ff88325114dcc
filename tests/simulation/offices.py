"""Offices for simulated days: like the Munich mix of durations, mean 14.5 minutes."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from queue_server.domain.hours import ALWAYS, Span
from queue_server.domain.site import Counter, Service, Site

MORNING = (Span(480, 720),)
MIX = {"s5": 0.15, "s10": 0.25, "s15": 0.35, "s20": 0.15, "s30": 0.10}
SERVICES = tuple(Service(f"s{n}", f"Anliegen {n}", "A", n) for n in (5, 10, 15, 20, 30))


def office(*counters: tuple[str, ...]) -> Site:
    """An office with a counter for each list of services."""
    return Site(
        id="rathaus",
        name="Rathaus",
        zone=ZoneInfo("Europe/Berlin"),
        hours=ALWAYS,
        services=SERVICES,
        counters=tuple(
            Counter(f"c{number}", f"Schalter {number}", services)
            for number, services in enumerate(counters, start=1)
        ),
    )


def plain_office(counters: int = 4) -> Site:
    """Every counter serves everything."""
    return office(*[("*",)] * counters)


SPECIALISTS = office(("s5", "s10"), ("s15", "s20", "s30"))
MIXED = office(("*",), ("s5", "s10"), ("s15", "s20", "s30"), ("*",))
