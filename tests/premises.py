"""A database file, a site or two, their clerks and a clock: the ground that a town stands on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from queue_server.actions import staff
from queue_server.domain.events import Event
from queue_server.domain.site import Site
from queue_server.settings import (
    DatabaseSettings,
    Mail,
    Privacy,
    Realtime,
    ServerSettings,
    Settings,
)
from queue_server.store import identities
from queue_server.store.engines import engine_of
from queue_server.store.identities import Clerk
from queue_server.store.transaction import Store
from tests.cast import BERLIN, CLERKS, MONDAY, NO_PASSWORD, moment, nordend, rathaus, service_id
from tests.spared import put_database, url_for


def open_store(path: Path, *, durability: str = "normal") -> Store:
    """A migrated store. `"normal"` spares the tests the disk; the durability test asks for more."""
    put_database(path)
    store = Store(engine_of(url_for(path), durability=durability))
    store.migrate()
    return store


def settings_of(sites: Sequence[Site], folder: Path, **more: Any) -> Settings:
    """What config.toml says of these sites and nothing else, unless `more` says so."""
    usual: dict[str, Any] = {
        "server": ServerSettings(data_dir=folder),
        "database": DatabaseSettings(f"sqlite:///{folder}/town.db"),
        "realtime": Realtime(),
        "mail": Mail(),
        "privacy": Privacy(),
    }
    return Settings(path=folder / "config.toml", sites=tuple(sites), **(usual | more))


class Premises:
    """Sites and clerks on a real database, at a time that passes only when it is told to."""

    def __init__(self, path: Path, sites: Sequence[Site] = ()) -> None:
        self._sites = {site.id: site for site in sites or (rathaus(), nordend())}
        self.now = moment(MONDAY, "08:00")
        self.store = open_store(path)
        self.heard: list[tuple[Event, ...]] = []
        self.store.listen(lambda events: self.heard.append(tuple(events)))
        self._clerks: dict[str, Clerk] = {}
        for name, site in CLERKS.items():
            if site in self._sites:
                self.hire(name, site)

    # -- who and where -------------------------------------------------------------------

    @property
    def sites(self) -> tuple[Site, ...]:
        return tuple(self._sites.values())

    def site(self, id: str = "rathaus") -> Site:
        return self._sites[id]

    def change(self, site: str = "rathaus", **changes: Any) -> None:
        """Another rule of the office, as if config.toml said so."""
        self._sites[site] = replace(self._sites[site], **changes)

    def change_service(self, name: str, **changes: Any) -> None:
        services = self.site().services
        changed = [replace(s, **changes) if s.id == service_id(name) else s for s in services]
        self.change(services=tuple(changed))

    def hire(self, name: str, site: str = "rathaus", role: str = "clerk") -> Clerk:
        staff.add_clerk(self.store, name, site, role, NO_PASSWORD, now=self.now)
        return self.clerk(name)

    def clerk(self, name: str) -> Clerk:
        if name not in self._clerks:
            with self.store.snapshot() as snapshot:
                clerk = identities.clerk_named(snapshot, name)
            assert clerk is not None, f"nobody is called {name}"
            self._clerks[name] = clerk
        return self._clerks[name]

    # -- time ----------------------------------------------------------------------------

    def pass_time(self, **span: float) -> None:
        """`minutes=`, `seconds=`, `hours=` or `days=` go by."""
        self.now += timedelta(**span)

    def set_clock(self, clock: str, day: date | None = None) -> None:
        """It is this local time, today or on another day."""
        self.now = moment(day or self.today, clock)

    @property
    def today(self) -> date:
        return self.now.astimezone(BERLIN).date()

    def clock(self, *, ahead_minutes: float = 0) -> str:
        """What the clock on the wall shows now or will show, `"08:10"`."""
        return f"{(self.now + timedelta(minutes=ahead_minutes)).astimezone(BERLIN):%H:%M}"
