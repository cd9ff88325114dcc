"""Work that is done for one site after the other, where one must not keep it from the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from queue_server.domain.errors import StorageFailed
from queue_server.domain.site import Site

T = TypeVar("T")


def at_every_site(sites: Iterable[Site], work: Callable[[Site], T]) -> list[T]:
    """What came of it at each; a fault at one of them is raised once the others have had theirs.

    Several faults are raised as one group. Without the database nobody gets any further, so
    `StorageFailed` is raised at once.
    """
    done: list[T] = []
    faults: list[Exception] = []
    for site in sites:
        try:
            done.append(work(site))
        except StorageFailed:
            raise
        except Exception as fault:
            fault.add_note(f"at site {site.id}")
            faults.append(fault)
    if len(faults) > 1:
        raise ExceptionGroup("at several sites", faults)
    if faults:
        raise faults[0]
    return done
