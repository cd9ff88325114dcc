"""One server a database file: a lock that the system releases even after kill -9."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click


@contextmanager
def running_lock(database: Path) -> Iterator[None]:
    """Hold the database for this process. Raises ClickException when a server holds it."""
    database.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{database}.running", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise click.ClickException(
                f"another Aufruf server is running on {database}; stop it first"
            ) from None
        yield
