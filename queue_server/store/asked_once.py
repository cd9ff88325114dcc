"""What is asked of a snapshot is asked once, and what the office has decided once in many of them.

A push asks for the same things in several places: the version, who has a counter open. Inside a
snapshot the answer can't change. Rule, special days and ticket stops change a few times a day, and
each decision stands in the journal; so their rows hold until the journal tells of one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence

from queue_server.store import decisions, journal, tickets
from queue_server.store.database import NO_PARAMS, Asked, Params, Reader, Row

# Ticket stops are asked for by day; nobody needs those of last month.
MOST_KEPT = 20
Answers = dict[tuple[Hashable, ...], list[Row]]
Together = Callable[[Sequence[Asked]], list[list[Row]]]


class AskedOnce:
    """A snapshot with the answers that it has given, and those `kept` from snapshots before it."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._together: Together | None = getattr(reader, "together", None)
        self._given: Answers = {}
        self._known: set[tuple[Hashable, ...]] = set()
        self.kept: Answers = {}
        # What had to be asked, or would have had to be without being asked ahead.
        self.asked: list[Asked] = []

    @property
    def is_far(self) -> bool:
        """Whether each question is a trip."""
        return self._together is not None

    def rows(self, sql: str, params: Params = NO_PARAMS) -> list[Row]:
        answers = self.kept if sql in decisions.STATEMENTS else self._given
        question = (sql, *params.values())
        if question not in answers:
            answers[question] = self._reader.rows(sql, params)
        if self.is_far and answers is self._given and question not in self._known:
            self.asked.append((sql, params))
        return answers[question]

    def row(self, sql: str, params: Params = NO_PARAMS) -> Row | None:
        return next(iter(self.rows(sql, params)), None)

    def ask_ahead(self, likely: Iterable[Asked]) -> None:
        """Where each question is a trip, those that are likely to come share one."""
        if self._together is not None:
            questions = list(likely)
            for (sql, params), rows in zip(questions, self._together(questions), strict=True):
                self._given[(sql, *params.values())] = rows

    def know(self, question: Asked, rows: list[Row]) -> None:
        """The answer, which follows from others of this snapshot."""
        sql, params = question
        self._given[(sql, *params.values())] = rows
        self._known.add((sql, *params.values()))


class KeptDecisions:
    """The decisions of each site, with the version up to which they are known to hold."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[int, Answers]] = {}

    def reader(self, snapshot: Reader, site: str, likely: Iterable[Asked] = ()) -> AskedOnce:
        """A snapshot of committed data, which knows what was decided at this site.

        Before it is asked anything, it asks what is `likely` to come.
        """
        reader = AskedOnce(snapshot)
        known = self._kept.get(site)
        if reader.is_far:
            _ask_ahead(reader, site, known[0] if known else None, likely)
        version = journal.version(reader, site)
        since, kept = known or (version, {})
        # A snapshot from before that reads for itself.
        if since <= version:
            still_holds = since == version or _still_holds(reader, site, since, kept)
            reader.kept = kept if still_holds else {}
            if self._kept.get(site, (since,))[0] <= version:
                self._kept[site] = version, reader.kept
        return reader


def _ask_ahead(reader: AskedOnce, site: str, since: int | None, likely: Iterable[Asked]) -> None:
    """What is likely, and what has happened since to whom."""
    version: Asked = journal.VERSION, {"site": site}
    params = {"site": site, "after": since if since is not None else journal.END}
    reader.ask_ahead([version, (journal.NEWS, params), *likely])
    rows = reader.rows(journal.NEWS, params)
    reader.know(version, reader.rows(journal.VERSION, {"site": site}))
    reader.asked.clear()
    reader.know((journal.HAPPENED, params), rows)
    for row in rows:
        if row["id"] is not None:
            reader.know((tickets.GET, {"id": row["id"], "site": site}), [row])


def _still_holds(reader: Reader, site: str, since: int, kept: Answers) -> bool:
    """What is empty may yet be filled by a slower snapshot, with what it sees."""
    if not 0 < len(kept) <= MOST_KEPT:
        return False
    happened = {name for name, _ in journal.happened(reader, site, since)}
    return not happened & decisions.EVENTS
