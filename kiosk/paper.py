"""The slip for those who want one, on the printer that config.toml names for the kiosk."""

from __future__ import annotations

import logging
from typing import Any, Protocol

from flask import render_template

from kiosk.door import Here
from kiosk.visit import Visit
from queue_server.domain.appointment import Appointment
from queue_server.domain.errors import PrinterFailed
from queue_server.languages.words import FIRM
from queue_server.printing import PrinterTrouble, Slip, printer_for
from queue_server.web.hall import hall

log = logging.getLogger(__name__)


class Printable(Protocol):
    """What the slip of an appointment tells."""

    @property
    def appointment(self) -> Appointment: ...

    @property
    def code_url(self) -> str: ...


def print_slip(place: Here, visit: Visit) -> None:
    """Print the slip of a ticket, off the hub. Raises `PrinterFailed`."""
    _print(place, slip_of(place, visit))


def print_booked(place: Here, booked: Printable) -> None:
    """Print the slip of an appointment, off the hub. Raises `PrinterFailed`."""
    _print(place, slip_of_booked(place, booked))


def _print(place: Here, slip: Slip) -> None:
    try:
        printer = printer_for(place.kiosk.printer)
        if printer is not None:
            hall().slow(lambda: printer.print(slip))
    except PrinterTrouble as trouble:
        log.warning("printer of kiosk %s: %s", place.kiosk.id, trouble)
        raise PrinterFailed(why=trouble.reason) from None


def slip_of(place: Here, visit: Visit) -> Slip:
    """The words of the slip come from a template, as those of the pages do."""
    *lines, footer = _lines("kiosk/slip.txt", visit=visit, site=place.site)
    return Slip(place.site.name, visit.ticket.number, tuple(lines), visit.follow_url, footer)


def slip_of_booked(place: Here, booked: Printable) -> Slip:
    """The Termincode stands where the number stands on the slip of a ticket."""
    *lines, footer = _lines("kiosk/booked.txt", booked=booked, site=place.site)
    code = booked.appointment.code
    return Slip(place.site.name, code, tuple(lines), booked.code_url, footer)


def _lines(template: str, **values: Any) -> list[str]:
    # Not every printer has a blank that does not break.
    text = render_template(template, **values).replace(FIRM, " ")
    return [line.strip() for line in text.splitlines() if line.strip()]
