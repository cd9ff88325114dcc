"""The town: a morning that has already happened, then life at the chosen speed.

In a practice office its clerks leave half of the counters to the trainees.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from random import Random
from time import sleep

from queue_server.demo.clerks import ClerkAtWork
from queue_server.demo.scene import Agenda, Scene
from queue_server.demo.visitors import Visitors
from queue_server.domain.site import Counter, Site
from queue_server.settings import Settings
from queue_server.store import identities, journal
from queue_server.store.database import Reader
from queue_server.store.identities import Clerk
from queue_server.store.transaction import Store
from queue_server.web.app_context import utc_now
from queue_server.web.practice import trainee_names

log = logging.getLogger(__name__)
MORNING = timedelta(minutes=70)
TICK_SECONDS = 0.1
STANDING_CALLS = 2
NAMES = (
    "Aylin", "Bernd", "Carla", "Deniz", "Elif", "Frank", "Greta", "Hakan", "Ines", "Jonas",
    "Kira", "Lars", "Mira", "Nils", "Olga", "Paul", "Rosa", "Sven", "Tanja", "Yusuf",
)  # fmt: skip


class Town:
    """Every site of the settings with its visitors and clerks. `seed` makes chance repeatable.

    A `morning` of this length has already happened when the first person looks.
    """

    morning = MORNING

    def __init__(self, settings: Settings, store: Store, *, speed: float, seed: int) -> None:
        self._settings = settings
        self._store = store
        self._speed = speed
        self._seed = seed
        self._agenda = Agenda(utc_now())
        self._at_work: list[ClerkAtWork] = []

    def settle(self) -> None:
        """Bring everybody to their places; each database gets one morning."""
        now = utc_now()
        is_new = not self._has_a_morning(now)
        self._agenda = Agenda(now - self.morning if is_new else now)
        for site in self._settings.sites:
            self._open(site)
        self._agenda.run_until(now)
        self._agenda.hurry(self._speed)
        for clerk in self._at_work[:STANDING_CALLS]:
            clerk.call_at_once()

    def live(self) -> None:
        """Go on for ever; a fault stays in the log and stops nobody."""
        while True:
            try:
                self._agenda.do_due(utc_now())
            except Exception:
                log.exception("somebody in the demo stumbled")
            sleep(TICK_SECONDS)

    def _has_a_morning(self, now: datetime) -> bool:
        """Whether anybody came lately; days gone by are no morning."""
        with self._store.snapshot() as snapshot:
            last = (journal.last_arrival(snapshot, s.id, now) for s in self._settings.sites)
            return any(at is not None and at > now - self.morning for at in last)

    def staffed(self, site: Site) -> list[Counter]:
        """Where invented clerks work."""
        return staffed_counters(self._settings, site)

    def wanted(self, site: Site) -> list[Counter]:
        """For which counters visitors come."""
        return self.staffed(site)

    def booker(self, site: Site) -> str | None:
        """Who takes the calls of those who book."""
        at_work = self.staffed(site)
        return clerk_name(self._settings, at_work[0]) if at_work else None

    def _open(self, site: Site) -> None:
        # Each site has its own chance: another site in the file does not change this one.
        scene = Scene(
            self._store,
            site,
            tuple(self.staffed(site)),
            tuple(self.wanted(site)),
            self._agenda,
            Random(f"{self._seed} {site.id}"),
            self._settings.privacy.people_days,
        )
        with self._store.snapshot() as snapshot:
            clerks = [
                clerk_named(snapshot, clerk_name(self._settings, counter))
                for counter in scene.staffed
            ]
        at_work = [
            ClerkAtWork(scene, counter, clerk)
            for counter, clerk in zip(scene.staffed, clerks, strict=True)
        ]
        for one in at_work:
            one.begin()
        if booker := self.booker(site):
            with self._store.snapshot() as snapshot:
                answers = clerk_named(snapshot, booker)
            Visitors(scene, answers).begin()
        self._at_work += at_work


def free_counter(settings: Settings) -> Counter:
    """The counter of the first site that is left to whoever tries the demo.

    One whose services others also serve, so that the town gets on without it.
    """
    site = settings.sites[0]
    return next((c for c in site.counters if _is_covered(site, c)), site.counters[0])


def staffed_counters(settings: Settings, site: Site) -> list[Counter]:
    return [counter for counter in site.counters if counter != free_counter(settings)]


def clerk_name(settings: Settings, counter: Counter) -> str:
    """Who works at this counter; in a very large town the names repeat, with a number."""
    counters = [each for site in settings.sites for each in site.counters]
    rounds, place = divmod(counters.index(counter), len(NAMES))
    return f"{NAMES[place]} {rounds + 1}" if rounds else NAMES[place]


def _is_covered(site: Site, counter: Counter) -> bool:
    others = {s for c in site.counters if c != counter for s in site.served_by(c.services)}
    return set(site.served_by(counter.services)) <= others


def clerk_named(reader: Reader, name: str) -> Clerk:
    """Somebody who was hired."""
    clerk = identities.clerk_named(reader, name)
    assert clerk is not None, name
    return clerk


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
