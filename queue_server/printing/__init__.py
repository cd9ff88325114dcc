"""Ticket slips on paper: `printer_for(address)` gives the printer, `Printer.print(slip)` prints."""

from queue_server.printing.address import check_address
from queue_server.printing.picture_slip import can_shape
from queue_server.printing.printers import Printer, printer_for
from queue_server.printing.slip import BY_MILLIMETRES, Paper, Slip, SlipForm
from queue_server.printing.status import Condition, PrinterTrouble
from queue_server.printing.watch import JobState, PrinterState, PrinterWatch, PrintJobs

__all__ = [
    "BY_MILLIMETRES",
    "Condition",
    "JobState",
    "Paper",
    "PrintJobs",
    "Printer",
    "PrinterState",
    "PrinterTrouble",
    "PrinterWatch",
    "Slip",
    "SlipForm",
    "can_shape",
    "check_address",
    "printer_for",
]
