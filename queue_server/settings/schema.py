"""The shape of config.toml: its sections, every key, and what it may hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from queue_server.domain.webhook import TOLD_EVENTS, is_inside
from queue_server.settings.schema_site import LANGUAGES, Language, SiteTable
from queue_server.settings.types import (
    REQUIRED,
    Link,
    Origin,
    Table,
    WebAddress,
    choice,
    key,
    matching,
    one_of,
    said,
    text,
    whole,
    yes_no,
)


def _database_url(value: str) -> str:
    if value.startswith(("postgresql://", "postgres://")) and value.isprintable():
        return value
    # Three slashes, then the file; a database in memory would lose every ticket at a restart.
    if not value.startswith("sqlite:///") or value.endswith(("/", ":memory:")):
        raise ValueError(value)
    return value


def _redis_url(value: str) -> str:
    if value:
        words = 'servers hear of each other through PostgreSQL; leave this key out or say ""'
        raise said(words, "no_redis")
    return value


def _told_event(value: str) -> str:
    if value not in TOLD_EVENTS:
        raise ValueError(value)
    return value


def _hook_address(value: str) -> str:
    """Without user and password, which would stand in logs of others; encrypted on the way out."""
    parts = urlsplit(value)
    host = parts.hostname or ""
    is_written_well = value.isascii() and value.isprintable() and " " not in value
    if not (host and is_written_well and parts.port != 0) or "@" in parts.netloc or parts.fragment:
        raise ValueError(value)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_inside(host)):
        raise ValueError(value)
    return value


HOOK_WORDS = (
    'an address such as "https://dms.example.de/aufruf" without user and password; http:// only'
    " inside your network (a private address, localhost, a name without dots or under .intern,"
    " .lan, .local, .internal)"
)
HookAddress = Annotated[str, AfterValidator(_hook_address)]
ToldEvent = Annotated[str, AfterValidator(_told_event)]
ADDRESS = r"|[^\s@<>]+@[^\s@<>]+"
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
RedisUrl = Annotated[str, AfterValidator(_redis_url)]


class ServerTable(Table):
    host: str = text(least=1)
    port: int = whole(1, 65535)
    public_url: WebAddress = key('an address such as "https://termine.example.de" or ""')
    behind_proxy: bool = yes_no()
    embed_origins: list[Origin] = key(
        'a list such as ["https://www.example.de"]',
        each='an address without a path such as "https://www.example.de"',
    )
    connections_per_address: int = whole(0, 100_000)
    body_seconds: int = whole(1, 600)
    languages: list[Language] = key(
        'a list such as ["de", "de-x-leicht", "en"]', each=one_of(LANGUAGES)
    )
    data_dir: str = text(1000, least=1)
    practice_url: WebAddress = key('an address such as "https://uebung.example.de" or ""')


class DatabaseTable(Table):
    url: DatabaseUrl = key(
        'a database address such as "sqlite:///var/aufruf.db" or "postgresql://host/aufruf"',
        secret=True,
    )
    durability: str = choice("full", "normal")


class RealtimeTable(Table):
    redis_url: RedisUrl = key('""', secret=True)
    sockets_per_address: int = whole(0, 100_000)
    direct: bool = yes_no()


class MailTable(Table):
    smtp_url: str = matching(
        r"|smtps?://[^\s/]+/?|file:\S+",
        '"smtp://user:secret@host:port", "smtps://…", "file:FOLDER" or ""',
        secret=True,
    )
    sender: str = matching(ADDRESS, 'an e-mail address or ""')
    password: str = text(secret=True)
    reminder_hours: int = whole(0, 168)
    letters_per_address_day: int = whole(2, 1000)


class PushTable(Table):
    enabled: bool = yes_no()
    contact: str = matching(ADDRESS, 'an e-mail address or ""')
    local_endpoints: bool = yes_no()


class PrivacyTable(Table):
    people_days: int = whole(0, 7)
    backup_days: int = whole(1, 90)
    clerk_statistics: bool = yes_no()


class BackupTable(Table):
    at: str = matching(r"|([01][0-9]|2[0-3]):[0-5][0-9]", 'a time such as "03:30", or ""')
    folder: str = text(1000)


class LegalTable(Table):
    imprint_url: Link = key('an address such as "https://example.de/impressum" or ""')
    privacy_url: Link = key('an address such as "https://example.de/datenschutz" or ""')
    accessibility_url: Link = key('an address such as "https://example.de/barrierefrei" or ""')


class WebhookTable(Table):
    url: HookAddress = key(HOOK_WORDS, default=REQUIRED, secret=True, max_length=1000)
    secret: str = text(500, least=1, default=REQUIRED, secret=True)
    events: list[ToldEvent] = key(
        'a list such as ["TicketCalled"]', each=one_of(TOLD_EVENTS), min_length=1
    )
    name: str = text(60)


class ConfigFile(Table):
    server: ServerTable = Field(default_factory=ServerTable)
    database: DatabaseTable = Field(default_factory=DatabaseTable)
    realtime: RealtimeTable = Field(default_factory=RealtimeTable)
    mail: MailTable = Field(default_factory=MailTable)
    push: PushTable = Field(default_factory=PushTable)
    privacy: PrivacyTable = Field(default_factory=PrivacyTable)
    backup: BackupTable = Field(default_factory=BackupTable)
    legal: LegalTable = Field(default_factory=LegalTable)
    webhook: list[WebhookTable] = Field(default_factory=list)
    site: list[SiteTable] = Field(default_factory=list)


def every_key(table: type[Table] = ConfigFile, above: str = "") -> Iterator[str]:
    """Every key of the file as "site.service.minutes", tables themselves left out."""
    for name in table.known_keys():
        inner = table.table_of(name)
        if inner is None:
            yield above + name
        else:
            yield from every_key(inner, f"{above}{name}.")


def table_at(names: Sequence[str]) -> type[Table] | None:
    """The kind of table under these keys; None when one of them is unknown or a plain value."""
    table: type[Table] | None = ConfigFile
    for name in names:
        known = table is not None and name in table.known_keys()
        table = table.table_of(name) if known and table is not None else None
    return table
