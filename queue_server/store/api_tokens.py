"""Tokens of programs: at which site, what they may do. Only their hashes are kept.

A token that acts like a clerk has a row among the clerks, so that the journal and its readers
know one kind of actor. Nobody signs in by that row: it has no password, and `is_program` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queue_server.store.database import (
    Connection,
    Reader,
    Row,
    milliseconds,
    moment,
    optional_moment,
    the_value,
)
from queue_server.store.identities import Clerk, hashed

SCOPES = ("read", "kiosk", "clerk", "lead")
# What its row among the clerks may do; the API takes more away from `read`.
ROLES = {"read": "clerk", "clerk": "clerk", "lead": "lead"}


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A program's right. `seen_at` is when it was last used, to the minute."""

    id: int
    name: str
    site: str
    scope: str
    clerk: Clerk | None
    created_at: datetime
    seen_at: datetime | None


_SELECT = """SELECT api_tokens.*, clerks.name AS clerk_name, clerks.role AS clerk_role
    FROM api_tokens LEFT JOIN clerks ON clerks.id = api_tokens.clerk
    WHERE api_tokens.revoked_at IS NULL"""


def named(reader: Reader, name: str) -> ApiToken | None:
    row = reader.row(_SELECT + " AND api_tokens.name = :name", {"name": name})
    return _token(row) if row else None


def by_secret(reader: Reader, secret: str) -> ApiToken | None:
    """The token that was given out as this text; None when unknown or revoked."""
    row = reader.row(_SELECT + " AND token_hash = :hash", {"hash": hashed(secret)})
    return _token(row) if row else None


def of_site(reader: Reader, site: str | None = None) -> list[ApiToken]:
    """All that are in force, of one site or of all, by name."""
    rows = reader.rows(
        _SELECT + " AND (api_tokens.site = :site OR :every = 1) ORDER BY site, name",
        {"site": site, "every": int(site is None)},
    )
    return [_token(row) for row in rows]


def names(reader: Reader, site: str) -> dict[int, str]:
    """What every token of a site was called, revoked ones as well."""
    rows = reader.rows("SELECT id, name FROM api_tokens WHERE site = :site", {"site": site})
    return {row["id"]: row["name"] for row in rows}


def add(tx: Connection, name: str, site: str, scope: str, secret: str, now: datetime) -> int:
    """Its id. Its actor is new each time: what a revoked token did stays its own."""
    row = tx.row(
        """INSERT INTO api_tokens (name, site, scope, token_hash, clerk, created_at)
           VALUES (:name, :site, :scope, :hash, :clerk, :now) RETURNING id""",
        {
            "name": name,
            "site": site,
            "scope": scope,
            "hash": hashed(secret),
            "clerk": _add_actor(tx, name, site, scope, now) if scope in ROLES else None,
            "now": milliseconds(now),
        },
    )
    assert row is not None
    return int(row["id"])


def revoke(tx: Connection, token: ApiToken, now: datetime) -> None:
    when = {"id": token.id, "now": milliseconds(now)}
    tx.write("UPDATE api_tokens SET revoked_at = :now WHERE id = :id", when)
    if token.clerk is not None:
        tx.write(
            "UPDATE clerks SET removed_at = :now WHERE id = :id",
            {"id": token.clerk.id, "now": milliseconds(now)},
        )


def touch(tx: Connection, token: ApiToken, now: datetime) -> None:
    """It was used."""
    tx.write(
        "UPDATE api_tokens SET seen_at = :now WHERE id = :id",
        {"id": token.id, "now": milliseconds(now)},
    )


def _add_actor(tx: Connection, name: str, site: str, scope: str, now: datetime) -> int:
    earlier = the_value(tx, "SELECT COUNT(*) AS found FROM clerks WHERE is_program = 1") or 0
    made = tx.row(
        """INSERT INTO clerks (name, site, role, password_hash, created_at, is_program)
           VALUES (:name, :site, :role, '', :now, 1) RETURNING id""",
        {
            # Names of clerks are unique for ever; a program's may come again.
            "name": f"{name} (Programm {earlier + 1})",
            "site": site,
            "role": ROLES[scope],
            "now": milliseconds(now),
        },
    )
    assert made is not None
    return int(made["id"])


def _token(row: Row) -> ApiToken:
    clerk = None
    if row["clerk"] is not None:
        clerk = Clerk(row["clerk"], row["clerk_name"], row["site"], row["clerk_role"], "")
    return ApiToken(
        id=row["id"],
        name=row["name"],
        site=row["site"],
        scope=row["scope"],
        clerk=clerk,
        created_at=moment(row["created_at"]),
        seen_at=optional_moment(row["seen_at"]),
    )
