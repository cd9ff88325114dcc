"""What the audit finds wrong with a call, in words: German for the office, English at a shell.

Audit and what-if say the same; a test sees that no finding of `domain/call_checks.py` is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from queue_server.domain.call_checks import Finding


class Wording(NamedTuple):
    german: str
    english: str


FINDINGS: Mapping[Finding, Wording] = {
    "unknown_ticket": Wording(
        "Von der Ankunft dieser Person steht nichts im Protokoll.",
        "the journal knows nothing of this ticket's arrival",
    ),
    "impossible_move": Wording(
        "Das passt nicht zu dem, was vorher im Protokoll steht.",
        "this can't follow what stands before it",
    ),
    "not_waiting": Wording("Diese Person wartete gerade nicht.", "the person was not waiting"),
    "closed_counter": Wording("Dort war geschlossen.", "the counter was closed"),
    "busy_counter": Wording("Dort war noch jemand anderes.", "somebody else was at the counter"),
    "not_suitable": Wording(
        "Diese Person konnte dort nicht aufgerufen werden.",
        "the counter could not call this person",
    ),
    "guard_missing": Wording(
        "{expected} wartete zu lange und war deshalb an der Reihe.",
        "the guard's call was left out",
    ),
    "guard_share": Wording(
        "Wegen langer Wartezeit war eben erst jemand an der Reihe; jetzt {expected}.",
        "the guard had its share already",
    ),
    "overtaken": Wording(
        "{expected} stand in derselben Reihe weiter vorn.",
        "somebody of the same line stood further in front",
    ),
    "passed_over": Wording(
        "Nach der Regel war {expected} an der Reihe.", "another line had to go first"
    ),
    "other_reason": Wording(
        "Die richtige Person, aber aus einem anderen Grund.", "the reason is another one"
    ),
    "other_pool": Wording(
        "Der Aufruf wurde bei anderen Schaltern mitgezählt.",
        "the call was counted for other counters",
    ),
    "other_course": Wording("Der Nachlauf ruft hier anders auf.", "the replay calls otherwise"),
}


def in_german(why: Finding, expected: str) -> str:
    """A sentence; `expected` is the number of whom the rule would have called, or empty."""
    return FINDINGS[why].german.format(expected=expected or "niemand")
