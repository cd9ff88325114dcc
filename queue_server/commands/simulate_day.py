"""`aufruf simulate day`: days of the configured office with simulated people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from queue_server.commands.common import config_option, said_plainly, settings_of
from queue_server.commands.options import (
    asked_rules,
    heads,
    json_option,
    print_json,
    progress,
    rule_options,
    seed_option,
    sensible,
)
from queue_server.domain.figures import Spread, WaitFigures
from queue_server.domain.hours import Span
from queue_server.domain.site import PriorityRules, Site
from queue_server.simulation.arrivals import Demand, arrivals
from queue_server.simulation.checks import check, within
from queue_server.simulation.day_figures import DayFigures, day_figures
from queue_server.simulation.office_day import SimulatedDay, simulate_day

MOST_DAYS = 10_000


@click.command()
@config_option
@click.option("--site", "site_id", help="The site's id; the first one without it.")
@click.option(
    "--days",
    type=int,
    default=1,
    show_default=True,
    help="So many open days, one after the other through the week.",
)
@click.option(
    "--load",
    type=float,
    default=Demand.load,
    show_default=True,
    help="The work that comes, as a share of all counters' opening time.",
)
@click.option(
    "--booked-share",
    type=float,
    default=Demand.booked_share,
    show_default=True,
    help="The share of that work that comes with an appointment.",
)
@click.option(
    "--no-shows",
    type=float,
    default=Demand.no_shows,
    show_default=True,
    help="The share of appointments that nobody comes for.",
)
@click.option(
    "--gone",
    type=float,
    default=Demand.gone,
    show_default=True,
    help="The share of those who wait that have left when they are called.",
)
@click.option("--counters", type=int, help="Only the first so many counters are open.")
@rule_options
@click.option(
    "--ticket-stop/--no-ticket-stop",
    "stop",
    default=None,
    help="Whether walk-ins are refused when work would end too late; else as configured.",
)
@seed_option
@json_option
@said_plainly
@sensible()
def day(
    config: Path | None,
    site_id: str | None,
    days: int,
    counters: int | None,
    stop: bool | None,
    seed: int,
    as_json: bool,
    **options: Any,
) -> None:
    """Days of the configured office: its services, counters, hours and rule, with invented people.

    The rule is the one of config.toml unless options say otherwise.
    """
    settings = settings_of(config)
    site = settings.site(site_id) if site_id else settings.sites[0]
    check([within("days", days, 1, MOST_DAYS)])
    fields = ("load", "booked_share", "no_shows", "gone")
    demand = Demand(**{field: options.pop(field) for field in fields})
    rules = replace(site.priority, **asked_rules(options))
    staffed = _staffed(site, counters)
    stops = site.tickets.forecast_stop if stop is None else stop
    with progress(days, "days") as done:
        lived = _days(site, staffed, demand, rules, stops, seed, days, done)
        found = day_figures(lived)
    facts = {"site": site.id, "seed": seed, "load": demand.load, "counters": len(staffed.counters)}
    facts |= {**asdict(rules), "ticket_stop": stops}
    if as_json:
        print_json(facts | figures_of(found))
    else:
        _print_day(site, facts, found)


def _days(
    site: Site,
    staffed: Site,
    demand: Demand,
    rules: PriorityRules,
    stop: bool,
    seed: int,
    days: int,
    done: Callable[[int], None],
) -> Iterator[SimulatedDay]:
    week = _open_days(site)
    for number in range(days):
        people = arrivals(site, week[number % len(week)], demand, f"{seed} {number}")
        yield simulate_day(staffed, people, rules, stop=stop)
        done(1)


def _open_days(site: Site) -> list[tuple[Span, ...]]:
    """The hours of the weekdays on which the site is open; holidays are another matter."""
    week = [spans for spans in site.hours.days if spans]
    check([("site", "" if week else f"{site.id} is never open")])
    return week


def _staffed(site: Site, counters: int | None) -> Site:
    """The site with its first so many counters; the people stay those of the whole site."""
    if counters is None:
        return site
    most = len(site.counters)
    check([within("counters", counters, 1, most)])
    return replace(site, counters=site.counters[:counters])


def figures_of(found: DayFigures) -> dict[str, Any]:
    """The report as JSON: minutes, shares from 0 to 1."""
    return {
        "days": found.days,
        "served": found.served,
        "classes": {
            "appointments": _class_of(found.appointments),
            "walk_ins": _class_of(found.walk_ins),
        },
        "longest_walk_in": asdict(found.longest),
        "overtaken": asdict(found.overtaken),
        "idle_minutes_while_waiting": found.idle_minutes,
        "overtime": asdict(found.overtime),
        "refused": found.refused,
        "unserved": found.unserved,
        "vain_calls": found.vain_calls,
    }


def _class_of(waiting: WaitFigures) -> dict[str, Any]:
    within = {str(limit): share for limit, share in waiting.within.items()}
    return {**asdict(waiting.wait), "within": within}


def _print_day(site: Site, facts: dict[str, Any], found: DayFigures) -> None:
    click.echo(
        f"{site.name}: {found.days} days, {facts['counters']} counters, load {facts['load']:g}, "
        f"rule {facts['rule']}, seed {facts['seed']}. Waiting in minutes:\n"
    )
    click.echo(f"{'':<14}{'people':>8}" + heads("mean p50 p90 p95 max"))
    _print_line("appointments", found.appointments.wait)
    _print_line("walk-ins", found.walk_ins.wait)
    click.echo("")
    _print_within("Appointments called", found.appointments)
    _print_within("Walk-ins called", found.walk_ins)
    overtaken, overtime = found.overtaken, found.overtime
    click.echo(f"Overtaken, each walk-in: {overtaken.mean:g} times, P95 {overtaken.p95:g}")
    click.echo(f"A counter idle while somebody waits for it: {found.idle_minutes:g} min")
    click.echo(f"Overtime a day: {overtime.mean:g} min, longest {overtime.max:g}")
    click.echo(
        f"Served {found.served}, refused {found.refused}, vain calls {found.vain_calls}"
        + (f", without any counter {found.unserved}" if found.unserved else "")
    )


def _print_line(name: str, each: Spread) -> None:
    marks = (each.mean, each.p50, each.p90, each.p95, each.max)
    click.echo(f"{name:<14}{each.count:>8}" + "".join(f"{mark:>10.2f}" for mark in marks))


def _print_within(name: str, waiting: WaitFigures) -> None:
    shares = [
        f"{share:.0%} within {limit} min"
        for limit, share in waiting.within.items()
        if share is not None
    ]
    if shares:
        click.echo(f"{name}: " + ", ".join(shares))
