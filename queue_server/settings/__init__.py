"""The settings: config.toml and the environment, checked, as frozen dataclasses.

A wrong or unknown key names itself, its line and what was expected; all problems come at once.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from queue_server.domain.database_address import SQLITE
from queue_server.domain.errors import NotFound
from queue_server.domain.kiosk import Kiosk
from queue_server.domain.site import Display, Site
from queue_server.domain.webhook import Webhook
from queue_server.settings.keeping import Backup as Backup
from queue_server.settings.keeping import DatabaseSettings as DatabaseSettings
from queue_server.settings.keeping import Privacy as Privacy
from queue_server.settings.load import (
    always_open_site,
    config_text,
    read_config,
    site_from,
    webhook_from,
)
from queue_server.settings.problems import ConfigError as ConfigError
from queue_server.settings.schema import ConfigFile
from queue_server.version import VERSION as VERSION

DATABASE_FILE = "aufruf.db"
FOLDER = "file:"
LETTERS = "letters"


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Where the server listens. `data_dir` is absolute; `public_url` has no slash at its end.

    `connections_per_address` limits open connections when there is no proxy in front; 0: no limit.
    The body of a request must arrive within `body_seconds` in total.
    Pages of `embed_origins` may show waiting times; those of any origin when none is named.
    Visitors are offered `languages`, every one that there is when none is named. The sign-in leads
    to the office to practise in at `practice_url`, when one is named.
    """

    data_dir: Path
    host: str = "0.0.0.0"
    port: int = 8000
    public_url: str = ""
    behind_proxy: bool = False
    embed_origins: tuple[str, ...] = ()
    connections_per_address: int = 1000
    body_seconds: int = 20
    languages: tuple[str, ...] = ()
    practice_url: str = ""


@dataclass(frozen=True, slots=True)
class Realtime:
    """`redis_url` is empty: servers hear of each other through PostgreSQL.

    `sockets_per_address` limits the live connections of pages without a sign-in; 0: no limit.
    Pushes are written straight to idle sockets, or with `direct` off through Socket.IO's queues.
    """

    redis_url: str = field(default="", repr=False)
    sockets_per_address: int = 400
    direct: bool = True


@dataclass(frozen=True, slots=True)
class Mail:
    """An empty `smtp_url` sends nothing. `password` goes before one inside the URL.

    With `file:FOLDER`, absolute here, letters are put there instead of being sent, to try things
    out. Reminders are written `reminder_hours` before an appointment, none with 0. An address that
    nobody has proven is written to `letters_per_address_day` times a day.
    """

    smtp_url: str = field(default="", repr=False)
    sender: str = ""
    password: str = field(default="", repr=False)
    reminder_hours: int = 24
    letters_per_address_day: int = 6

    @property
    def is_on(self) -> bool:
        """Whether letters are sent at all."""
        return bool(self.smtp_url)

    @property
    def folder(self) -> Path | None:
        """Where letters are put instead of being sent."""
        is_folder = self.smtp_url.startswith(FOLDER)
        return Path(self.smtp_url.removeprefix(FOLDER)) if is_folder else None


@dataclass(frozen=True, slots=True)
class Push:
    """Messages to phones whose page is closed. `contact` is an e-mail address for push services.

    With `local_endpoints` messages may also go to this machine and its network, unencrypted too:
    for tests.
    """

    enabled: bool = False
    contact: str = ""
    local_endpoints: bool = False


@dataclass(frozen=True, slots=True)
class Legal:
    """Pages of the town's own website that every public page links to; none where it is empty."""

    imprint_url: str = ""
    privacy_url: str = ""
    accessibility_url: str = ""


