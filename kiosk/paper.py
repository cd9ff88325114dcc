"""The slip for those who want one, on the printer that config.toml names for the kiosk."""

from __future__ import annotations

import logging

from flask import render_template

from kiosk.door import Here
from kiosk.visit import Visit
from queue_server.domain.errors import PrinterFailed
from queue_server.printing import PrinterTrouble, Slip, printer_for
from queue_server.web.hall import hall

log = logging.getLogger(__name__)


def print_slip(place: Here, visit: Visit) -> None:
    """Print the slip of a ticket, off the hub. Raises `PrinterFailed`."""
    slip = slip_of(place, visit)
    try:
        printer = printer_for(place.kiosk.printer)
        if printer is not None:
            hall().slow(lambda: printer.print(slip))
    except PrinterTrouble as trouble:
        log.warning("printer of kiosk %s: %s", place.kiosk.id, trouble)
        raise PrinterFailed(why=trouble.reason) from None


def slip_of(place: Here, visit: Visit) -> Slip:
    """The words of the slip come from a template, as those of the pages do."""
    text = render_template("kiosk/slip.txt", visit=visit, site=place.site)
    *lines, footer = [line.strip() for line in text.splitlines() if line.strip()]
    return Slip(place.site.name, visit.ticket.number, tuple(lines), visit.follow_url, footer)
