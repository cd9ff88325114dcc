"""What a walk-in may choose now: groups and their services, and why something can't be chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from queue_server.domain.errors import NotFound, Refused
from queue_server.domain.site import Service, Site
from queue_server.domain.waiting import Range, widest
from queue_server.languages import Said, office_texts
from queue_server.languages.office_texts import group_name
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
from queue_server.web.language import current

MOST_WITHOUT_GROUPS = 8
"""More services than this are found sooner by their group."""

EXAMPLES = 3
LONGEST_EXAMPLE = 26
"""Characters: a longer name would not fit below the name of its group."""


class Availability(StrEnum):
    """Whether a walk-in may draw a number for a service now."""

    FREE = "free"
    BY_APPOINTMENT = "by_appointment"
    USED_UP = "used_up"
    STOPPED = "stopped"


# What the refusal of a single service makes of it.
STANDINGS = {"not_walk_in": Availability.BY_APPOINTMENT, "quota": Availability.USED_UP}


@dataclass(frozen=True, slots=True)
class Offered:
    service: Service
    standing: Availability


@dataclass(frozen=True, slots=True)
class Group:
    """The services that share a letter."""

    letter: str
    name: Said
    offered: tuple[Offered, ...]

    @property
    def examples(self) -> tuple[Said, ...]:
        """A few short names of services, so that people see what is behind the group's."""
        names = (office_texts.name_of(each.service, current()) for each in self.offered)
        return tuple(name for name in names if len(name.text) <= LONGEST_EXAMPLE)[:EXAMPLES]

    @property
    def is_bookable(self) -> bool:
        """Whether there are appointments for any of them."""
        return any(each.service.bookable for each in self.offered)

    @property
    def is_given(self) -> bool:
        """Whether there are numbers for any of them."""
        return any(each.standing is Availability.FREE for each in self.offered)


def groups(reader: Reader, site: Site, now: datetime) -> list[Group]:
    """All groups of a site, in the order of the catalogue."""
    letters = dict.fromkeys(service.group for service in site.services)
    given = issuing(reader, site, now)
    return [_group(site, given, letter) for letter in letters]


def group(reader: Reader, site: Site, letter: str, now: datetime) -> Group:
    """The group with this letter; raises `NotFound`."""
    if all(service.group != letter for service in site.services):
        raise NotFound(group=letter)
    return _group(site, issuing(reader, site, now), letter)


def most_persons(site: Site) -> int:
    """The largest party that any walk-in service takes."""
    return max((s.max_persons for s in site.services if s.walk_in), default=1)


def needs_groups(site: Site) -> bool:
    return len(site.services) > MOST_WITHOUT_GROUPS


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
    ids = {each.service.id for each in offered if each.standing is Availability.FREE}
    return widest(each.range for each in outlook.services if each.service in ids)


def _group(site: Site, given: Issuing, letter: str) -> Group:
    members = [each for each in given.services if each.service.group == letter]
    offered = tuple(Offered(each.service, _standing(each)) for each in members)
    return Group(letter, group_name(site, letter, current()), offered)


def _standing(each: ServiceStanding) -> Availability:
    if each.refusal is None:
        return Availability.FREE
    return STANDINGS.get(str(each.refusal.facts["why"]), Availability.STOPPED)
