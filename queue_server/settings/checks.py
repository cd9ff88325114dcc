"""Checks across keys: duplicate ids, services that nobody serves, a site without hours.

The checks look at the tables as they were read, wrong ones too, so that every problem of a file
is told at once. Values of a wrong type are reported by the schema and skipped here.
"""

from __future__ import annotations

from collections.abc import Iterator

from queue_server.domain.site import EVERY_SERVICE, CheckinRules
from queue_server.settings.checks_wall import wall_faults
from queue_server.settings.lines import KeyPath
from queue_server.settings.problems import Fault, did_you_mean, shown
from queue_server.settings.tables import Raw, Tables, table_in, tables_in

NEEDED_BY_ENGINE = {
    "piper": ("voice", "the German voice file"),
    "recordings": ("folder", "the folder of the recordings"),
}


def faults_in(raw: Raw) -> Iterator[Fault]:
    """Every fault that shows only when several keys are seen together."""
    sites = tables_in(raw, "site")
    if not sites and not raw.get("site"):
        yield Fault((), "expected at least one [[site]]")
    yield from _same_ids(sites)
    for kind in ("counter", "display", "kiosk"):
        yield from _same_ids(
            [entry for path, site in sites for entry in tables_in(site, kind, path)]
        )
    for path, site in sites:
        yield from _site_faults(path, site)
    yield from wall_faults(sites)
    yield from _mail_faults(raw)
    yield from _same_addresses(tables_in(raw, "webhook"))
    yield from _push_faults(raw)


def _site_faults(path: KeyPath, site: Raw) -> Iterator[Fault]:
    services = tables_in(site, "service", path)
    counters = tables_in(site, "counter", path)
    for kind, found in (("service", services), ("counter", counters)):
        if not found and not site.get(kind):
            yield Fault(path, f"expected at least one [[site.{kind}]]", code=f"no_{kind}")
    if not any(table_in(site, "hours").values()) and isinstance(site.get("hours", {}), dict):
        words = 'expected opening hours, such as mon = ["08:00-12:00"]'
        yield Fault((*path, "hours"), words, code="no_hours")
    yield from _same_ids(services)
    yield from _same_days(tables_in(site, "special_day", path))
    yield from _group_faults(services)
    unknown = list(_unknown_services(services, counters))
    # A misspelled id would be told twice: as unknown, and as a service without a counter.
    yield from unknown or _unserved(services, counters)
    yield from _checkin_faults(path, site)
    yield from _voice_faults(path, site)


def _same_ids(tables: Tables) -> Iterator[Fault]:
    seen: dict[str, KeyPath] = {}
    for path, table in tables:
        id = table.get("id")
        if isinstance(id, str) and id in seen:
            words = f"expected an id of its own, {shown(id)} is taken already"
            yield Fault((*path, "id"), words, code="same_id", facts={"id": id})
        elif isinstance(id, str):
            seen[id] = path


def _same_addresses(hooks: Tables) -> Iterator[Fault]:
    """What waits for a receiver is kept under its address."""
    seen: set[object] = set()
    for path, hook in hooks:
        url = hook.get("url")
        if isinstance(url, str) and url in seen:
            yield Fault((*path, "url"), "expected an address of its own, another webhook has it")
        seen.add(url if isinstance(url, str) else None)


def _same_days(tables: Tables) -> Iterator[Fault]:
    seen: set[str] = set()
    for path, table in tables:
        day = str(table.get("day", ""))
        if day and day in seen:
            words = f"expected one [[site.special_day]] for {day}, not two"
            yield Fault((*path, "day"), words, code="same_day", facts={"day": day})
        seen.add(day)


def _group_faults(services: Tables) -> Iterator[Fault]:
    """A letter on the ticket stands for one group."""
    names: dict[object, object] = {}
    for path, service in services:
        group, name = service.get("group"), service.get("group_name")
        if isinstance(group, str) and name and names.setdefault(group, name) != name:
            words = f'expected the name that group "{group}" has already, {shown(names[group])}'
            facts = {"group": group, "name": names[group]}
            yield Fault((*path, "group_name"), f"{words}, got {shown(name)}", code="group_name",
                        facts=facts)  # fmt: skip


def _unknown_services(services: Tables, counters: Tables) -> Iterator[Fault]:
    ids = [service["id"] for _, service in services if isinstance(service.get("id"), str)]
    for path, counter in counters:
        for place, entry in enumerate(_entries(counter)):
            if isinstance(entry, str) and entry not in (EVERY_SERVICE, *ids):
                words = f'expected "*" or the id of a service of this site, got {shown(entry)}'
                yield Fault((*path, "services", place), words + did_you_mean(entry, ids),
                            code="unknown_service", facts={"name": entry})  # fmt: skip


def _unserved(services: Tables, counters: Tables) -> Iterator[Fault]:
    """People with such a ticket would wait for ever. Services for information only are fine."""
    served = [entry for _, counter in counters for entry in _entries(counter)]
    for path, service in services if served and EVERY_SERVICE not in served else []:
        offered = service.get("walk_in", True) or service.get("bookable", True)
        if offered and isinstance(service.get("id"), str) and service["id"] not in served:
            words = "expected a counter that serves it, but none does"
            facts = {"name": service.get("name", service["id"])}
            yield Fault((*path, "id"), words, code="unserved", facts=facts)


def _entries(counter: Raw) -> list[object]:
    entries = counter.get("services", [EVERY_SERVICE])
    return entries if isinstance(entries, list) else [EVERY_SERVICE]


def _checkin_faults(path: KeyPath, site: Raw) -> Iterator[Fault]:
    rules = table_in(site, "checkin")
    grace = rules.get("grace_minutes", CheckinRules().grace_minutes)
    last = rules.get("late_until_minutes", CheckinRules().late_until_minutes)
    if isinstance(grace, int) and isinstance(last, int) and last < grace:
        words = f"expected at least the grace_minutes, {grace}, got {last}"
        yield Fault((*path, "checkin", "late_until_minutes"), words, code="late_before_grace",
                    facts={"grace": grace})  # fmt: skip


def _voice_faults(path: KeyPath, site: Raw) -> Iterator[Fault]:
    """An engine that speaks from files is told where they are."""
    voice = table_in(site, "voice")
    needed = NEEDED_BY_ENGINE.get(str(voice.get("engine")))
    if needed is not None and not voice.get(needed[0]):
        words = f"expected {needed[1]}, because engine is {shown(voice['engine'])}"
        yield Fault((*path, "voice", needed[0]), words)


def _mail_faults(raw: Raw) -> Iterator[Fault]:
    mail = table_in(raw, "mail")
    if mail.get("smtp_url") and not mail.get("sender"):
        words = "expected the address that letters come from, because smtp_url is set"
        yield Fault(("mail", "sender"), words)


def _push_faults(raw: Raw) -> Iterator[Fault]:
    push = table_in(raw, "push")
    if push.get("enabled") is True and not push.get("contact"):
        words = "expected an e-mail address that push services can write to, because push is on"
        yield Fault(("push", "contact"), words)
