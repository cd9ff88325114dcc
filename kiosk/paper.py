"""Paper for those who stand at the kiosk, on the printer that config.toml names for it."""

from __future__ import annotations

import logging

from flask import Response, jsonify

from kiosk.blueprint import KioskRequest, kiosk_request, room
from kiosk.slips import Printable, slip_of, slip_of_booked
from kiosk.visit import Visit
from queue_server.domain.errors import PrinterFailed
from queue_server.domain.hours import local_day
from queue_server.printing import (
    BY_MILLIMETRES,
    Condition,
    JobState,
    PrinterTrouble,
    Slip,
    SlipForm,
)
from queue_server.web import operators
from queue_server.web.app_context import AppContext, app_context

log = logging.getLogger(__name__)


def print_slip(asked: KioskRequest, visit: Visit) -> None:
    """Print the slip of a ticket, off the hub. Raises `PrinterFailed`."""
    if asked.kiosk.has_server_printer:
        _print(app_context(), asked, slip_of(asked, visit))


def print_booked(asked: KioskRequest, booked: Printable) -> None:
    """Print the slip of an appointment, off the hub. Raises `PrinterFailed`."""
    if asked.kiosk.has_server_printer:
        _print(app_context(), asked, slip_of_booked(asked, booked))


def at_once(asked: KioskRequest, subject: Visit | Printable) -> str:
    """Paper without another touch; what the page says of it: `slip`, `new` or nothing.

    The page does not wait for the printer: `job_of` tells it what has become of the slip. `new`
    lets the kiosk's own browser print. Whatever goes wrong costs the paper and never the number.
    """
    if not asked.kiosk.prints_itself:
        return ""
    if not asked.kiosk.has_server_printer:
        return "new"
    if isinstance(subject, Visit):
        _print_later(asked, subject.ticket.token, slip_of(asked, subject))
    else:
        _print_later(asked, subject.appointment.token, slip_of_booked(asked, subject))
    return "slip"


def job_of(token: str) -> JobState:
    """How far the slip of this ticket or appointment is."""
    return app_context().print_jobs.state(token)


@room.get("/kiosk/<kiosk>/slips/<token>")
def slip_state(kiosk: str, token: str) -> Response:
    """How far a slip is, for the page that is shown meanwhile."""
    kiosk_request(kiosk)
    return jsonify(state=job_of(token))


def _print_later(asked: KioskRequest, token: str, slip: Slip) -> None:
    """The number is safe by now, and nobody who waits for it shall wait for a printer."""
    context = app_context()
    context.print_jobs.begin(token)

    def work() -> None:
        try:
            _print(context, asked, slip)
        except PrinterFailed:
            context.print_jobs.end(token, printed=False)
        else:
            context.print_jobs.end(token, printed=True)

    context.pools.later(work)


def _print(context: AppContext, asked: KioskRequest, slip: Slip) -> None:
    kiosk = asked.kiosk
    form = SlipForm(BY_MILLIMETRES[kiosk.paper_mm], as_picture=kiosk.slip_as == "picture")
    now = context.now()
    today = local_day(now, asked.site.zone)
    try:
        with context.printer_turns.after_own(kiosk.printer):
            context.pools.printers(
                lambda: context.printers.print(kiosk.id, kiosk.printer, slip, form, now, today)
            )
    except PrinterTrouble as trouble:
        log.warning("printer of kiosk %s: %s", kiosk.id, trouble)
        _failed(asked, trouble.condition)
    except Exception:
        # A letter that can't be drawn, a library that stumbles: the number is on the screen.
        log.exception("printer of kiosk %s", kiosk.id)
        _failed(asked, Condition.FAULT)
    operators.count_slip(asked.site.id, kiosk.id, "printed")


def _failed(asked: KioskRequest, why: Condition) -> None:
    operators.count_slip(asked.site.id, asked.kiosk.id, str(why))
    raise PrinterFailed(why=str(why)) from None
