"""Which of the sentences in `web/wording.py` says why there is no number."""

from __future__ import annotations

from queue_server.domain.errors import NotIssuing, Refused
from queue_server.domain.stops import CLERK


def variant(refusal: NotIssuing) -> str:
    """`why`, and where it matters who stopped it and whether it is so for every service."""
    return f"not_issuing.{_why(refusal)}"


def more(refusal: Refused) -> list[str]:
    """From when there are numbers again, where the sentence itself does not say it."""
    if refusal.facts.get("why") != "stopped" or refusal.facts["opens_at"] is None:
        return []
    return [f"not_issuing.stopped_{refusal.facts['by']}_again"]


def _why(refusal: NotIssuing) -> str:
    why, everything = str(refusal.facts["why"]), "" if "service" in refusal.facts else "_all"
    if why in ("closed", "closing"):
        return "closed_long" if refusal.facts["opens_at"] is None else why
    if why != "stopped":
        return why + everything
    by = str(refusal.facts["by"])
    # Stopped for several reasons at once, or the reason stands apart.
    if by == CLERK and not refusal.facts["reason"]:
        return f"stopped{everything}"
    return f"stopped_{by}{everything}"
