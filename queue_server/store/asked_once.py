"""What is asked of a snapshot is asked once, and what the office has decided once in many of them.

A push asks for the same things in several places: the version, who has a counter open. Inside a
snapshot the answer can't change. Rule, special days and ticket stops change a few times a day, and
each decision stands in the journal; so their rows hold until the journal tells of one.
"""

from __future__ import annotations

from collections.abc import Hashable

from queue_server.store import decisions, journal
from queue_server.store.database import NO_PARAMS, Params, Reader, Row

# Ticket stops are asked for by day; nobody needs those of last month.
MOST_KEPT = 20
Answers = dict[tuple[Hashable, ...], list[Row]]


class AskedOnce:
    """A snapshot with the answers that it has given, and those `kept` from snapshots before it."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._given: Answers = {}
        self.kept: Answers = {}

    def rows(self, sql: str, params: Params = NO_PARAMS) -> list[Row]:
        answers = self.kept if sql in decisions.STATEMENTS else self._given
        question = (sql, *params.values())
        if question not in answers:
            answers[question] = self._reader.rows(sql, params)
        return answers[question]

    def row(self, sql: str, params: Params = NO_PARAMS) -> Row | None:
        return next(iter(self.rows(sql, params)), None)


class KeptDecisions:
    """The decisions of each site, with the version up to which they are known to hold."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[int, Answers]] = {}

    def reader(self, snapshot: Reader, site: str) -> AskedOnce:
        """A snapshot of committed data, which knows what was decided at this site."""
        reader = AskedOnce(snapshot)
        version = journal.version(reader, site)
        since, kept = self._kept.get(site, (version, {}))
        # A snapshot from before that reads for itself.
        if since <= version:
            still_holds = since == version or _still_holds(reader, site, since, kept)
            reader.kept = kept if still_holds else {}
            self._kept[site] = version, reader.kept
        return reader


def _still_holds(reader: Reader, site: str, since: int, kept: Answers) -> bool:
    """What is empty may yet be filled by a slower snapshot, with what it sees."""
    if not 0 < len(kept) <= MOST_KEPT:
        return False
    happened = {name for name, _ in journal.happened(reader, site, since)}
    return not happened & decisions.EVENTS
