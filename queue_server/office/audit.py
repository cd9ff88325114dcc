"""What the nightly look back found: was every call the one that the rule gave?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from queue_server.domain.audit import Violation
from queue_server.domain.site import Site
from queue_server.languages import words
from queue_server.office.door import Asker, asker, page, room
from queue_server.store import nights
from queue_server.store.database import Reader
from queue_server.store.nights import Night

WHY: Mapping[str, str] = {
    "unknown_ticket": "Von der Ankunft dieser Person steht nichts im Protokoll.",
    "impossible_move": "Das passt nicht zu dem, was vorher im Protokoll steht.",
    "not_waiting": "Diese Person wartete gerade nicht.",
    "closed_counter": "Dort war geschlossen.",
    "busy_counter": "Dort war noch jemand anderes.",
    "not_suitable": "Diese Person konnte dort nicht aufgerufen werden.",
    "guard_missing": "{expected} wartete zu lange und war deshalb an der Reihe.",
    "guard_share": "Wegen langer Wartezeit war eben erst jemand an der Reihe; jetzt {expected}.",
    "overtaken": "{expected} stand in derselben Reihe weiter vorn.",
    "passed_over": "Nach der Regel war {expected} an der Reihe.",
    "other_reason": "Die richtige Person, aber aus einem anderen Grund.",
    "other_pool": "Der Aufruf wurde bei anderen Schaltern mitgezählt.",
}


@room.get("/office/audit")
def audit_page() -> Response:
    """The last nights, and every fault in words."""
    who = asker()
    with who.store.snapshot() as snapshot:
        found = nights.kept(snapshot, who.site.id)
    faulty = [(night, _faults(who.site, night)) for night in found if night.faults]
    return page(
        who, "office/audit.html", nights=found, faulty=faulty, sentence=sentence, number=_number
    )


def last_audit(reader: Reader, who: Asker) -> dict[str, Any]:
    """For the overview: the last night, and how many faults the kept nights have in all."""
    found = nights.kept(reader, who.site.id)
    return {
        "audited": found[0] if found else None,
        "audit_sentence": sentence(found[0]) if found else "",
        "audit_faults": sum(night.faults for night in found),
    }


def sentence(night: Night) -> str:
    """`0 Abweichungen in 212 Aufrufen`; a day without calls says so."""
    if not (night.audit.calls or night.faults):
        return "Keine Aufrufe an diesem Tag"
    faults = words.counted(
        night.faults, "0 Abweichungen", "{count} Abweichung", "{count} Abweichungen"
    )
    calls = words.counted(night.audit.calls, "0 Aufrufen", "{count} Aufruf", "{count} Aufrufen")
    return f"{faults} in {calls}"


def _faults(site: Site, night: Night) -> list[dict[str, str]]:
    return [_fault(site, one) for one in night.audit.violations]


def _fault(site: Site, one: Violation) -> dict[str, str]:
    return {
        "at": f"{one.at.astimezone(site.zone):%H:%M:%S}",
        "number": one.number or "–",
        "counter": site.counter_name(one.counter) if one.counter else "–",
        "why": WHY[one.why].format(expected=one.expected or "niemand"),
        "seq": str(one.seq),
    }


def _number(minutes: float) -> str:
    """`3,5`, as German writes it."""
    return f"{minutes:.1f}".removesuffix(".0").replace(".", ",")
