"""The settings of the house: config.toml and the environment, checked, as frozen dataclasses.

A wrong or unknown key names itself, its line and what was expected; all problems come at once.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from queue_server.domain.errors import NotFound
from queue_server.domain.site import Display, Kiosk, Site
from queue_server.settings.build import always_open_site, site_from
from queue_server.settings.problems import ConfigError as ConfigError
from queue_server.settings.read import read_config
from queue_server.settings.schema import ConfigFile

SQLITE = "sqlite:///"
DATABASE_FILE = "aufruf.db"
FOLDER = "file:"
LETTERS = "letters"


def _version() -> str:
    """The newest heading of the changelog in a working copy, the package's version elsewhere."""
    changelog = Path(__file__).parents[2] / "CHANGELOG.md"
    text = changelog.read_text("utf-8") if changelog.is_file() else ""
    # The title counts: other packages put a CHANGELOG.md beside theirs, too.
    heading = re.match(r"# Changes in Aufruf\n.*?^## v(\d+(?:\.\d+)+)", text, re.DOTALL | re.M)
    return heading[1] if heading else _installed_version()


def _installed_version() -> str:
    # Imported only here: it takes 40 ms of every start.
    from importlib.metadata import version

    return version("aufruf")


VERSION = _version()


@dataclass(frozen=True, slots=True)
class Server:
    """Where the server listens. `data_dir` is absolute; `public_url` has no slash at its end.

    Pages of `embed_origins` may show waiting times; those of any origin when none is named.
    """

    data_dir: Path
    host: str = "0.0.0.0"
    port: int = 8000
    public_url: str = ""
    behind_proxy: bool = False
    embed_origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """`url` holds an absolute path. With `durability` `full` a power cut loses nothing answered."""

    url: str
    durability: Literal["full", "normal"] = "full"


@dataclass(frozen=True, slots=True)
class Realtime:
    """`redis_url` is empty: one process serves everybody."""

    redis_url: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """An empty `smtp_url` sends nothing. `password` goes before one inside the URL.

    With `file:FOLDER`, absolute here, letters are put there instead of being sent, to try things
    out. Reminders are written `reminder_hours` before an appointment, none with 0.
    """

    smtp_url: str = field(default="", repr=False)
    sender: str = ""
    password: str = field(default="", repr=False)
    reminder_hours: int = 24

    @property
    def is_on(self) -> bool:
        """Whether letters leave the house at all."""
        return bool(self.smtp_url)

    @property
    def folder(self) -> Path | None:
        """Where letters are put instead of being sent."""
        is_folder = self.smtp_url.startswith(FOLDER)
        return Path(self.smtp_url.removeprefix(FOLDER)) if is_folder else None


@dataclass(frozen=True, slots=True)
class Privacy:
    """Days after the visit until people are deleted, and days that a backup is kept."""

    people_days: int = 0
    backup_days: int = 7


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that hears of these events (names of `domain/events.py`)."""

    url: str
    secret: str = field(repr=False)
    events: tuple[str, ...]


@dataclass(frozen=True)
class Settings:
    """All of config.toml. `path` is the absolute path of the file it came from."""

    path: Path
    server: Server
    database: DatabaseSettings
    realtime: Realtime
    mail: Mail
    privacy: Privacy
    sites: tuple[Site, ...]
    webhooks: tuple[Webhook, ...] = ()

    @property
    def public_url(self) -> str:
        """The address that people open, without a slash at its end."""
        return self.server.public_url or f"http://localhost:{self.server.port}"

    @property
    def database_path(self) -> Path:
        """The absolute path of the database file."""
        return Path(self.database.url.removeprefix(SQLITE))

    def trying_out(self) -> Settings:
        """The same settings with a folder for letters, when no mail server is there to send them.

        So whoever tries the house can read the letter that asks for a confirmation.
        """
        if self.mail.is_on:
            return self
        letters = self.server.data_dir / LETTERS
        sender = self.mail.sender or "aufruf@localhost"
        mail = replace(self.mail, smtp_url=f"{FOLDER}{letters}", sender=sender)
        return replace(self, mail=mail)

    def listening(self, host: str | None, port: int | None) -> Settings:
        """The same settings on another address; None leaves what the file says."""
        host, port = host or self.server.host, port or self.server.port
        return replace(self, server=replace(self.server, host=host, port=port))

    def site(self, id: str) -> Site:
        """The site with this id; raises `NotFound`."""
        if id not in self._sites:
            raise NotFound(site=id)
        return self._sites[id]

    def site_of_counter(self, counter_id: str) -> Site:
        """The site in which this counter stands; raises `NotFound`."""
        if counter_id not in self._sites_of_counters:
            raise NotFound(counter=counter_id)
        return self._sites_of_counters[counter_id]

    def display(self, id: str) -> tuple[Site, Display]:
        """The wall display with this id and its site; raises `NotFound`."""
        if id not in self._displays:
            raise NotFound(display=id)
        return self._displays[id]

    def kiosk(self, id: str) -> tuple[Site, Kiosk]:
        """The kiosk with this id and its site; raises `NotFound`."""
        if id not in self._kiosks:
            raise NotFound(kiosk=id)
        return self._kiosks[id]

    @cached_property
    def _sites(self) -> dict[str, Site]:
        return {site.id: site for site in self.sites}

    @cached_property
    def _sites_of_counters(self) -> dict[str, Site]:
        return {counter.id: site for site in self.sites for counter in site.counters}

    @cached_property
    def _displays(self) -> dict[str, tuple[Site, Display]]:
        return {display.id: (site, display) for site in self.sites for display in site.displays}

    @cached_property
    def _kiosks(self) -> dict[str, tuple[Site, Kiosk]]:
        return {kiosk.id: (site, kiosk) for site in self.sites for kiosk in site.kiosks}


def load_settings(
    path: Path | None = None,
    env: Mapping[str, str] = os.environ,
    *,
    always_open: bool = False,
) -> Settings:
    """The settings from this file, from `AUFRUF_CONFIG`, or from config.toml in this directory.

    `always_open` keeps every site open day and night, holidays too, to try everything out; then
    letters are kept in a folder when no mail server is configured. Raises `ConfigError` with every
    problem found.
    """
    path = path or Path(env.get("AUFRUF_CONFIG") or "config.toml")
    config = read_config(path, env)
    sites = tuple(site_from(table) for table in config.site)
    if always_open:
        sites = tuple(always_open_site(site) for site in sites)
    settings = _settings(path.absolute(), config, sites)
    return settings.trying_out() if always_open else settings


def _settings(path: Path, config: ConfigFile, sites: tuple[Site, ...]) -> Settings:
    data_dir = path.parent / (config.server.data_dir or "var")
    file = (config.database.url or "").removeprefix(SQLITE) or data_dir / DATABASE_FILE
    database = config.database.values() | {"url": f"{SQLITE}{path.parent / file}"}
    return Settings(
        path=path,
        server=Server(**config.server.values() | {"data_dir": data_dir}),
        database=DatabaseSettings(**database),
        realtime=Realtime(**config.realtime.values()),
        mail=Mail(**config.mail.values() | _letters_go(path, config)),
        privacy=Privacy(**config.privacy.values()),
        sites=sites,
        webhooks=tuple(Webhook(**table.values()) for table in config.webhook),
    )


def _letters_go(path: Path, config: ConfigFile) -> dict[str, str]:
    """A folder for letters is relative to config.toml, as every path in it."""
    url = config.mail.smtp_url or ""
    if not url.startswith(FOLDER):
        return {}
    return {"smtp_url": f"{FOLDER}{path.parent / url.removeprefix(FOLDER)}"}
