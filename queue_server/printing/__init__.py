"""Ticket slips on paper: `printer_for(address)` gives the printer, `Printer.print(slip)` prints."""

from queue_server.printing.address import check_address
from queue_server.printing.printers import Printer, printer_for
from queue_server.printing.senders import PrinterTrouble
from queue_server.printing.slip import Slip

__all__ = ["Printer", "PrinterTrouble", "Slip", "check_address", "printer_for"]
