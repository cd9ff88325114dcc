"""`aufruf move`: a whole installation from SQLite to PostgreSQL, or back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext

import click

from queue_server.commands.common import running_lock, said_plainly, utc_now
from queue_server.commands.options import progress
from queue_server.domain.database_address import POSTGRES, SQLITE, is_postgres, place_of
from queue_server.store.moving.copying import (
    compare_all,
    copy_all,
    counts,
    file_of,
    is_same,
    source_of,
    target_of,
)

SCHEMES = (SQLITE, *POSTGRES)
MOVED = (
    "{rows} rows of {tables} tables moved to {place} and compared one by one ({pace:.0f} a second)."
)
NEXT = 'Now set [database] url = "{url}" in config.toml and start the server. {place} is as it was.'


def address(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """A click callback: sqlite:///FILE or postgresql://…"""
    if not value.startswith(SCHEMES) or value in SCHEMES:
        raise click.BadParameter(f"give {SQLITE}FILE or {POSTGRES[0]}USER@HOST/NAME")
    return value


@click.command()
@click.argument("from_url", callback=address)
@click.argument("to_url", callback=address)
@said_plainly
def move(from_url: str, to_url: str) -> None:
    """Copy a whole installation into an empty database, SQLite or PostgreSQL, row by row.

    No server may run on either of them. FROM_URL stays as it is; TO_URL holds everything
    afterwards, or nothing. libpq reads a password from ~/.pgpass or PGPASSWORD.
    """
    if is_same(from_url, to_url):
        raise click.UsageError("FROM_URL and TO_URL are the same database")
    with ExitStack() as held:
        held.enter_context(_still(from_url, is_there=True))
        held.enter_context(_still(to_url))
        rows, tables, seconds = _moved(from_url, to_url)
    pace = 2 * rows / max(seconds, 0.001)
    click.echo(MOVED.format(rows=rows, tables=tables, place=place_of(to_url), pace=pace))
    click.echo(NEXT.format(url=_without_password(to_url), place=place_of(from_url)))


def _moved(from_url: str, to_url: str) -> tuple[int, int, float]:
    """How many rows of how many tables, in how many seconds."""
    began = time.monotonic()
    with source_of(from_url) as source, target_of(to_url, utc_now()) as target:
        rows = counts(source)
        total = sum(rows.values())
        with progress(2 * total, "rows copied and compared") as done:
            copy_all(source, target, done)
            compare_all(source, target, done)
    return total, len(rows), time.monotonic() - began


def _still(url: str, *, is_there: bool = False) -> AbstractContextManager[None]:
    """No server works on it meanwhile; on PostgreSQL the end itself sees to that."""
    if is_postgres(url) or (is_there and not file_of(url).exists()):
        return nullcontext()
    return _locked_file(url)


@contextmanager
def _locked_file(url: str) -> Iterator[None]:
    path = file_of(url)
    is_new = not path.exists()
    try:
        with running_lock(path):
            yield
    finally:
        # Locking made it, and nothing came into it.
        if is_new and path.exists() and path.stat().st_size == 0:
            path.unlink()


def _without_password(url: str) -> str:
    """The address as it is written into a file; a password is left for its reader to add."""
    if not is_postgres(url) or "@" not in url:
        return url
    scheme, _, rest = url.partition("://")
    user, _, where = rest.rpartition("@")
    name, has_password, _ = user.partition(":")
    return f"{scheme}://{name}{':…' if has_password else ''}@{where}"
