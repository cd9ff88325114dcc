"""Why this person is called, in a few words for the desk; `priority.ReasonCode` names the codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from queue_server.domain.priority import Reason
from queue_server.languages import GERMAN, marked, texts
from queue_server.web.wording import filled

REASONS: Mapping[str, str] = {
    "precedence": "Vorrang",
    "appointment_due": "Termin {due_at} ist fällig",
    "appointment_first": "Termin {due_at}: Termine gehen vor",
    "appointment_early": "Termin {due_at}, schon da",
    "guard": "Wartet {waited_minutes} min: jeder {nth} Aufruf geht an Personen ohne Termin",
    "guard.late": "Verspätet zum Termin {due_at}, wartet {waited_minutes} min: jeder {nth} Aufruf "
    "geht an Personen ohne Termin",
    "arrival": "Wartet {waited_minutes} min, nach Ankunft",
    "arrival.late": "Verspätet zum Termin {due_at}, wartet {waited_minutes} min",
    "chosen": "Von Ihnen ausgewählt, wartet {waited_minutes} min",
}

ORDINALS: Mapping[int, str] = {
    2: marked("zweite"), 3: marked("dritte"), 4: marked("vierte"), 5: marked("fünfte"),
    6: marked("sechste"), 7: marked("siebte"), 8: marked("achte"), 9: marked("neunte"),
    10: marked("zehnte"),
}  # fmt: skip
ANY_OTHER = marked("{count}-te")


def reason_text(reason: Reason, zone: ZoneInfo, now: datetime) -> str:
    """Why this person, in a few words for the desk; a missed slot has words of its own."""
    late = f"{reason.code}.late"
    text = REASONS[late if "due_at" in reason.facts and late in REASONS else reason.code]
    named = {"nth": nth(reason.facts["every"])} if "every" in reason.facts else {}
    return filled(text, {**reason.facts, **named}, zone, now)


def nth(count: int, language: str = GERMAN) -> str:
    """`dritte`"""
    return texts(language).gettext(ORDINALS.get(count, ANY_OTHER)).format(count=count)
