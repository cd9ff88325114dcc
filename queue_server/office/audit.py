"""What the nightly audit found: was every call the one that the rule gave?"""

from __future__ import annotations

from typing import Any

from flask import Response

from queue_server.domain.audit import Violation
from queue_server.domain.site import Site
from queue_server.languages import words
from queue_server.office.blueprint import ClerkRequest, clerk_request, page, room
from queue_server.store import marks
from queue_server.store.database import Reader
from queue_server.store.marks import Night
from queue_server.web.findings import in_german


@room.get("/office/audit")
def audit_page() -> Response:
    """The last nights, and every fault in words."""
    who = clerk_request()
    with who.store.snapshot() as snapshot:
        found = marks.kept_nights(snapshot, who.site.id)
    faulty = [(night, _faults(who.site, night)) for night in found if night.faults]
    return page(who, "office/audit.html", nights=found, faulty=faulty, sentence=sentence)


def last_audit(reader: Reader, who: ClerkRequest) -> dict[str, Any]:
    """For the overview: the last night, and how many faults the kept nights have in all."""
    found = marks.kept_nights(reader, who.site.id)
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
        "why": in_german(one.why, one.expected),
        "seq": str(one.seq),
    }
