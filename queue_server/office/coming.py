"""The special days to come, from config.toml and from the office itself."""

from __future__ import annotations

from dataclasses import dataclass

from queue_server.domain.hours import SpecialDay
from queue_server.office.door import Asker
from queue_server.store import special_days


@dataclass(frozen=True, slots=True)
class Planned:
    """A special day to come. One of config.toml is `hidden` when it was decided otherwise here."""

    special: SpecialDay
    is_ours: bool
    is_hidden: bool = False


def coming_days(who: Asker) -> list[Planned]:
    """From config.toml and from this page, earliest first; days that have passed are history."""
    with who.store.snapshot() as snapshot:
        ours = special_days.every(snapshot, who.site.id)
    decided = {each.day for each in ours}
    every = [Planned(each, is_ours=True) for each in ours] + [
        Planned(each, is_ours=False, is_hidden=each.day in decided)
        for each in who.site.special_days
    ]
    coming = [each for each in every if each.special.day >= who.today]
    return sorted(coming, key=lambda each: (each.special.day, each.is_ours))
