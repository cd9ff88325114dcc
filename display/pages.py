"""The wall display in the waiting room: a public page with numbers and places, never a name."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from flask import Blueprint, Response, make_response, render_template

from display.legibility import rows_of
from queue_server.domain.site import Display, Site
from queue_server.queries.board import board
from queue_server.settings import VERSION
from queue_server.web.hall import hall
from queue_server.web.identity import who
from queue_server.web.wire import board_out

room = Blueprint(
    "display",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/display",
)
# A wall that finds another value here than in its own page reloads itself.
PAGE_HEADER = "Aufruf-Page"
# As many as calls.css knows.
MOST_SLOTS = 20
# Set as large as a number up to so many characters, and so on; the same as in board.js.
FITS = (("full", 3), ("half", 5), ("third", 10))


@dataclass(frozen=True, slots=True)
class Frame:
    """What stays the same on this wall until the configuration or the program changes.

    `booking` is the address where appointments are booked, to be read and typed; empty for none.
    """

    site: str
    site_name: str
    display: str
    name: str
    rows: int
    rows_upright: int
    booking: str = ""
    version: str = VERSION

    @property
    def fingerprint(self) -> str:
        return sha256(repr(self).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Place:
    """A counter's name as the wall sets it: "Schalter 3" is a small word and a large sign.

    `fit` says how much smaller a long sign is set.
    """

    word: str
    sign: str

    @property
    def fit(self) -> str:
        return next((fit for fit, most in FITS if len(self.sign) <= most), "lines")


@room.get("/display/<id>")
def wall(id: str) -> Response:
    """The wall with its first board, so that it can be read before any script has run.

    Raises `NotFound`.
    """
    house = hall()
    site, display = house.settings.display(id)
    frame = frame_of(site, display)
    with house.store.snapshot() as snapshot:
        first = board_out(site, board(snapshot, site, house.now()))
    page = make_response(
        render_template(
            "display/wall.html",
            frame=frame,
            board=first,
            slots=slots_for(len(first.calls), frame.rows),
            is_paired=is_paired(id),
        )
    )
    page.headers[PAGE_HEADER] = frame.fingerprint
    return page


def frame_of(site: Site, display: Display) -> Frame:
    return Frame(
        site=site.id,
        site_name=site.name,
        display=display.id,
        name=display.name,
        rows=rows_of(display),
        rows_upright=rows_of(display, upright=True),
        booking=_booking_address(site),
    )


def _booking_address(site: Site) -> str:
    settings = hall().settings
    if not settings.mail.is_on or not any(service.bookable for service in site.services):
        return ""
    return f"{settings.public_url.partition('://')[2]}/termin"


def slots_for(calls: int, rows: int) -> int:
    """Rows below the large call before the script has measured the screen."""
    return 0 if calls < 2 else min(MOST_SLOTS, max(calls - 1, min(2, rows - 1)))


def is_paired(display: str) -> bool:
    """Whether the asking browser is this very wall."""
    device = who().device
    return device is not None and (device.role, device.place) == ("display", display)


@room.app_template_filter("wall_place")
def place_of(counter: str) -> Place:
    """Split off the sign; a name without a digit at its end is a sign as a whole."""
    word, _, sign = counter.rpartition(" ")
    return Place(word, sign) if any(map(str.isdigit, sign)) else Place("", counter)
