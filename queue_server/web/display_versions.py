"""Which version of its page every display shows, as it says itself.

Kept in memory: after a restart every display reports within five minutes.
"""

from __future__ import annotations

from dataclasses import dataclass

from queue_server.version import VERSION


@dataclass(frozen=True, slots=True)
class DisplayVersion:
    """`words` name it; it `is_old` when the server has another one, which it has not loaded."""

    words: str
    is_old: bool


class DisplayVersions:
    """What every display said last, by its id."""

    def __init__(self) -> None:
        self._told: dict[str, str] = {}

    def heard(self, display: str, version: str) -> None:
        """A page that names none is from before pages named theirs."""
        self._told[display] = version

    def of(self, display: str) -> DisplayVersion | None:
        """None while it has not reported."""
        told = self._told.get(display)
        if told is None:
            return None
        return DisplayVersion(f"Version {told}" if told else "ältere Version", told != VERSION)
