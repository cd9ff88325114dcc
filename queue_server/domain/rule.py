"""The calling rule in plain numbers: which head of a line goes first.

Desk, queue view, forecast, simulation and audit all use this one;
`domain/priority.py` describes what the rules mean. Times are UTC milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from queue_server.domain.site import PriorityRules
from queue_server.domain.timestamps import MINUTE_MS

# A place in a line: when one came, when one arrived (UTC ms), and the ticket for ties.
Rank = tuple[int, int, int]


class Verdict(NamedTuple):
    """Which of two heads goes first: the appointment, or the first of the others.

    `contested` is True when the appointment was due and the office busy, `guard` when the others
    had their share of such calls.
    """

    booked: bool
    contested: bool = False
    guard: bool = False


BOOKED, OTHER = Verdict(True), Verdict(False)
DUE_FIRST, GUARD = Verdict(True, contested=True), Verdict(False, contested=True, guard=True)


def leading(
    rule: str, heads: Sequence[Rank | None], weights: Sequence[float], now: int
) -> int | None:
    """The line whose head goes first under `strict`, `arrival` or `accumulating`; None: all empty.

    Lines stand highest class first; a tie of credit goes to the higher class. `weights` is the
    credit per minute of each line (Kleinrock 1964), `now` and places are UTC milliseconds.
    """
    first: int | None = None
    for line, head in enumerate(heads):
        if head is None:
            continue
        if first is None:
            first = line
        elif rule == "arrival":
            first = line if head < heads[first] else first  # type: ignore[operator]
        elif rule == "accumulating":
            best = weights[first] * (now - heads[first][0])  # type: ignore[index]
            first = line if weights[line] * (now - head[0]) > best else first
    return first


def between(
    rules: PriorityRules, booked: Rank, other: Rank, now: int, *, busy: bool, share: bool
) -> Verdict:
    """The rule for the head of the appointments and the head of the others.

    `busy` says whether the office is, `share` whether the guard's share is open: none of the last
    `guard_every - 1` contested calls was the guard's.
    """
    if rules.rule != "due_first":
        return BOOKED if leading(rules.rule, (booked, other), (rules.ratio, 1), now) == 0 else OTHER
    if not (busy and booked[0] <= now):
        return BOOKED if booked < other else OTHER
    if share and now - other[0] > rules.guard_after_minutes * MINUTE_MS:
        return GUARD
    return DUE_FIRST


def is_busy(rules: PriorityRules, work: int, counters_open: int) -> bool:
    """Whether so many milliseconds of work make so many counters busy; none are always busy."""
    return work >= minutes_until_busy(rules, counters_open) * MINUTE_MS


def minutes_until_busy(rules: PriorityRules, counters_open: int) -> int:
    """The minutes of work before so many counters that make the office busy."""
    return rules.busy_from_minutes * counters_open


def share_is_open(recent: Sequence[bool], rules: PriorityRules) -> bool:
    """Whether the guard may have the next contested call: `recent` ones were all appointments'."""
    last = recent[: rules.guard_every - 1]
    return len(last) == rules.guard_every - 1 and not any(last)
