"""`aufruf migrate`, `backup`, `restore`, `forget`, `export`, `example`."""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import click

from queue_server.actions import backing_up, housekeeping
from queue_server.actions.people import forget_person, holder_of
from queue_server.commands.common import (
    config_option,
    opened,
    refuse_on_postgres,
    running_lock,
    said_plainly,
    settings_of,
    utc_now,
)
from queue_server.domain.errors import StorageFailed
from queue_server.domain.events import Event
from queue_server.mail.carriers import forget_letters
from queue_server.queries.personal_data import personal_data
from queue_server.settings import Settings
from queue_server.store import journal
from queue_server.store.copies import kept_beside
from queue_server.store.engines import engine_of
from queue_server.store.restoring import put_in_place
from queue_server.store.transaction import Store

READERS_SECONDS = 5.0
STILL_READ = (
    "Another program still reads an older state of {path}. Until it ends, names may stand in the "
    "file {path}-wal; the server empties that every ten minutes, and so does this command."
)
READ_ON_POSTGRES = (
    "Another program still reads an older state of the database. Until it ends, names may stand in"
    " its tables; the server tries again every ten minutes, and so does this command."
)


@click.command()
@config_option
@said_plainly
def migrate(config: Path | None) -> None:
    """Bring the database up to date; the server also does this at every start."""
    settings = settings_of(config)
    before = _kept(settings)
    with closing(engine_of(settings.database.url)) as engine:
        applied = engine.migrate()
    click.echo("\n".join(applied) if applied else "The database is up to date.")
    for kept in sorted(_kept(settings) - before):
        click.echo(f"The database as it was is kept as {kept}.")


def _kept(settings: Settings) -> set[Path]:
    path = settings.database_path.resolve()
    is_file = not settings.database.is_postgres and path.exists()
    return set(kept_beside(path)) if is_file else set()


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@config_option
@said_plainly
def backup(file: Path, config: Path | None) -> None:
    """Write a consistent copy of the database, also while the server runs."""
    settings = settings_of(config)
    refuse_on_postgres(settings, "A backup", "pg_dump")
    if file.exists():
        raise click.ClickException(f"{file} exists already; choose another name")
    with opened(settings) as store:
        try:
            store.backup(str(file))
        except (OSError, sqlite3.Error) as error:
            raise click.ClickException(f"could not write {file}: {error}") from None
    click.echo(f"Backup written to {file}.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@config_option
@said_plainly
def restore(file: Path, config: Path | None) -> None:
    """Put a backup in place; the server must be stopped. The old database is kept beside it."""
    settings = settings_of(config)
    refuse_on_postgres(settings, "Restoring", "pg_restore")
    path = settings.database_path.resolve()
    with running_lock(path):
        try:
            kept = put_in_place(path, file, utc_now())
        except StorageFailed as trouble:
            reason = trouble.facts["reason"]
            raise click.ClickException(f"{file} is no backup of Aufruf: {reason}") from None
    click.echo(f"Restored {file}." + (f" The old database is {kept}." if kept else ""))


@click.command()
@click.option("--code", help="The Termincode of somebody who wishes to be forgotten now.")
@config_option
@said_plainly
def forget(code: str | None, config: Path | None) -> None:
    """Delete personal data whose date has come; the server also does this by itself.

    With --code, only that of one person, whatever its date.
    """
    settings, now = settings_of(config), utc_now()
    with opened(settings) as store:
        if code is None:
            forgotten = housekeeping.tidy_records(store, now=now)
        else:
            forgotten = int(_forget_holder(store, code, now))
        housekeeping.forget_copies(store, backup_days=settings.privacy.backup_days, now=now)
        backing_up.forget_old(settings, now)
        with store.snapshot() as snapshot:
            forget_letters(snapshot, settings)
        is_gone = store.wipe(patience_seconds=READERS_SECONDS)
    click.echo(f"{forgotten} people forgotten.")
    if not is_gone:
        words = READ_ON_POSTGRES if settings.database.is_postgres else STILL_READ
        click.echo(words.format(path=settings.database_path), err=True)


def _forget_holder(store: Store, code: str, now: datetime) -> bool:
    with store.snapshot() as snapshot:
        booked = holder_of(snapshot, code)
    return forget_person(store, booked.site, booked.id, by="command", now=now)


@click.command()
@click.argument("what", type=click.Choice(["journal", "person"]), default="journal")
@click.option("--site", help="journal: the site's id in config.toml.")
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv")
@click.option("--code", help="person: the Termincode.")
@config_option
@said_plainly
def export(what: str, site: str | None, form: str, code: str | None, config: Path | None) -> None:
    """Write the journal of a site to stdout, or all that is kept about one person, as JSON."""
    missing = {"journal": site is None and "--site", "person": code is None and "--code"}[what]
    if missing:
        raise click.UsageError(f"Missing option '{missing}'.")
    settings = settings_of(config)
    if what == "person":
        _export_person(settings, code or "")
    else:
        _export_journal(settings, site or "", form)


def _export_person(settings: Settings, code: str) -> None:
    with opened(settings) as store, store.snapshot() as snapshot:
        booked = holder_of(snapshot, code)
        found = personal_data(snapshot, booked.site, booked.id, utc_now())
    told = found.plain(settings.site(booked.site).zone)
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))


def _export_journal(settings: Settings, site: str, form: str) -> None:
    """As CSV or one JSON object a line. Raises `NotFound`."""
    settings.site(site)
    with opened(settings) as store, store.snapshot() as snapshot:
        events = journal.events(snapshot, site)
        _write_csv(events) if form == "csv" else _write_lines(events)


def _write_csv(events: Iterator[Event]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(("at", "site", "name", "ticket", "appointment", "counter", "clerk", "data"))
    for event in events:
        writer.writerow((*_columns(event).values(), json.dumps(event.data(), ensure_ascii=False)))


def _write_lines(events: Iterator[Event]) -> None:
    for event in events:
        click.echo(json.dumps(_columns(event) | {"data": event.data()}, ensure_ascii=False))


def _columns(event: Event) -> dict[str, object]:
    return {
        "at": event.at.isoformat(),
        "site": event.site,
        "name": event.name,
        "ticket": event.ticket,
        "appointment": event.appointment,
        "counter": event.counter,
        "clerk": event.clerk,
    }


FILE = "example.toml"


@click.command()
@said_plainly
def example() -> None:
    """Print the example office: `aufruf example > config.toml`, then change it."""
    click.echo(example_config(), nl=False)


def example_config() -> str:
    """The text of the config.toml that Aufruf is shipped with."""
    return example_file().read_text("utf-8")


def example_file() -> Path:
    return Path(str(files("queue_server") / "commands" / FILE))
