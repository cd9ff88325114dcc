"""Figures of people who work here: never of fewer than five cases, nor deducible from others.

Only where the office allows them at all. Whoever has too few cases is counted together with
others, and with as many more as it takes: what is left of the total is no single person's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from queue_server.history.visits import PastVisit

LEAST_CASES = 5
# The key of those who are counted together.
TOGETHER = "*"
Groups = dict[str, list[PastVisit]]


def without_small(groups: Mapping[str, Sequence[PastVisit]]) -> Groups:
    """The groups, small ones as one. Whoever was never called (no key) is nobody's case."""
    alone = {key: list(some) for key, some in groups.items() if key}
    together: list[PastVisit] = []
    for key in [key for key, some in alone.items() if _is_small(some)]:
        together += alone.pop(key)
    # Of a single one left over, everybody could work out the figures from the total.
    while together and alone and _is_small(together):
        smallest = min(alone, key=lambda key: (len(alone[key]), key))
        together += alone.pop(smallest)
    rest = {"": list(groups[""])} if "" in groups else {}
    if together and not _is_small(together):
        alone[TOGETHER] = together
    return alone | rest


def _is_small(some: Sequence[PastVisit]) -> bool:
    """Whether any of the figures stands for fewer than five cases; none at all tells nothing."""
    counts = (
        len(some),
        sum(visit.called is not None for visit in some),
        sum(visit.walking is not None for visit in some),
        sum(visit.serving is not None for visit in some),
    )
    return any(0 < count < LEAST_CASES for count in counts)