@dataclass(frozen=True)
class Settings:
    """All of config.toml: `text` is its content, `path` the absolute path of the file.

    `always_open` says that opening hours do not count, and `is_throw_away` that nothing written is
    for good. With `is_practice` it is an office to practise in; see `settings/practising.py`.
    """

    path: Path
    server: ServerSettings
    database: DatabaseSettings
    realtime: Realtime
    mail: Mail
    privacy: Privacy
    sites: tuple[Site, ...]
    legal: Legal = Legal()
    backup: Backup = Backup()
    push: Push = Push()
    webhooks: tuple[Webhook, ...] = ()
    text: str = field(default="", repr=False, compare=False)
    always_open: bool = False
    is_throw_away: bool = False
    is_practice: bool = False

    @property
    def public_url(self) -> str:
        """The address that people open, without a slash at its end."""
        return self.server.public_url or f"http://localhost:{self.server.port}"

    @property
    def database_path(self) -> Path:
        """The absolute path of the database file; PostgreSQL has none."""
        return Path(self.database.url.removeprefix(SQLITE))

    @property
    def backup_folder(self) -> Path:
        """The absolute path of the folder for nightly backups."""
        return self.backup.path(self.path, self.server.data_dir)

    def trying_out(self) -> Settings:
        """The same settings with a folder for letters, when no mail server is there to send them.

        So whoever tries the product can read the letter that asks for a confirmation.
        """
        if self.mail.is_on:
            return self
        letters = self.server.data_dir / LETTERS
        sender = self.mail.sender or "aufruf@localhost"
        mail = replace(self.mail, smtp_url=f"{FOLDER}{letters}", sender=sender)
        return replace(self, mail=mail)

    def taken_over(self, newer: Settings) -> Settings:
        """What a running server makes of newer settings: it listens and writes where it did."""
        kept = ("host", "port", "data_dir", "behind_proxy", "connections_per_address",
                "body_seconds")  # fmt: skip
        server = replace(newer.server, **{name: getattr(self.server, name) for name in kept})
        return replace(
            newer,
            server=server,
            database=self.database,
            realtime=self.realtime,
        )

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
    text: str | None = None,
    was_in_force: bool = False,
) -> Settings:
    """The settings from this file, from `AUFRUF_CONFIG`, or from config.toml in this directory.

    `always_open` keeps every site open day and night, holidays too, to try everything out; then
    letters are kept in a folder when no mail server is configured. With a `text` the file is not
    read, as if this stood in it; one that was in force holds though a picture has gone since.
    Raises `ConfigError` with every problem found.
    """
    path = path or Path(env.get("AUFRUF_CONFIG") or "config.toml")
    text = config_text(path) if text is None else text
    config = read_config(path, env, text, with_files=not was_in_force)
    sites = tuple(site_from(table, path.absolute().parent) for table in config.site)
    if always_open:
        sites = tuple(always_open_site(site) for site in sites)
    hooks = tuple(webhook_from(table, env) for table in config.webhook)
    settings = replace(_settings(path.absolute(), config, sites, hooks), text=text)
    return replace(settings.trying_out(), always_open=True) if always_open else settings


def _settings(
    path: Path, config: ConfigFile, sites: tuple[Site, ...], hooks: tuple[Webhook, ...]
) -> Settings:
    data_dir = path.parent / (config.server.data_dir or "var")
    url = config.database.url or f"{SQLITE}{data_dir / DATABASE_FILE}"
    if url.startswith(SQLITE):
        url = f"{SQLITE}{path.parent / url.removeprefix(SQLITE)}"
    database = config.database.values() | {"url": url}
    return Settings(
        path=path,
        server=ServerSettings(**config.server.values() | {"data_dir": data_dir}),
        database=DatabaseSettings(**database),
        realtime=Realtime(**config.realtime.values()),
        mail=Mail(**config.mail.values() | _letters_go(path, config)),
        privacy=Privacy(**config.privacy.values()),
        sites=sites,
        legal=Legal(**config.legal.values()),
        backup=Backup(**config.backup.values()),
        push=Push(**config.push.values()),
        webhooks=hooks,
    )


def _letters_go(path: Path, config: ConfigFile) -> dict[str, str]:
    """A folder for letters is relative to config.toml, as every path in it."""
    url = config.mail.smtp_url or ""
    if not url.startswith(FOLDER):
        return {}
    return {"smtp_url": f"{FOLDER}{path.parent / url.removeprefix(FOLDER)}"}
