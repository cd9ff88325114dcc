"""The shape of config.toml: its sections, every key, and what it may hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from queue_server.domain.events import EVENTS
from queue_server.settings.schema_site import SiteTable
from queue_server.settings.types import (
    REQUIRED,
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
    if value.startswith(("postgresql://", "postgres://")):
        raise said("PostgreSQL comes with a later version; use sqlite:///FILE")
    # Three slashes, then the file; a database in memory would lose every ticket at a restart.
    if not value.startswith("sqlite:///") or value.endswith(("/", ":memory:")):
        raise ValueError(value)
    return value


def _redis_url(value: str) -> str:
    if value:
        raise said('Redis comes with a later version; leave this key out or say ""')
    return value


DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
RedisUrl = Annotated[str, AfterValidator(_redis_url)]
EventName = Annotated[str, StringConstraints(pattern=f"^(?:{'|'.join(EVENTS)})$")]


class ServerTable(Table):
    host: str = text(least=1)
    port: int = whole(1, 65535)
    public_url: WebAddress = key('an address such as "https://termine.example.de" or ""')
    behind_proxy: bool = yes_no()
    embed_origins: list[Origin] = key(
        'a list such as ["https://www.example.de"]',
        each='an address without a path such as "https://www.example.de"',
    )
    data_dir: str = text(1000, least=1)


class DatabaseTable(Table):
    url: DatabaseUrl = key('a database address such as "sqlite:///var/aufruf.db"', secret=True)
    durability: str = choice("full", "normal")


class RealtimeTable(Table):
    redis_url: RedisUrl = key('""', secret=True)


class MailTable(Table):
    smtp_url: str = matching(
        r"|smtps?://[^\s/]+/?|file:\S+",
        '"smtp://user:secret@host:port", "smtps://…", "file:FOLDER" or ""',
        secret=True,
    )
    sender: str = matching(r"|[^\s@<>]+@[^\s@<>]+", 'an e-mail address or ""')
    password: str = text(secret=True)
    reminder_hours: int = whole(0, 168)


class PrivacyTable(Table):
    people_days: int = whole(0, 7)
    backup_days: int = whole(1, 90)


class WebhookTable(Table):
    url: str = matching(
        r"https?://[^\s/]+\S*", 'an address such as "https://example.de/hook"', default=REQUIRED
    )
    secret: str = text(least=1, default=REQUIRED, secret=True)
    events: list[EventName] = key(
        'a list such as ["TicketCalled"]',
        each=one_of(tuple(EVENTS)),
        default=REQUIRED,
        min_length=1,
    )


class ConfigFile(Table):
    server: ServerTable = Field(default_factory=ServerTable)
    database: DatabaseTable = Field(default_factory=DatabaseTable)
    realtime: RealtimeTable = Field(default_factory=RealtimeTable)
    mail: MailTable = Field(default_factory=MailTable)
    privacy: PrivacyTable = Field(default_factory=PrivacyTable)
    site: list[SiteTable] = Field(default_factory=list)
    webhook: list[WebhookTable] = Field(default_factory=list)


def every_key(table: type[Table] = ConfigFile, above: str = "") -> Iterator[str]:
    """Every key of the file as "site.service.minutes", tables themselves left out."""
    for name in table.model_fields:
        inner = table.table_of(name)
        if inner is None:
            yield above + name
        else:
            yield from every_key(inner, f"{above}{name}.")


def table_at(names: Sequence[str]) -> type[Table] | None:
    """The kind of table under these keys; None when one of them is unknown or a plain value."""
    table: type[Table] | None = ConfigFile
    for name in names:
        known = table is not None and name in table.model_fields
        table = table.table_of(name) if known and table is not None else None
    return table
