"""What all commands share: the configuration, the store, its lock, and how they refuse."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from queue_server.domain.errors import Refused, StorageFailed
from queue_server.settings import ConfigError, Settings, load_settings
from queue_server.store.engines import engine_of
from queue_server.store.files import beside, make_file, make_folder
from queue_server.store.transaction import Store

WAY_OUT = "It is damaged; put a backup in its place: aufruf restore FILE"


def config_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--config FILE`; the environment's AUFRUF_CONFIG or ./config.toml without it."""
    return click.option(
        "--config",
        "config",
        type=click.Path(path_type=Path, dir_okay=False),
        help="The configuration file; AUFRUF_CONFIG or ./config.toml without it.",
    )(command)


def said_plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Refusals and wrong configurations end with a sentence on stderr and exit code 1."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except ConfigError as error:
            raise click.ClickException(str(error)) from None
        except StorageFailed as trouble:
            raise click.ClickException(storage_sentence(trouble)) from None
        except Refused as refusal:
            raise click.ClickException(refusal_sentence(refusal)) from None
        except sqlite3.Error as error:
            raise click.ClickException(f"the database can't be used: {error}") from None
        except BrokenPipeError:
            raise
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(f"{where}{error.strerror or error}") from None

    return run


def storage_sentence(trouble: StorageFailed) -> str:
    """What is wrong with the database for somebody at a shell, and the way out if only one is."""
    said = f"the database {trouble.facts['path']} can't be used: {trouble.facts['reason']}"
    return f"{said}. {WAY_OUT}" if trouble.facts.get("damaged") else said


def refusal_sentence(refusal: Refused) -> str:
    """The refusal for somebody at a shell: its code in words and its facts."""
    words = refusal.code.replace("_", " ")
    errors = refusal.facts.get("errors")
    if isinstance(errors, list):
        return "; ".join(_field_sentence(*error) for error in errors)
    facts = ", ".join(f"{key}: {value}" for key, value in refusal.facts.items())
    return f"{words} ({facts})" if facts else words


def _field_sentence(field: str, problem: str, limit: str) -> str:
    words = f"{field}: {problem.replace('_', ' ')}"
    return f"{words}, {limit} is the limit" if limit else words


def settings_of(config: Path | None) -> Settings:
    return load_settings(config)


@contextmanager
def opened(settings: Settings, *, checked: bool = False) -> Iterator[Store]:
    """The migrated database, for one command; also while the server runs.

    With `checked` all of it is read first. Raises `StorageFailed`.
    """
    store = Store(engine_of(settings.database.url, durability=settings.database.durability))
    try:
        if checked and (damage := store.damage()):
            raise StorageFailed(path=settings.database.place, reason=damage, damaged=True)
        store.migrate()
        yield store
    finally:
        store.close()


def utc_now() -> datetime:
    return datetime.now(UTC)


HAS_OWN = "{what} is for PostgreSQL's own tools: use {tool} on {place}"
TAKEN = "another Aufruf server is running on {database}; stop it first"


def refuse_on_postgres(settings: Settings, what: str, tool: str) -> None:
    """Raise ClickException when the database is none of our files."""
    if settings.database.is_postgres:
        words = HAS_OWN.format(what=what, tool=tool, place=settings.database.place)
        raise click.ClickException(words)


@contextmanager
def running_lock(database: Path) -> Iterator[list[int]]:
    """Hold the database, by these open files. Raises ClickException when a server does, OSError.

    The file itself is locked, so no second name of it (link, relative path) lets anybody in; and
    its place, which stays when `restore` puts another file there.
    """
    real = database.resolve()
    make_folder(real.parent)
    handles: list[int] = []
    with ExitStack() as held:
        for file in (beside(real, ".running"), real):
            handle = _open_file(file)
            # Nobody may close a second handle of the database before SQLite is done with it:
            # the system would let go of SQLite's own locks. So this one stays until the end.
            held.callback(os.close, handle)
            handles.append(handle)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise click.ClickException(TAKEN.format(database=database)) from None
        yield handles


def _open_file(file: Path) -> int:
    make_file(file)
    return os.open(file, os.O_RDWR | os.O_CLOEXEC)
