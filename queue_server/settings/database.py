"""Which database, and how much a power cut may take."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from queue_server.domain.database_address import is_postgres, place_of


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """`url` names PostgreSQL or holds an absolute path.

    With `durability` `full` a power cut loses nothing answered.
    """

    url: str = field(repr=False)
    durability: Literal["full", "normal"] = "full"

    @property
    def is_postgres(self) -> bool:
        return is_postgres(self.url)

    @property
    def place(self) -> str:
        """Where the database is, without user and password."""
        return place_of(self.url)
