"""Clerks, their sessions, and devices. Tokens and codes are kept only as SHA-256 hashes.

They are random with 128 bits (codes: 39), so a fast hash is enough; passwords are argon2id.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.domain.errors import AlreadyExists
from queue_server.store.database import (
    Connection,
    Reader,
    Row,
    milliseconds,
    moment,
    optional_moment,
)

ROLES = ("clerk", "lead", "admin")
# The first start prints codes, and screens are mounted days later.
CODE_LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Clerk:
    """Somebody who signs in. `role` is `clerk`, `lead` or `admin`; all belong to one site."""

    id: int
    name: str
    site: str
    role: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class Device:
    """A kiosk or display. `place` is its id in config.toml; `sound` is what a display reported.

    `created_at` is when its pairing code was made.
    """

    id: int
    role: str
    site: str
    place: str
    created_at: datetime
    paired_at: datetime | None
    seen_at: datetime | None
    sound: str | None

    @property
    def code_until(self) -> datetime:
        """Until when its pairing code may be used, as long as it is not paired."""
        return self.created_at + CODE_LIFE


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in of a clerk, and when it was last in use."""

    clerk: Clerk
    started_at: datetime
    seen_at: datetime


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


# -- clerks --------------------------------------------------------------------------------


def clerk_named(reader: Reader, name: str) -> Clerk | None:
    row = reader.row(
        """SELECT * FROM clerks WHERE name = :name AND removed_at IS NULL AND is_program = 0""",
        {"name": name},
    )
    return clerk_from(row) if row else None


def clerk_names(reader: Reader, site: str) -> dict[int, str]:
    """The names of the site's clerks by their ids, those who have left included."""
    rows = reader.rows("SELECT id, name FROM clerks WHERE site = :site", {"site": site})
    return {row["id"]: row["name"] for row in rows}


def session_of(reader: Reader, token: str) -> Session | None:
    """The session of this cookie, ended by age or not; None when there is none."""
    row = reader.row(
        """SELECT clerks.*, sessions.created_at AS started_at, sessions.seen_at
           FROM sessions JOIN clerks ON clerks.id = clerk
           WHERE token_hash = :hash AND removed_at IS NULL""",
        {"hash": hashed(token)},
    )
    return (
        Session(clerk_from(row), moment(row["started_at"]), moment(row["seen_at"])) if row else None
    )


def sessions_since(reader: Reader, seen: datetime, started: datetime) -> set[str]:
    """The hashes of all sessions that were in use since `seen` and have begun since `started`."""
    rows = reader.rows(
        """SELECT token_hash FROM sessions JOIN clerks ON clerks.id = clerk
           WHERE removed_at IS NULL AND sessions.seen_at >= :seen
             AND sessions.created_at >= :started""",
        {"seen": milliseconds(seen), "started": milliseconds(started)},
    )
    return {row["token_hash"] for row in rows}


def has_clerks(reader: Reader) -> bool:
    return reader.row("SELECT 1 AS found FROM clerks WHERE is_program = 0 LIMIT 1") is not None


def save_clerk(
    tx: Connection, name: str, site: str, role: str, password_hash: str, now: datetime
) -> int:
    """Add a clerk, or bring a removed one of the same name back with new rights.

    Raises `AlreadyExists` when a program is called so.
    """
    row = tx.row(
        """INSERT INTO clerks (name, site, role, password_hash, created_at)
           VALUES (:name, :site, :role, :hash, :now)
           ON CONFLICT (name) DO UPDATE SET site = excluded.site, role = excluded.role,
               password_hash = excluded.password_hash, removed_at = NULL
           WHERE clerks.is_program = 0
           RETURNING id""",
        {
            "name": name,
            "site": site,
            "role": role,
            "hash": password_hash,
            "now": milliseconds(now),
        },
    )
    if row is None:
        raise AlreadyExists(name=name)
    return int(row["id"])


def set_password(tx: Connection, clerk: int, password_hash: str) -> None:
    """A new password; every session of the clerk ends."""
    tx.write(
        "UPDATE clerks SET password_hash = :hash WHERE id = :clerk",
        {"clerk": clerk, "hash": password_hash},
    )
    end_sessions(tx, clerk)


def remove_clerk(tx: Connection, clerk: int, now: datetime) -> None:
    tx.write(
        "UPDATE clerks SET removed_at = :now WHERE id = :clerk",
        {"clerk": clerk, "now": milliseconds(now)},
    )
    end_sessions(tx, clerk)


