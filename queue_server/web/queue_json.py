"""The queue as the desks get it, as JSON. Entries that have not changed are written once.

A desk push names everybody who waits, ten times a second when much happens, and hardly anybody in
it has changed but for their place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from queue_server.domain.site import Site
from queue_server.queries.queue import Queue, Waiting
from queue_server.web.serializers import queue_out, waiting_out

NOBODY = '"waiting":[]'


class QueueJson:
    """What was written last of each site."""

    def __init__(self) -> None:
        self._last: dict[str, _Written] = {}

    def of(self, site: Site, queue: Queue) -> str:
        """As `queue_out` is written, without the optional fields that are not there."""
        rest = queue_out(site, replace(queue, waiting=())).model_dump_json(exclude_none=True)
        before, _, after = rest.partition(NOBODY)
        return f'{before}"waiting":[{",".join(self._people(site, queue))}]{after}'

    def _people(self, site: Site, queue: Queue) -> Iterator[str]:
        last, new = self._last.get(site.id), _Written(site, queue.at.astimezone(site.zone).date())
        known = last.people if last and last.goes_on(new) else {}
        for place, waiting in enumerate(queue.waiting, start=1):
            then, text = known.get(waiting.ticket.id, (None, ""))
            if then != waiting:
                text = waiting_out(site, waiting, queue.at).model_dump_json(exclude_none=True)
            new.people[waiting.ticket.id] = waiting, text
            yield f'{{"place":{place},{text[1:]}'
        self._last[site.id] = new


@dataclass(frozen=True, slots=True)
class _Written:
    """Everybody's own text, without their place. Its sentences may say what is today."""

    site: Site
    day: date
    people: dict[int, tuple[Waiting, str]] = field(default_factory=dict)

    def goes_on(self, newer: _Written) -> bool:
        return self.site is newer.site and self.day == newer.day
