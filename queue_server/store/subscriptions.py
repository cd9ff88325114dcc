"""Where phones want to be told of their call. An address of somebody's phone is personal data.

A row lives as long as the visit at most: whatever ends a ticket deletes it in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queue_server.store.database import Connection, Reader, Row, milliseconds, the_value

MOST_OF_A_TICKET = 3
"""Phones of one ticket; one more takes the place of the oldest."""


@dataclass(frozen=True, slots=True)
class PushAddress:
    """What a browser gives to be told: where, and the keys of whoever may read it (base64url)."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Known:
    """What a phone knows: a call (0: none), how often that was announced, and that it is soon."""

    call: int = 0
    times: int = 0
    is_soon: bool = False


@dataclass(frozen=True, slots=True)
class Subscription:
    """One phone of one ticket. `tries` are those of the message that it is to have next.

    `next_try_at` (milliseconds) is also the claim of whoever sends: nobody else tries before.
    """

    id: int
    ticket: int
    to: PushAddress
    language: str
    known: Known
    tries: int
    next_try_at: int


def put(tx: Connection, ticket: int, to: PushAddress, language: str, known: Known) -> None:
    """Tell this phone from now on what it does not know."""
    tx.write(
        """INSERT INTO push_subscriptions (ticket, endpoint, p256dh, auth, language, told_call,
               told_times, told_soon)
           VALUES (:ticket, :endpoint, :key, :auth, :language, :call, :times, :soon)
           ON CONFLICT (ticket, endpoint) DO UPDATE SET p256dh = excluded.p256dh,
               auth = excluded.auth, language = excluded.language""",
        {
            "ticket": ticket,
            "endpoint": to.endpoint,
            "key": to.p256dh,
            "auth": to.auth,
            "language": language,
            "call": known.call,
            "times": known.times,
            "soon": int(known.is_soon),
        },
    )
    tx.write(
        """DELETE FROM push_subscriptions WHERE ticket = :ticket AND id NOT IN (
               SELECT id FROM push_subscriptions WHERE ticket = :ticket
               ORDER BY id DESC LIMIT :most)""",
        {"ticket": ticket, "most": MOST_OF_A_TICKET},
    )


def forget(tx: Connection, ticket: int) -> int:
    """Delete every phone of a ticket; returns how many."""
    return tx.write("DELETE FROM push_subscriptions WHERE ticket = :ticket", {"ticket": ticket})


def remove(tx: Connection, id: int) -> None:
    """Delete one phone: its push service does not know it any more."""
    tx.write("DELETE FROM push_subscriptions WHERE id = :id", {"id": id})


def called(reader: Reader, site: str, now: datetime, since: datetime) -> list[Subscription]:
    """Phones that have not been told of a standing call or recall after `since`, and may be now."""
    rows = reader.rows(
        """SELECT s.* FROM push_subscriptions s JOIN tickets t ON t.id = s.ticket
           JOIN calls c ON c.id = t.call
           WHERE t.site = :site AND t.state = 'called' AND s.next_try_at <= :now
               AND c.last_at >= :since
               AND (s.told_call <> t.call OR s.told_times < t.calls)
           ORDER BY c.last_at DESC, s.id""",
        {"site": site, "now": milliseconds(now), "since": milliseconds(since)},
    )
    return [_subscription(row) for row in rows]


def waiting(reader: Reader, site: str, now: datetime) -> list[Subscription]:
    """Phones of people who wait and have not been told that it is soon."""
    rows = reader.rows(
        """SELECT s.* FROM push_subscriptions s JOIN tickets t ON t.id = s.ticket
           WHERE t.site = :site AND t.state = 'waiting' AND s.next_try_at <= :now
               AND s.told_soon = 0
           ORDER BY s.id""",
        {"site": site, "now": milliseconds(now)},
    )
    return [_subscription(row) for row in rows]


def claim(tx: Connection, seen: Subscription, until: datetime) -> bool:
    """Whether this try is mine: nobody else tries this phone before then."""
    done = tx.write(
        """UPDATE push_subscriptions SET next_try_at = :until, tries = tries + 1
           WHERE id = :id AND next_try_at = :seen""",
        {"id": seen.id, "seen": seen.next_try_at, "until": milliseconds(until)},
    )
    return done == 1


def told_call(tx: Connection, id: int, call: int, times: int) -> None:
    """The phone knows this call and its recalls so far, or was tried often enough."""
    tx.write(
        """UPDATE push_subscriptions SET told_call = :call, told_times = :times, told_soon = 1,
               tries = 0, next_try_at = 0
           WHERE id = :id""",
        {"id": id, "call": call, "times": times},
    )


def told_soon(tx: Connection, id: int) -> None:
    """The phone knows that it is soon, or was tried often enough."""
    tx.write(
        """UPDATE push_subscriptions SET told_soon = 1, tries = 0, next_try_at = 0
           WHERE id = :id""",
        {"id": id},
    )


def again(tx: Connection, id: int, next_try_at: datetime) -> None:
    """It did not go this time."""
    tx.write(
        "UPDATE push_subscriptions SET next_try_at = :next WHERE id = :id",
        {"id": id, "next": milliseconds(next_try_at)},
    )


def count_of(reader: Reader, ticket: int) -> int:
    """Phones of one ticket."""
    phones = "SELECT COUNT(*) AS found FROM push_subscriptions WHERE ticket = :ticket"
    return the_value(reader, phones, {"ticket": ticket}) or 0


def count(reader: Reader) -> int:
    """Phones that want to be told, of all sites."""
    return the_value(reader, "SELECT COUNT(*) AS found FROM push_subscriptions") or 0


def _subscription(row: Row) -> Subscription:
    return Subscription(
        id=row["id"],
        ticket=row["ticket"],
        to=PushAddress(row["endpoint"], row["p256dh"], row["auth"]),
        language=row["language"],
        known=Known(row["told_call"], row["told_times"], bool(row["told_soon"])),
        tries=row["tries"],
        next_try_at=row["next_try_at"],
    )