def start_session(tx: Connection, token: str, clerk: int, now: datetime) -> None:
    tx.write(
        """INSERT INTO sessions (token_hash, clerk, created_at, seen_at)
           VALUES (:hash, :clerk, :now, :now)""",
        {"hash": hashed(token), "clerk": clerk, "now": milliseconds(now)},
    )


def touch_session(tx: Connection, token: str, now: datetime) -> None:
    tx.write(
        "UPDATE sessions SET seen_at = :now WHERE token_hash = :hash",
        {"hash": hashed(token), "now": milliseconds(now)},
    )


def end_session(tx: Connection, token: str) -> None:
    tx.write("DELETE FROM sessions WHERE token_hash = :hash", {"hash": hashed(token)})


def end_sessions(tx: Connection, clerk: int) -> None:
    tx.write("DELETE FROM sessions WHERE clerk = :clerk", {"clerk": clerk})


def forget_sessions(tx: Connection, seen_before: datetime, started_before: datetime) -> None:
    """Forget sessions that ended by age, out of use for so long or begun so long ago."""
    tx.write(
        "DELETE FROM sessions WHERE seen_at < :seen OR created_at < :started",
        {"seen": milliseconds(seen_before), "started": milliseconds(started_before)},
    )


def clerk_from(row: Row) -> Clerk:
    """The clerk of a row of the table."""
    return Clerk(row["id"], row["name"], row["site"], row["role"], row["password_hash"])


# -- devices -------------------------------------------------------------------------------


def expect_device(
    tx: Connection, role: str, site: str, place: str, code: str, now: datetime
) -> int:
    """Put a pairing code in place; a device that brings it becomes this kiosk or display."""
    row = tx.row(
        """INSERT INTO devices (role, site, place, code_hash, created_at)
           VALUES (:role, :site, :place, :hash, :now) RETURNING id""",
        {
            "role": role,
            "site": site,
            "place": place,
            "hash": hashed(code),
            "now": milliseconds(now),
        },
    )
    assert row is not None
    return int(row["id"])


def device_of_code(reader: Reader, code: str) -> Device | None:
    """The device that waits for this pairing code, however old; None when used or revoked."""
    row = reader.row(
        "SELECT * FROM devices WHERE code_hash = :hash AND revoked_at IS NULL",
        {"hash": hashed(code)},
    )
    return _device(row) if row else None


def pair_device(tx: Connection, device: int, token: str, now: datetime) -> Device:
    """Use its pairing code up and bind the device to this token."""
    row = tx.row(
        """UPDATE devices SET token_hash = :token, code_hash = NULL, paired_at = :now,
               seen_at = :now WHERE id = :device RETURNING *""",
        {"device": device, "token": hashed(token), "now": milliseconds(now)},
    )
    assert row is not None
    return _device(row)


def device_of_token(reader: Reader, token: str) -> Device | None:
    row = reader.row(
        "SELECT * FROM devices WHERE token_hash = :hash AND revoked_at IS NULL",
        {"hash": hashed(token)},
    )
    return _device(row) if row else None


def devices(reader: Reader, site: str | None = None) -> list[Device]:
    """All devices that were not revoked, of one site or of all."""
    rows = reader.rows(
        """SELECT * FROM devices WHERE revoked_at IS NULL
           AND (site = :site OR :every = 1) ORDER BY site, role, place, id""",
        {"site": site, "every": int(site is None)},
    )
    return [_device(row) for row in rows]


def revoke_devices(tx: Connection, place: str, now: datetime) -> int:
    """Revoke every pairing and open code of a kiosk or display; returns how many."""
    return tx.write(
        """UPDATE devices SET revoked_at = :now, code_hash = NULL
           WHERE place = :place AND revoked_at IS NULL""",
        {"place": place, "now": milliseconds(now)},
    )


def revoke_token(tx: Connection, token: str, now: datetime) -> None:
    """Revoke the one pairing of this token."""
    tx.write(
        "UPDATE devices SET revoked_at = :now WHERE token_hash = :hash",
        {"hash": hashed(token), "now": milliseconds(now)},
    )


def report_device(tx: Connection, device: int, sound: str | None, now: datetime) -> None:
    """A sign of life, with the state of a display's sound."""
    tx.write(
        "UPDATE devices SET seen_at = :now, sound = COALESCE(:sound, sound) WHERE id = :device",
        {"device": device, "sound": sound, "now": milliseconds(now)},
    )


def _device(row: Row) -> Device:
    return Device(
        id=row["id"],
        role=row["role"],
        site=row["site"],
        place=row["place"],
        created_at=moment(row["created_at"]),
        paired_at=optional_moment(row["paired_at"]),
        seen_at=optional_moment(row["seen_at"]),
        sound=row["sound"],
    )
