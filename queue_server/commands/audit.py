"""`aufruf audit`: was every call the one that the rule gave?"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from queue_server.commands.common import config_option, opened, said_plainly, settings_of
from queue_server.commands.options import LOCAL_DAY, json_option
from queue_server.domain.audit import Audit, Violation
from queue_server.domain.site import Site
from queue_server.history.audit import audit as audit_of
from queue_server.web.findings import FINDINGS


@click.command()
@click.option("--site", "only", help="The site's id in config.toml; all sites without it.")
@click.option("--from", "first", type=LOCAL_DAY, help="The first local day, as 2026-06-08.")
@click.option("--to", "last", type=LOCAL_DAY, help="The last local day.")
@json_option
@config_option
@said_plainly
def audit(
    only: str | None,
    first: datetime | None,
    last: datetime | None,
    as_json: bool,
    config: Path | None,
) -> None:
    """Re-run the journal: was every call the one that the rule gave?

    Clerks' own choices are counted apart. Exit code 1 when a call was not the rule's. Works
    while the server runs.
    """
    if first and last and last < first:
        raise click.UsageError("--to is before --from")
    settings = settings_of(config)
    sites = [settings.site(only)] if only else list(settings.sites)
    with opened(settings) as store, store.snapshot() as snapshot:
        found = [(site, audit_of(snapshot, site, _day(first), _day(last))) for site in sites]
    click.echo(_json(found) if as_json else "\n".join(_sentences(found)))
    if any(result.violations for _, result in found):
        sys.exit(1)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _sentences(found: list[tuple[Site, Audit]]) -> Iterator[str]:
    for site, result in found:
        yield f"{site.id}: {_summary(result)}"
        yield from (f"  {_line(site, one)}" for one in result.violations)
        yield from (f"  {note}" for note in _notes(result))


def _summary(result: Audit) -> str:
    faults = _counted(len(result.violations), "violation")
    return f"{faults} in {_counted(result.calls, 'call')} on {_counted(result.days, 'day')}"


def _notes(result: Audit) -> Iterator[str]:
    if result.chosen:
        yield f"{_counted(result.chosen, 'more call')} chosen by clerks themselves"
    if result.released:
        yield f"{_counted(result.released, 'call')} taken back"
    if result.unsure:
        yield (
            f"{_counted(result.unsure, 'more call')} not judged: made before the journal kept "
            "planned minutes and rules"
        )
    if result.idle_minutes:
        yield (
            f"{result.idle_minutes:g} minutes in which a free counter could have called somebody; "
            "the clerks' own pace, no violation"
        )


def _line(site: Site, one: Violation) -> str:
    when = f"{one.at.astimezone(site.zone):%Y-%m-%d %H:%M:%S}"
    called = f"{one.number} ({one.reason})" if one.reason else one.number or "nobody known"
    where = f" at {site.counter_name(one.counter)}" if one.counter else ""
    instead = f"; the rule gives {one.expected} ({one.expected_reason})" if one.expected else ""
    return f"{when} {called}{where}: {FINDINGS[one.why].english}{instead} [journal {one.seq}]"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _json(found: list[tuple[Site, Audit]]) -> str:
    return json.dumps({site.id: _plain(result, site.zone) for site, result in found}, indent=2)


def _plain(result: Audit, zone: ZoneInfo) -> dict[str, Any]:
    plain = asdict(result)
    for one in plain["violations"]:
        one["at"] = one["at"].astimezone(zone).isoformat()
    return plain
