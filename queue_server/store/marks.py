"""Small facts that the server keeps by name: secrets, and what the nightly audits found."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from queue_server.domain.audit import Audit, Violation
from queue_server.store.database import Connection, Reader, milliseconds, moment

SECRET_BYTES = 32


def get(reader: Reader, name: str) -> str | None:
    row = reader.row("SELECT value FROM marks WHERE name = :name", {"name": name})
    return row["value"] if row else None


def put(tx: Connection, name: str, value: str) -> None:
    tx.write(
        """INSERT INTO marks (name, value) VALUES (:name, :value)
           ON CONFLICT (name) DO UPDATE SET value = excluded.value""",
        {"name": name, "value": value},
    )


def put_once(tx: Connection, name: str, value: str) -> str:
    """What is stored; `value` when nothing was."""
    tx.write(
        """INSERT INTO marks (name, value) VALUES (:name, :value)
           ON CONFLICT (name) DO NOTHING""",
        {"name": name, "value": value},
    )
    return get(tx, name) or ""


def secret(tx: Connection, name: str) -> str:
    """A random secret of this server, made when it is first asked for."""
    return put_once(tx, name, secrets.token_hex(SECRET_BYTES))


NIGHTS_KEPT = 28
# A day that went wrong as a whole is told by its number; the first ones say why.
VIOLATIONS_KEPT = 50


@dataclass(frozen=True, slots=True)
class Night:
    """The audit of a local day. `faults` counts them all, `audit` lists the first of them."""

    day: date
    faults: int
    audit: Audit


def kept_nights(reader: Reader, site: str) -> list[Night]:
    """The audited days of a site, newest first."""
    text = get(reader, _mark(site))
    return [_night(each) for each in json.loads(text)] if text else []


def keep_night(tx: Connection, site: str, day: date, found: Audit) -> bool:
    """Keep what the audit of a day found; False when that day is kept already."""
    before = kept_nights(tx, site)
    if any(night.day == day for night in before):
        return False
    some = replace(found, violations=found.violations[:VIOLATIONS_KEPT])
    nights = [Night(day, len(found.violations), some), *before]
    nights.sort(key=lambda night: night.day, reverse=True)
    put(tx, _mark(site), json.dumps([_plain(each) for each in nights[:NIGHTS_KEPT]]))
    return True


def _mark(site: str) -> str:
    return f"audits of {site}"


def _plain(night: Night) -> dict[str, Any]:
    audit = asdict(night.audit)
    for one in audit["violations"]:
        one["at"] = milliseconds(one["at"])
    return {"day": night.day.isoformat(), "faults": night.faults, "audit": audit}


def _night(plain: Mapping[str, Any]) -> Night:
    audit = plain["audit"]
    violations = (Violation(**{**one, "at": moment(one["at"])}) for one in audit["violations"])
    return Night(
        day=date.fromisoformat(plain["day"]),
        faults=plain["faults"],
        audit=Audit(**{**audit, "violations": tuple(violations)}),
    )
