"""The town of those who practise: visitors come for every counter, and half of them are free."""

from __future__ import annotations

from datetime import timedelta

from queue_server.demo.town import Town, clerk_name
from queue_server.domain.site import Counter, Site
from queue_server.settings import Settings
from queue_server.web.practice import trainee_names


class PracticeTown(Town):
    """Its clerks leave every second counter, the first among them, to whoever practises."""

    # Where nobody works yet, nobody shall have waited for an hour.
    morning = timedelta(minutes=25)

    def staffed(self, site: Site) -> list[Counter]:
        return practice_staff(site)

    def wanted(self, site: Site) -> list[Counter]:
        return list(site.counters)

    def booker(self, site: Site) -> str | None:
        return trainee_names(self._settings, site)[0]


def practice_staff(site: Site) -> list[Counter]:
    """The counters at which invented clerks work."""
    return list(site.counters[1::2])


def invented_clerks(settings: Settings, site: Site) -> list[str]:
    """The names of those who work there."""
    return [clerk_name(settings, counter) for counter in practice_staff(site)]
