"""What a walk-in may choose now: groups and their services, and why something can't be chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from queue_server.domain.errors import BadRequest, NotFound, Refused
from queue_server.domain.site import Service, Site
from queue_server.domain.waiting import Range, widest
from queue_server.opening import days_of
from queue_server.queries.outlook import Outlook
from queue_server.queries.stops import (
    Issuing,
    ServiceStanding,
    check_visit,
    issuing,
)
from queue_server.queries.stops import why_not_issuing as why_not_issuing
from queue_server.store.database import Reader

MOST_WITHOUT_GROUPS = 8
"""More services than this are found sooner by their group."""

EXAMPLES = 3


class Standing(StrEnum):
    """Whether a walk-in may draw a number for a service now."""

    FREE = "free"
    BY_APPOINTMENT = "by_appointment"
    USED_UP = "used_up"
    STOPPED = "stopped"


# What the refusal of a single service makes of it.
STANDINGS = {"not_walk_in": Standing.BY_APPOINTMENT, "quota": Standing.USED_UP}


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
    def is_given(self) -> bool:
        """Whether there are numbers for any of them."""
        return any(each.standing is Standing.FREE for each in self.offered)

    @property
    def is_more(self) -> bool:
        return len(self.offered) > EXAMPLES


def groups(reader: Reader, site: Site, now: datetime) -> list[Group]:
    """All groups of a site, in the order of the catalogue."""
    letters = dict.fromkeys(service.group for service in site.services)
    given = issuing(reader, site, now)
    return [_group(given, letter) for letter in letters]


def group(reader: Reader, site: Site, letter: str, now: datetime) -> Group:
    """The group with this letter; raises `NotFound`."""
    if all(service.group != letter for service in site.services):
        raise NotFound(group=letter)
    return _group(issuing(reader, site, now), letter)


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
    try:
        wanted = site.checked_visit(tuple(services), persons)
        check_visit(reader, site, wanted, days_of(reader, site), now)
    except Refused:
        return False
    return True


def usual_wait(outlook: Outlook, offered: Iterable[Offered]) -> Range | None:
    """From the shortest to the longest wait among these services; None when no counter is open."""
    ids = {each.service.id for each in offered if each.standing is Standing.FREE}
    return widest(each.range for each in outlook.services if each.service in ids)


def _group(given: Issuing, letter: str) -> Group:
    members = [each for each in given.services if each.service.group == letter]
    offered = tuple(Offered(each.service, _standing(each)) for each in members)
    return Group(letter, members[0].service.group_name, offered)


def _standing(each: ServiceStanding) -> Standing:
    if each.refusal is None:
        return Standing.FREE
    return STANDINGS.get(str(each.refusal.facts["why"]), Standing.STOPPED)
