"""Printers as the rest of the house sees them: two verbs and one kind of trouble."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from queue_server.printing.address import Address, BadAddress, NoServerPrinter, parse
from queue_server.printing.senders import PrinterTrouble, send
from queue_server.printing.slip import Slip, escpos_bytes


class Printer(Protocol):
    """Both verbs may block for about four seconds: call them on a thread, never on the hub."""

    def print(self, slip: Slip) -> None:
        """Print one slip. Raises PrinterTrouble."""

    def check(self) -> None:
        """Reach the printer and ask it for paper, without printing. Raises PrinterTrouble."""


def printer_for(address: str) -> Printer | None:
    """The printer behind an address; None for "browser" and "", where the server prints nothing.

    Nothing is opened yet. Raises PrinterTrouble("unknown_address").
    """
    try:
        place = parse(address)
    except BadAddress as fault:
        raise PrinterTrouble("unknown_address", str(fault)) from fault
    return None if isinstance(place, NoServerPrinter) else _ReceiptPrinter(place)


@dataclass(frozen=True)
class _ReceiptPrinter:
    place: Address

    def print(self, slip: Slip) -> None:
        send(self.place, escpos_bytes(slip))

    def check(self) -> None:
        send(self.place, b"")
