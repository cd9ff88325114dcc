"""The outbox: which letters wait, which have left, and what kept the others.

A row says that something is to be told to whoever booked. It holds no text, no name and no
address: a letter is written when it is sent. `cause` is the journal's seq of the event behind it,
or for a reminder the appointment's sequence, so that no letter is ever made twice.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from queue_server.domain.events import Event, event_from
from queue_server.store import marks
from queue_server.store.database import (
    Asked,
    Connection,
    Reader,
    Row,
    milliseconds,
    moment,
    optional_moment,
    the_value,
)

MADE_UP_TO = "letters_made_up_to"
FURTHEST = timedelta(hours=2)
"""No letter rests for longer."""


class LetterKind(StrEnum):
    CONFIRMATION = "confirmation"
    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    CANCELLED_BY_OFFICE = "cancelled_by_office"
    REMINDER = "reminder"


class LetterState(StrEnum):
    """Dropped is a letter that nobody needs any more, or, with a trouble, one that was given up."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    DROPPED = "dropped"


SENT, REFUSED, DROPPED = LetterState.SENT, LetterState.REFUSED, LetterState.DROPPED


@dataclass(frozen=True, slots=True)
class Letter:
    """One row of the outbox. `trouble` is a code of `mail/trouble.py`, never a server's words."""

    id: int
    site: str
    appointment: int
    kind: LetterKind
    cause: int
    state: LetterState
    made_at: datetime
    next_try_at: datetime
    tries: int
    trouble: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ToRemind:
    """An appointment that nobody was reminded of yet."""

    appointment: int
    sequence: int
    start_at: datetime


# -- making ----------------------------------------------------------------------------------


def made_up_to(reader: Reader, site: str) -> int:
    """The seq up to which letters of the site's events are in the outbox."""
    seq = """SELECT MAX(CAST(value AS BIGINT)) AS seq FROM marks
        WHERE name IN (:every, :every || ' ' || :site)"""
    return the_value(reader, seq, {"every": MADE_UP_TO, "site": site}) or 0


def note_made(tx: Connection, site: str, seq: int) -> None:
    """Letters of all the site's events up to this one are in the outbox.

    Each site has a mark of its own: in one line events are committed in the order of their seq,
    in several lines a smaller one may still be under way.
    """
    marks.put(tx, f"{MADE_UP_TO} {site}", str(seq))


def news(reader: Reader, site: str, after: int) -> list[tuple[int, Event]]:
    """The site's events after this seq that may be worth a letter, with their seq, in order."""
    rows = reader.rows(
        """SELECT * FROM journal WHERE site = :site AND seq > :after
           AND appointment IS NOT NULL AND name IN (
               'AppointmentBooked', 'AppointmentPreconfirmed', 'ConfirmationAsked',
               'AppointmentConfirmed', 'AppointmentMoved', 'AppointmentCancelled')
           ORDER BY seq""",
        {"site": site, "after": after},
    )
    return [(row["seq"], _event(row)) for row in rows]


def cause_of(reader: Reader, letter: Letter) -> Event | None:
    """The event behind a letter; None for a reminder."""
    if letter.kind is LetterKind.REMINDER:
        return None
    row = reader.row("SELECT * FROM journal WHERE seq = :seq", {"seq": letter.cause})
    return _event(row) if row else None


def make(
    tx: Connection, site: str, appointment: int, kind: LetterKind, cause: int, now: datetime
) -> bool:
    """Put a letter into the outbox, to be sent at once; False when it was made before."""
    made = tx.write(
        """INSERT INTO letters (site, appointment, kind, cause, state, made_at, next_try_at)
           VALUES (:site, :appointment, :kind, :cause, 'waiting', :now, :now)
           ON CONFLICT (appointment, kind, cause) DO NOTHING""",
        {
            "site": site,
            "appointment": appointment,
            "kind": kind,
            "cause": cause,
            "now": milliseconds(now),
        },
    )
    return made == 1


def to_remind(
    reader: Reader, site: str, now: datetime, window: timedelta, told: timedelta
) -> list[ToRemind]:
    """Confirmed appointments that begin within the window and have an address.

    Without those that were booked or moved within `told` before they begin: their holders know.
    """
    sql, params = to_remind_asked(site, now, window, told)
    rows = reader.rows(sql, params)
    return [ToRemind(row["id"], row["sequence"], moment(row["start_at"])) for row in rows]


