"""What became of the slips that print while people already read their number on the screen.

Kept in memory, the newest ones: the page that asks is open for a minute.
"""

from __future__ import annotations

from enum import StrEnum

KEPT = 200


class JobState(StrEnum):
    """How far a slip is. `UNKNOWN` was never asked for, or too long ago."""

    UNKNOWN = "unknown"
    UNDER_WAY = "under_way"
    PRINTED = "printed"
    FAILED = "failed"


class PrintJobs:
    """The last slip of each ticket or appointment, by its token."""

    def __init__(self) -> None:
        self._states: dict[str, JobState] = {}

    def state(self, token: str) -> JobState:
        return self._states.get(token, JobState.UNKNOWN)

    def begin(self, token: str) -> None:
        self._states.pop(token, None)
        self._states[token] = JobState.UNDER_WAY
        if len(self._states) > KEPT:
            del self._states[next(iter(self._states))]

    def end(self, token: str, *, printed: bool) -> None:
        """Of a job that began; one that is forgotten meanwhile stays so."""
        if token in self._states:
            self._states[token] = JobState.PRINTED if printed else JobState.FAILED
