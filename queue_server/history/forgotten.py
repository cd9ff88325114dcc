"""Which documents visitors forget: what clerks found missing, and what visitors said themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from queue_server.domain.site import Site
from queue_server.history.visits import PastVisit

# A document is stressed where people book when so many lacked it, and at least this share of them.
LEAST_CASES = 5
LEAST_SHARE = 0.05
# What the journal keeps of a document that config.toml does not name.
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """So many of the `visits` for a service (their first one) came without this document."""

    service: str
    document: str
    count: int
    visits: int

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.count / self.visits

    @property
    def is_frequent(self) -> bool:
        """Whether enough people forget it to say so beforehand."""
        return self.count >= LEAST_CASES and self.share >= LEAST_SHARE


def forgotten(some: Iterable[PastVisit], site: Site) -> list[Forgotten]:
    """What was missing at these visits: services in the order of config.toml, the most first."""
    came: Counter[str] = Counter()
    lacked: Counter[tuple[str, str]] = Counter()
    for visit in some:
        came[visit.service] += 1
        lacked.update((visit.service, document) for document in set(visit.missing))
    places = {service.id: place for place, service in enumerate(site.services)}
    found = [Forgotten(*pair, count, came[pair[0]]) for pair, count in lacked.items()]
    return sorted(
        found, key=lambda one: (places.get(one.service, len(places)), -one.count, one.document)
    )


def frequent(found: Sequence[Forgotten]) -> frozenset[tuple[str, str]]:
    """Service and document of what is forgotten often; the unnamed says nothing to anybody."""
    return frozenset(
        (one.service, one.document) for one in found if one.is_frequent and one.document != OTHER
    )