def to_remind_asked(site: str, now: datetime, window: timedelta, told: timedelta) -> Asked:
    """What `to_remind` asks."""
    return _TO_REMIND, {
        "site": site,
        "now": milliseconds(now),
        "until": milliseconds(now + window),
        "told": told // timedelta(milliseconds=1),
    }


_TO_REMIND = """SELECT a.id, a.sequence, a.start_at FROM appointments a
    JOIN people p ON p.appointment = a.id
    WHERE a.site = :site AND a.state = 'confirmed' AND p.email <> ''
    AND a.start_at > :now AND a.start_at <= :until AND a.booked_at <= a.start_at - :told
    AND NOT EXISTS (SELECT 1 FROM letters l WHERE l.appointment = a.id
        AND (l.kind = 'reminder' AND l.cause = a.sequence
            OR l.kind IN ('booked', 'moved') AND l.made_at > a.start_at - :told))
    ORDER BY a.start_at, a.id"""


# -- sending ---------------------------------------------------------------------------------


def due(reader: Reader, now: datetime, limit: int) -> list[Letter]:
    """Letters that are to be tried now, those that wait longest first.

    Also what waits only since the clock was set back. But before them come confirmations: somebody
    sits there and waits for the link, which expires.
    """
    rows = reader.rows(
        """SELECT * FROM letters WHERE state = 'waiting'
           AND (next_try_at <= :now OR next_try_at > :far)
           ORDER BY CASE kind WHEN 'confirmation' THEN 0 ELSE 1 END, next_try_at, id
           LIMIT :limit""",
        {"now": milliseconds(now), "far": milliseconds(now + FURTHEST), "limit": limit},
    )
    return [_letter(row) for row in rows]


def of(reader: Reader, appointment: int) -> list[Letter]:
    """All letters about an appointment, newest first."""
    rows = reader.rows(
        "SELECT * FROM letters WHERE appointment = :appointment ORDER BY id DESC",
        {"appointment": appointment},
    )
    return [_letter(row) for row in rows]


def ids_to_people(reader: Reader) -> set[int]:
    """The letters about appointments whose holder is still known."""
    rows = reader.rows("SELECT l.id FROM letters l JOIN people p ON p.appointment = l.appointment")
    return {row["id"] for row in rows}


def end(tx: Connection, letter: Letter, state: LetterState, now: datetime, trouble: str) -> bool:
    """The letter was sent or refused, or nobody needs it; False when it had ended before."""
    done = tx.write(
        """UPDATE letters SET state = :state, ended_at = :now, trouble = :trouble,
               tries = tries + :tried
           WHERE id = :id AND state = 'waiting'""",
        {
            "id": letter.id,
            "state": state,
            "now": milliseconds(now),
            "trouble": trouble,
            "tried": int(state is not DROPPED),
        },
    )
    return done == 1


def again(tx: Connection, letter: Letter, next_try_at: datetime, trouble: str) -> bool:
    """It did not go this time; False when the letter has ended meanwhile."""
    done = tx.write(
        """UPDATE letters SET tries = tries + 1, next_try_at = :next, trouble = :trouble
           WHERE id = :id AND state = 'waiting'""",
        {"id": letter.id, "next": milliseconds(next_try_at), "trouble": trouble},
    )
    return done == 1


def hurry(tx: Connection, now: datetime) -> int:
    """Try again at once what only waits because the server had trouble; returns how many."""
    return tx.write(
        """UPDATE letters SET next_try_at = :now
           WHERE state = 'waiting' AND next_try_at > :now AND substr(trouble, 1, 7) = 'server '""",
        {"now": milliseconds(now)},
    )


def sweep(tx: Connection, before: datetime) -> int:
    """Delete the rows of letters that ended before then; returns how many."""
    return tx.write(
        "DELETE FROM letters WHERE ended_at < :before", {"before": milliseconds(before)}
    )


def _event(row: Row) -> Event:
    return event_from(row["name"], row, json.loads(row["data"]))


def _letter(row: Row) -> Letter:
    return Letter(
        id=row["id"],
        site=row["site"],
        appointment=row["appointment"],
        kind=LetterKind(row["kind"]),
        cause=row["cause"],
        state=LetterState(row["state"]),
        made_at=moment(row["made_at"]),
        next_try_at=moment(row["next_try_at"]),
        tries=row["tries"],
        trouble=row["trouble"],
        ended_at=optional_moment(row["ended_at"]),
    )
