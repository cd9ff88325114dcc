"""Sockets, locks and threads of Python become gevent's, before anything else is imported."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from typing import Any


def patch() -> None:
    """For a process that serves; the standard library is another one afterwards."""
    from gevent import monkey

    with _packages_read_once():
        monkey.patch_all()


@contextmanager
def _packages_read_once() -> Iterator[None]:
    """gevent asks 25 times which packages want to hear of its patches; each reads all of them."""
    usual, known = metadata.entry_points, metadata.entry_points()

    def entry_points(**wanted: Any) -> Any:
        return known.select(**wanted)

    metadata.entry_points = entry_points
    try:
        yield
    finally:
        metadata.entry_points = usual
