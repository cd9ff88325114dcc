"""What every verb of the command shares: the configuration, the store, and how it says no."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from queue_server.domain.errors import Refused
from queue_server.settings import ConfigError, Settings, load_settings
from queue_server.store.database import Store
from queue_server.store.sqlite import SqliteEngine


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
        except Refused as refusal:
            raise click.ClickException(refusal_sentence(refusal)) from None
        except sqlite3.Error as error:
            raise click.ClickException(f"the database can't be used: {error}") from None

    return run


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
def opened(settings: Settings) -> Iterator[Store]:
    """The migrated database, for one command; also while the server runs."""
    store = Store(SqliteEngine(settings.database_path, durability=settings.database.durability))
    try:
        store.migrate()
        yield store
    finally:
        store.close()


def utc_now() -> datetime:
    return datetime.now(UTC)
