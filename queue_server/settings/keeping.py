"""Which database, how long people and backups are kept, and when and where backups are made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from queue_server.domain.database_address import is_postgres, place_of
from queue_server.domain.hours import at_wall_clock, local_day


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


@dataclass(frozen=True, slots=True)
class Privacy:
    """Days after the visit until people are deleted, and days that a backup is kept.

    Figures tell clerks apart only with `clerk_statistics`.
    """

    people_days: int = 0
    backup_days: int = 7
    clerk_statistics: bool = False


@dataclass(frozen=True, slots=True)
class Backup:
    """`at` is a time of day at the first site; empty, and the server makes no backup.

    An empty `folder` is one in the data directory, others are relative to config.toml.
    """

    at: str = "03:30"
    folder: str = ""

    def path(self, config: Path, data_dir: Path) -> Path:
        """The absolute path of the folder."""
        return config.parent / self.folder if self.folder else data_dir / "backups"

    def missing_since(self, newest: datetime, zone: ZoneInfo, now: datetime) -> datetime | None:
        """When the next backup after the newest should have been made; None before it is due.

        Of several nights that were missed, the last one counts.
        """
        if not self.at:
            return None
        hour, minute = self.at.split(":")
        minutes, today = 60 * int(hour) + int(minute), local_day(now, zone)
        due = at_wall_clock(today, minutes, zone)
        if due > now:
            due = at_wall_clock(today - timedelta(days=1), minutes, zone)
        return due if newest < due else None
