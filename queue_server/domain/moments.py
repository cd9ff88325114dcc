"""Moments as numbers: UTC milliseconds, the only form in which the database knows time."""

from __future__ import annotations

from datetime import UTC, datetime

MINUTE_MS = 60_000


def milliseconds(moment: datetime) -> int:
    """UTC milliseconds of an aware datetime."""
    return round(moment.timestamp() * 1000)


def moment(value: int) -> datetime:
    """The aware UTC datetime of UTC milliseconds."""
    return datetime.fromtimestamp(value / 1000, UTC)
