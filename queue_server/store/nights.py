"""What the nightly audits found, a few weeks of them; kept as one mark for each site."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from queue_server.domain.audit import Audit, Violation
from queue_server.store import marks
from queue_server.store.database import Reader, Transaction, milliseconds, moment

NIGHTS_KEPT = 28
# A day that went wrong as a whole is told by its number; the first ones say why.
VIOLATIONS_KEPT = 50


@dataclass(frozen=True, slots=True)
class Night:
    """The audit of a local day. `faults` counts them all, `audit` lists the first of them."""

    day: date
    faults: int
    audit: Audit


def kept(reader: Reader, site: str) -> list[Night]:
    """The audited days of a site, newest first."""
    text = marks.get(reader, _mark(site))
    return [_night(each) for each in json.loads(text)] if text else []


def keep(tx: Transaction, site: str, day: date, found: Audit) -> bool:
    """Keep what the audit of a day found; False when that day is kept already."""
    before = kept(tx, site)
    if any(night.day == day for night in before):
        return False
    some = replace(found, violations=found.violations[:VIOLATIONS_KEPT])
    nights = [Night(day, len(found.violations), some), *before]
    nights.sort(key=lambda night: night.day, reverse=True)
    marks.put(tx, _mark(site), json.dumps([_plain(each) for each in nights[:NIGHTS_KEPT]]))
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
