"""The boards of several sites as one wall shows them; `boards.js` does the same with live ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, zip_longest
from math import inf

from display.place import PlaceLabel, breakable, place_of
from queue_server.domain.site import Display, Site
from queue_server.languages.office_texts import short_name_of
from queue_server.web.models import BoardCallOut, BoardOut, NotIssuingOut

# As many as calls.css knows.
MOST_SLOTS = 20
Watched = Sequence[tuple[Site, BoardOut]]


@dataclass(frozen=True, slots=True)
class ShownCall:
    """A call and where it stands; `site` is empty on a wall of one site."""

    call: BoardCallOut
    site: str
    place: PlaceLabel


@dataclass(frozen=True, slots=True)
class ShownBoard:
    """What a wall shows. `next` is the number and its site; `stop` why there are no numbers at
    all, `stops` are the sentences about each site that has none.
    """

    at: datetime
    calls: tuple[ShownCall, ...]
    next: tuple[tuple[str, str], ...]
    issuing: bool
    stop: NotIssuingOut | None
    stops: tuple[str, ...]
    notices: tuple[str, ...]

    @property
    def is_over(self) -> bool:
        """Nobody is called, nobody waits, and nobody can come."""
        return not (self.calls or self.next or self.issuing)

    @property
    def is_closed(self) -> bool:
        """Over until the next opening; nothing then invites anybody to wait."""
        return self.is_over and self.stop is not None and self.stop.why == "closed"

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands at the foot, one after the other: first why there are no numbers."""
        if self.is_closed:
            return ()
        return self.notices if self.is_over else (*self.stops, *self.notices)

    def slots(self, rows: int) -> int:
        """Rows below the large call before the script has measured the screen."""
        count = len(self.calls)
        return 0 if count < 2 else min(MOST_SLOTS, max(count - 1, min(2, rows - 1)))


def joined(display: Display, watched: Watched) -> ShownBoard:
    """All sites together, newest call first. No site is closed while another gives out numbers."""
    calls = list(chain.from_iterable(_calls(display, watched)))
    stops = [board.not_issuing for _, board in watched]
    return ShownBoard(
        at=min(board.at for _, board in watched),
        calls=tuple(sorted(calls, key=lambda each: each.call.at, reverse=True)),
        next=tuple(_next(display, watched)),
        issuing=None in stops,
        stop=None if None in stops else min(filter(None, stops), key=_opening),
        stops=tuple(_stops(watched)),
        notices=tuple(dict.fromkeys(chain.from_iterable(b.notices for _, b in watched))),
    )


def places_shown(display: Display, site: Site) -> list[str] | None:
    """Names of the counters whose calls this wall shows; None for all of them."""
    if not display.areas:
        return None
    return [counter.name for counter in site.counters if counter.area in display.areas]


def label_of(site: Site, watched: Sequence[object]) -> str:
    """What tells the sites of one wall apart: long names may begin alike."""
    return short_name_of(site).text if len(watched) > 1 else ""


def _calls(display: Display, watched: Watched) -> Iterator[list[ShownCall]]:
    for site, board in watched:
        places = places_shown(display, site)
        yield [
            ShownCall(call, label_of(site, watched), place_of(breakable(call.counter)))
            for call in board.calls
            if places is None or call.counter in places
        ]


def _next(display: Display, watched: Watched) -> Iterator[tuple[str, str]]:
    """In turns. Who waits does not belong to an area yet."""
    if display.areas or display.layout != "calls_next":
        return
    queues = [[(number, label_of(site, watched)) for number in b.next] for site, b in watched]
    yield from (each for turn in zip_longest(*queues) for each in turn if each is not None)


def _stops(watched: Watched) -> Iterator[str]:
    for site, board in watched:
        if board.not_issuing is not None:
            label = label_of(site, watched)
            yield f"{label}: {board.not_issuing.text}" if label else board.not_issuing.text


def _opening(stop: NotIssuingOut) -> float:
    return stop.opens_at.timestamp() if stop.opens_at else inf
