"""An open counter: where people are called to, by whom, and for which services."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class OpenCounter:
    """A counter while it is open. Times are aware UTC datetimes.

    `services` are the ids it serves now, in the order of config.toml, `served` the same as a set.
    `clerk_name` and `seen_at`, the clerk's last sign of life, are known to the database only.
    """

    counter: str
    services: tuple[str, ...]
    clerk: int | None
    opened_at: datetime
    site: str = ""
    clerk_name: str = ""
    seen_at: datetime | None = None
    served: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "served", _as_set(self.services))

    @property
    def pool(self) -> str:
        """The same text for counters that serve the same: they are interchangeable."""
        return pool_of(self.services)


# Most counters serve the same, and this is part of every call.
@lru_cache(maxsize=256)
def _as_set(services: tuple[str, ...]) -> frozenset[str]:
    return frozenset(services)


@lru_cache(maxsize=256)
def pool_of(services: tuple[str, ...] | frozenset[str]) -> str:
    """The pool of the counters that serve these."""
    return ",".join(sorted(services))
