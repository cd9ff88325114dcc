"""Printers as the rest of the code sees them: two actions and one kind of trouble."""

from __future__ import annotations

from typing import Protocol

from queue_server.printing.address import Address, BadAddress, NoServerPrinter, parse
from queue_server.printing.dialogue import Dialogue
from queue_server.printing.slip import USUAL, Slip, SlipForm
from queue_server.printing.slip_bytes import escpos_bytes
from queue_server.printing.status import Condition, PrinterTrouble
from queue_server.printing.transports import PATIENCE_SECONDS, opened

HURRIED_SECONDS = 0.5
"""For reaching a printer that was away a moment ago; the next person shall not wait for it."""


class Printer(Protocol):
    """Both actions may block for some seconds: call them on a thread, never on the hub."""

    def print(self, slip: Slip, form: SlipForm = USUAL) -> Condition:
        """Print one slip; how the printer is, for paper may be low. Raises PrinterTrouble."""

    def check(self) -> Condition:
        """How the printer is, without printing. Raises PrinterTrouble when it prints nothing."""


def printer_for(address: str) -> Printer | None:
    """The printer behind an address; None for "browser" and "", where the server prints nothing.

    Nothing is opened yet. Raises PrinterTrouble (`UNKNOWN_ADDRESS`).
    """
    try:
        place = parse(address)
    except BadAddress as fault:
        raise PrinterTrouble(Condition.UNKNOWN_ADDRESS, str(fault)) from fault
    return None if isinstance(place, NoServerPrinter) else ReceiptPrinter(place)


class ReceiptPrinter:
    """Remembers what it has learned: whether the printer answers at all, and to which questions."""

    def __init__(self, place: Address) -> None:
        self._place = place
        self._has_answered, self._confirms, self._was_away = False, True, False

    def print(self, slip: Slip, form: SlipForm = USUAL) -> Condition:
        return self._talk(escpos_bytes(slip, form))

    def check(self) -> Condition:
        return self._talk(b"")

    def _talk(self, slip: bytes) -> Condition:
        patience = HURRIED_SECONDS if self._was_away else PATIENCE_SECONDS
        try:
            with opened(self._place, patience) as line:
                dialogue = Dialogue(line, has_answered=self._has_answered)
                found = dialogue.refuse_trouble()
                self._has_answered = dialogue.has_answered
                if slip:
                    was_told = dialogue.hand_over(slip, confirms=self._confirms)
                    # It has not answered once, so the next person does not wait for an answer.
                    self._confirms = was_told or not self._has_answered
        except PrinterTrouble as trouble:
            self._was_away = trouble.condition is Condition.UNREACHABLE
            raise
        self._was_away = False
        return found
