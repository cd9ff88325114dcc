"""`aufruf what-if`: replays real days under another rule, with other counters or opening hours."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import click

from queue_server.commands.common import config_option, opened, said_plainly, settings_of, utc_now
from queue_server.commands.options import (
    LOCAL_DAY,
    asked_rules,
    json_option,
    print_json,
    progress,
    rule_options,
)
from queue_server.domain.site import Site
from queue_server.history.replay.comparison import Variation
from queue_server.history.replay.variations import OtherHours
from queue_server.history.replay.what_if import LONGEST_DAYS, told
from queue_server.history.replay.what_if import what_if as compared
from queue_server.settings import Settings
from queue_server.web.findings import FINDINGS

CLASSES = (("appointment", "appointments"), ("walk_in", "walk-ins"), ("all", "all"))
CAVEAT = "Who came, when, and how long their service took is taken as it was."


@click.command("what-if")
@click.option("--site", "only", help="The site's id; the first one without it.")
@click.option("--from", "first", type=LOCAL_DAY, required=True, help="The first local day.")
@click.option("--to", "last", type=LOCAL_DAY, required=True, help="The last local day.")
@rule_options
@click.option("--counters", type=click.IntRange(-1, 1), default=0, help="+1 or -1: one counter.")
@click.option("--opens-earlier", type=click.IntRange(-240, 240), default=0, metavar="MINUTES")
@click.option("--closes-later", type=click.IntRange(-240, 240), default=0, metavar="MINUTES")
@json_option
@config_option
@said_plainly
def what_if(only: str | None, first: datetime, last: datetime, as_json: bool, **given: Any) -> None:
    """Replay real days as they were and as they would have been, side by side.

    The rule's options change the rule that was in force; opening earlier or closing later may be
    negative. Works while the server runs, and changes nothing.
    """
    days = first.date(), last.date()
    _check_days(*days)
    settings = settings_of(given.pop("config"))
    site = settings.site(only) if only else settings.sites[0]
    answer = _answer(settings, site, days, _change(given))
    if as_json:
        print_json(answer)
    else:
        click.echo("\n".join(_lines(answer)))


def _check_days(first: date, last: date) -> None:
    if last < first:
        raise click.UsageError("--to is before --from")
    if (last - first).days >= LONGEST_DAYS:
        longest = first + timedelta(days=LONGEST_DAYS - 1)
        raise click.UsageError(f"at most {LONGEST_DAYS} days: --to {longest} or earlier")


def _change(given: Mapping[str, Any]) -> Variation:
    return Variation(
        asked_rules(given),
        given["counters"],
        OtherHours(given["opens_earlier"], given["closes_later"]),
    )


def _answer(
    settings: Settings, site: Site, days: tuple[date, date], change: Variation
) -> dict[str, Any]:
    total = (days[1] - days[0]).days + 1
    # A replay leaves nothing in circles behind; looking for circles would cost it a fifth.
    gc.disable()
    try:
        with opened(settings) as store, store.snapshot() as snapshot, progress(total, "days") as on:
            seen = [0]

            def so_far(done: int, _: int) -> None:
                on(done - seen[0])
                seen[0] = done

            now = utc_now()
            comparison = compared(snapshot, site, *days, change, now=now, progress=so_far)
    finally:
        gc.enable()
    return told(comparison, site, *days)


def _lines(answer: Mapping[str, Any]) -> Iterator[str]:
    """The answer for somebody at a shell: whether it can be trusted, then the table."""
    yield from _identity(answer)
    if not answer["days"]:
        return
    yield ""
    yield f"{'':34}{'as it was':>12}{'what if':>12}{'':>4}difference"
    for name, was, would in _rows(answer["actual"], answer["what_if"]):
        change = "" if was is None or would is None else f"{would - was:+14.1f}"
        yield f"{name:34}{_cell(was):>12}{_cell(would):>12}{change}"
    yield ""
    yield from _who(answer)
    yield CAVEAT


def _identity(answer: Mapping[str, Any]) -> Iterator[str]:
    calls, days = answer["actual"]["calls"], answer["days"]
    if not days:
        yield "Nobody came on these days."
    elif answer["identical"]:
        yield f"identical: the replay gave all {calls} calls of {days} days in their real order."
    else:
        yield f"NOT identical: {answer['difference_count']} of {calls} calls are not the replay's."
        for each in answer["differences"]:
            where = f"{each['at']:%Y-%m-%d %H:%M:%S}  {each['counter']}  {each['number']}"
            yield f"  {where}: {FINDINGS[each['why']].english}{_instead(each['expected'])}"


def _instead(expected: str | None) -> str:
    return f"; the rule would have called {expected}" if expected else ""


def _rows(
    was: Mapping[str, Any], would: Mapping[str, Any]
) -> Iterator[tuple[str, float | None, float | None]]:
    for kind, name in CLASSES:
        for key in ("mean", "p50", "p90", "p95", "max"):
            label = f"{name}: wait {key}, minutes"
            yield label, was[kind]["wait"][key], would[kind]["wait"][key]
        for limit in (5, 10, 15) if kind == "appointment" else (30, 60):
            shares = [_percent(world[kind]["within"][str(limit)]) for world in (was, would)]
            yield f"{name}: called within {limit} min, %", shares[0], shares[1]
        overtaken = [world[kind]["overtaken"]["mean"] for world in (was, would)]
        yield f"{name}: overtaken by", overtaken[0], overtaken[1]
    for key in ("calls", "unserved", "refused", "overtime_minutes"):
        yield key.replace("_", " "), was[key], would[key]


def _who(answer: Mapping[str, Any]) -> Iterator[str]:
    moved = answer["moved"]
    yield f"{moved['sooner']} people sooner, {moved['later']} later, {moved['same']} as before."
    for each in moved["most"]:
        waits = f"{_cell(each['actual'])} -> {_cell(each['what_if'])} min"
        yield f"  {each['day']}  {each['number']}  {each['kind']:12}{waits}"
    for each in answer["counters_closed"]:
        yield f"{each['name']} stays closed on {each['days']} days."


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"
