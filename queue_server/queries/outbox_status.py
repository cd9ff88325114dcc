"""The state of the outbox: is it moving, what is wrong, which letters cannot be delivered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.store import letters
from queue_server.store.database import Reader, milliseconds, moment, optional_moment
from queue_server.store.letters import DROPPED, REFUSED, SENT, Letter, LetterKind, LetterState

STUCK_AFTER = timedelta(minutes=10)
REFUSED_DAYS = 7
MOST_REFUSED = 50
# A letter that was not sent because its address had as many as it may have in a day.
HELD_BACK = "letter limit"


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A letter that will not arrive: refused, or given up after days. Whom it was for, ask by id.

    `reason` is a code of `mail/trouble.py`.
    """

    appointment: int
    site: str
    kind: LetterKind
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class WaitingLetters:
    """The letters that wait. `is_stuck` when the oldest was made longer ago than any should wait.

    Whether mail is switched on at all, the settings know.
    """

    count: int
    since: datetime | None
    is_stuck: bool


@dataclass(frozen=True, slots=True)
class Post:
    """The outbox now. `waiting`, `waiting_since` and `is_stuck` are those of `Waiting`.

    `trouble` is the code of what keeps the letters, or `""`; `refused` are the newest of the
    last week, and `undelivered` is how many there were in it.
    """

    waiting: int
    waiting_since: datetime | None
    is_stuck: bool
    trouble: str
    sent: int
    refused: tuple[Undelivered, ...]
    undelivered: int


@dataclass(frozen=True, slots=True)
class LetterNews:
    """What became of a letter. `at` is when it was sent, was given up, or was made."""

    kind: LetterKind
    at: datetime
    is_sent: bool = False
    is_waiting: bool = False
    is_undeliverable: bool = False
    reason: str = ""


def post(reader: Reader, now: datetime, *, site: str = "", since: datetime | None = None) -> Post:
    """The outbox of all sites, or of one. `sent` counts from `since`, else the last day."""
    waits = waiting(reader, now, site=site)
    refused, undelivered = _refused(reader, site, now - timedelta(days=REFUSED_DAYS))
    return Post(
        waiting=waits.count,
        waiting_since=waits.since,
        is_stuck=waits.is_stuck,
        trouble=_last_trouble(reader, site),
        sent=_sent(reader, site, since or now - timedelta(days=1)),
        refused=refused,
        undelivered=undelivered,
    )


def waiting(reader: Reader, now: datetime, *, site: str = "") -> WaitingLetters:
    """What has not left yet, of all sites or of one; cheap."""
    row = reader.row(
        """SELECT COUNT(*) AS found, MIN(made_at) AS oldest FROM letters
           WHERE state = 'waiting' AND (:site = '' OR site = :site)""",
        {"site": site},
    )
    oldest = optional_moment(row["oldest"]) if row else None
    is_stuck = oldest is not None and now - oldest > STUCK_AFTER
    return WaitingLetters(row["found"] if row else 0, oldest, is_stuck)


def letters_of(reader: Reader, appointment: int) -> tuple[LetterNews, ...]:
    """What became of the letters about an appointment, newest first; without needless ones."""
    return tuple(
        _news(letter)
        for letter in letters.of(reader, appointment)
        if letter.state is not DROPPED or letter.trouble
    )


def letter_of(reader: Reader, appointment: int, kind: LetterKind) -> LetterNews | None:
    """What became of the newest letter of this kind; None a moment before it is made."""
    return next((each for each in letters_of(reader, appointment) if each.kind is kind), None)


def reason_of(trouble: str) -> str:
    """The code of a trouble as the outbox keeps it; empty for none."""
    return trouble.split()[1] if " " in trouble else ""


def _news(letter: Letter) -> LetterNews:
    is_held_back = letter.state is DROPPED and letter.trouble == HELD_BACK
    return LetterNews(
        kind=letter.kind,
        at=letter.ended_at or letter.made_at,
        # Whoever booked must not learn from it what else an address was written.
        is_sent=letter.state is SENT or is_held_back,
        is_waiting=letter.state is LetterState.WAITING,
        is_undeliverable=letter.state in (REFUSED, DROPPED) and not is_held_back,
        reason=reason_of(letter.trouble),
    )


def _last_trouble(reader: Reader, site: str) -> str:
    """Of the letters that still wait, that of the newest try."""
    row = reader.row(
        """SELECT trouble FROM letters
           WHERE state = 'waiting' AND trouble <> '' AND (:site = '' OR site = :site)
           ORDER BY next_try_at DESC, id DESC LIMIT 1""",
        {"site": site},
    )
    return reason_of(row["trouble"]) if row else ""


def _sent(reader: Reader, site: str, since: datetime) -> int:
    row = reader.row(
        """SELECT COUNT(*) AS found FROM letters
           WHERE state = 'sent' AND ended_at >= :since AND (:site = '' OR site = :site)""",
        {"since": milliseconds(since), "site": site},
    )
    return row["found"] if row else 0


def _refused(reader: Reader, site: str, since: datetime) -> tuple[tuple[Undelivered, ...], int]:
    """The newest of them, and how many there are."""
    rows = reader.rows(
        """SELECT *, COUNT(*) OVER () AS found FROM letters
           WHERE (state = 'refused' OR state = 'dropped' AND trouble <> '')
           AND ended_at >= :since AND (:site = '' OR site = :site)
           ORDER BY ended_at DESC, id DESC LIMIT :most""",
        {"since": milliseconds(since), "site": site, "most": MOST_REFUSED},
    )
    newest = tuple(
        Undelivered(
            appointment=row["appointment"],
            site=row["site"],
            kind=LetterKind(row["kind"]),
            at=moment(row["ended_at"]),
            reason=reason_of(row["trouble"]),
        )
        for row in rows
    )
    return newest, rows[0]["found"] if rows else 0
