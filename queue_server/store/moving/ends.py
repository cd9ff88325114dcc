"""The two ends of a move, whichever engines they are."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from queue_server.domain.database_address import SQLITE, is_postgres, place_of
from queue_server.domain.errors import StorageFailed
from queue_server.store.engines import MISSING
from queue_server.store.moving.copying import End
from queue_server.store.moving.sqlite_end import source_file, target_file


def source_of(url: str) -> AbstractContextManager[End]:
    """What is to be moved, at one moment. Raises `StorageFailed`."""
    if is_postgres(url):
        source: AbstractContextManager[End] = _postgres(url).source_database(url)
        return source
    return source_file(file_of(url))


def target_of(url: str, now: datetime) -> AbstractContextManager[End]:
    """Where it goes: there when the block has ended without a fault, or not at all.

    Raises `StorageFailed`, OSError.
    """
    if is_postgres(url):
        target: AbstractContextManager[End] = _postgres(url).target_database(url)
        return target
    return target_file(file_of(url), now)


def file_of(url: str) -> Path:
    """The file that a sqlite:/// address names."""
    return Path(url.removeprefix(SQLITE)).resolve()


def is_same(one: str, other: str) -> bool:
    """Whether both addresses name one database, as far as can be seen from here."""
    if is_postgres(one) and is_postgres(other):
        return _place_on_server(one) == _place_on_server(other)
    return not (is_postgres(one) or is_postgres(other)) and file_of(one) == file_of(other)


def _place_on_server(url: str) -> tuple[str, str]:
    """With the options, which may name the server, too."""
    return place_of(url), urlsplit(url).query


def _postgres(url: str) -> Any:
    try:
        return import_module("queue_server.store.postgres.move_end")
    except ImportError as error:
        raise StorageFailed(path=place_of(url), reason=MISSING) from error
