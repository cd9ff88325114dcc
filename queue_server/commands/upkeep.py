"""`aufruf migrate`, `check`, `backup`, `restore`, `forget`, `export`."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click

from queue_server.actions import housekeeping
from queue_server.commands.common import (
    config_option,
    opened,
    said_plainly,
    settings_of,
    utc_now,
)
from queue_server.commands.lock import running_lock
from queue_server.domain.events import Event
from queue_server.mail.carriers import fault_in
from queue_server.printing import PrinterTrouble, printer_for
from queue_server.settings import Settings
from queue_server.store import journal
from queue_server.store.sqlite import SqliteEngine, check_backup

NO_PUBLIC_URL = "Links in letters lead to {url}: [server] public_url is empty."
MAIL_IS_OFF = "Mail is off: [mail] smtp_url is empty. Nobody can book online, and letters wait."


@click.command()
@config_option
@said_plainly
def migrate(config: Path | None) -> None:
    """Bring the database up to date; the server also does this at every start."""
    with closing(SqliteEngine(settings_of(config).database_path)) as engine:
        applied = engine.migrate()
    click.echo("\n".join(applied) if applied else "The database is up to date.")


@click.command()
@config_option
@said_plainly
def check(config: Path | None) -> None:
    """Look at configuration, database, mail and printers, and say in words what is wrong."""
    settings = settings_of(config)
    problems = [
        *_database_problems(settings),
        *_mail_problems(settings),
        *_printer_problems(settings),
    ]
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)
    for note in _mail_notes(settings):
        click.echo(note, err=True)
    click.echo(f"{settings.path}: nothing is wrong.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@config_option
@said_plainly
def backup(file: Path, config: Path | None) -> None:
    """Write a consistent copy of the database, also while the server runs."""
    if file.exists():
        raise click.ClickException(f"{file} exists already; choose another name")
    with opened(settings_of(config)) as store:
        try:
            store.backup(str(file))
        except sqlite3.Error as error:
            raise click.ClickException(f"could not write {file}: {error}") from None
    click.echo(f"Backup written to {file}.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@config_option
@said_plainly
def restore(file: Path, config: Path | None) -> None:
    """Put a backup in place; the server must be stopped. The old database is kept beside it."""
    path = settings_of(config).database_path
    _must_be_a_backup(file)
    with running_lock(path):
        kept = path.with_name(f"{path.name}.before-restore-{utc_now():%Y%m%d-%H%M%S}")
        if path.exists():
            with closing(SqliteEngine(path)) as engine:
                engine.backup(str(kept))
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, path)
    click.echo(f"Restored {file}." + (f" The old database is {kept}." if kept.exists() else ""))


@click.command()
@config_option
@said_plainly
def forget(config: Path | None) -> None:
    """Delete personal data whose date has come; the server also does this by itself."""
    with opened(settings_of(config)) as store:
        forgotten = housekeeping.tidy_house(store, now=utc_now())
    click.echo(f"{forgotten} people forgotten.")


@click.command()
@click.argument("what", type=click.Choice(["journal"]), default="journal")
@click.option("--site", required=True, help="The site's id in config.toml.")
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv")
@config_option
@said_plainly
def export(what: str, site: str, form: str, config: Path | None) -> None:
    """Write the journal of a site to stdout, as CSV or one JSON object a line."""
    settings = settings_of(config)
    settings.site(site)
    with opened(settings) as store, store.snapshot() as snapshot:
        events = journal.events(snapshot, site)
        _write_csv(events) if form == "csv" else _write_lines(events)


def _database_problems(settings: Settings) -> Iterator[str]:
    try:
        with closing(SqliteEngine(settings.database_path)) as engine, engine.snapshot() as reader:
            found = reader.row("PRAGMA integrity_check")
            if found and found["integrity_check"] != "ok":
                yield f"database {settings.database_path}: {found['integrity_check']}"
    except (OSError, sqlite3.Error) as error:
        yield f"database {settings.database_path}: {error}"


def _mail_problems(settings: Settings) -> Iterator[str]:
    """Everything up to the first letter, which is not sent."""
    fault = fault_in(settings.mail, settings.public_url) if settings.mail.is_on else ""
    if fault:
        yield fault


def _mail_notes(settings: Settings) -> Iterator[str]:
    """What is no mistake while trying things out, but would be one in service."""
    if not settings.mail.is_on:
        yield MAIL_IS_OFF
    elif not settings.server.public_url:
        yield NO_PUBLIC_URL.format(url=settings.public_url)


def _printer_problems(settings: Settings) -> Iterator[str]:
    for site in settings.sites:
        for kiosk in site.kiosks:
            try:
                printer = printer_for(kiosk.printer)
                if printer is not None:
                    printer.check()
            except PrinterTrouble as trouble:
                yield f"printer {kiosk.printer} of kiosk {kiosk.id}: {trouble.reason}"


def _must_be_a_backup(file: Path) -> None:
    try:
        check_backup(file)
    except sqlite3.Error as error:
        raise click.ClickException(f"{file} is no backup of Aufruf: {error}") from None


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
