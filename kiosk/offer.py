"""What a walk-in may choose now: groups and their services, and why something can't be chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from queue_server.domain.errors import BadRequest, NotFound, NotIssuing, Refused
from queue_server.domain.hours import local_day
from queue_server.domain.issuing import check_issuing, check_open
from queue_server.domain.site import Service, Site
from queue_server.domain.waiting import Range, widest
from queue_server.opening import days_of
from queue_server.queries.outlook import Outlook
from queue_server.store import tickets
from queue_server.store.database import Reader

MOST_WITHOUT_GROUPS = 8
"""More services than this are found sooner by their group."""

EXAMPLES = 3


class Standing(StrEnum):
    """Whether a walk-in may draw a number for a service now."""

    FREE = "free"
    BY_APPOINTMENT = "by_appointment"
    USED_UP = "used_up"


@dataclass(frozen=True, slots=True)
class Offered:
    service: Service
    standing: Standing


@dataclass(frozen=True, slots=True)
class Group:
    """The services that share a letter. `name` is empty where config.toml gives none."""

    letter: str
    name: str
    offered: tuple[Offered, ...]

    @property
    def examples(self) -> tuple[str, ...]:
        """The names of a few services, so that people see what is behind the name."""
        return tuple(each.service.name for each in self.offered[:EXAMPLES])

    @property
    def is_bookable(self) -> bool:
        """Whether there are appointments for any of them."""
        return any(each.service.bookable for each in self.offered)

    @property
    def is_more(self) -> bool:
        return len(self.offered) > EXAMPLES


def groups(reader: Reader, site: Site, now: datetime) -> list[Group]:
    """All groups of a site, in the order of the catalogue."""
    letters = dict.fromkeys(service.group for service in site.services)
    return [_group(reader, site, letter, now) for letter in letters]


def group(reader: Reader, site: Site, letter: str, now: datetime) -> Group:
    """The group with this letter; raises `NotFound`."""
    if all(service.group != letter for service in site.services):
        raise NotFound(group=letter)
    return _group(reader, site, letter, now)


def most_persons(site: Site) -> int:
    """The largest party that any walk-in service takes."""
    return max((s.max_persons for s in site.services if s.walk_in), default=1)


def needs_groups(site: Site) -> bool:
    return len(site.services) > MOST_WITHOUT_GROUPS


def persons(form: Mapping[str, str]) -> int:
    """The party's size as a form says it; raises `BadRequest`."""
    text = form.get("persons", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise BadRequest(errors=[("persons", "unknown", text)])
    return int(text)


def may_draw(
    reader: Reader, site: Site, services: Sequence[str], persons: int, now: datetime
) -> bool:
    """Whether a walk-in would get a number for these services now."""
    day = local_day(now, site.zone)
    try:
        wanted = site.checked_visit(tuple(services), persons)
        check_issuing(
            site,
            wanted,
            lambda service: tickets.issued_today(reader, site.id, day, service),
            days_of(reader, site),
            now,
        )
    except Refused:
        return False
    return True


def why_not_issuing(reader: Reader, site: Site, now: datetime) -> NotIssuing | None:
    """The refusal that every walk-in would get now; None while numbers are given out."""
    try:
        check_open(site, days_of(reader, site), now)
    except NotIssuing as refusal:
        return refusal
    return None


def usual_wait(outlook: Outlook, offered: Iterable[Offered]) -> Range | None:
    """From the shortest to the longest wait among these services; None when no counter is open."""
    ids = {each.service.id for each in offered if each.standing is Standing.FREE}
    return widest(each.range for each in outlook.services if each.service in ids)


def _group(reader: Reader, site: Site, letter: str, now: datetime) -> Group:
    services = [service for service in site.services if service.group == letter]
    offered = tuple(Offered(each, _standing(reader, site, each, now)) for each in services)
    return Group(letter, services[0].group_name, offered)


def _standing(reader: Reader, site: Site, service: Service, now: datetime) -> Standing:
    if not service.walk_in:
        return Standing.BY_APPOINTMENT
    day = local_day(now, site.zone)
    if service.daily_quota and (
        tickets.issued_today(reader, site.id, day, service.id) >= service.daily_quota
    ):
        return Standing.USED_UP
    return Standing.FREE
