"""Printers as the rest of the code sees them: two actions and one kind of trouble.

Behind them is a dialogue: how is the printer, does it take the slip, has it printed it?
"""

from __future__ import annotations

import time
from typing import Protocol

from queue_server.printing.address import Address, BadAddress, NoServerPrinter, parse
from queue_server.printing.slip import USUAL, Slip, SlipForm
from queue_server.printing.slip_bytes import escpos_bytes
from queue_server.printing.status import (
    ANSWERS,
    ASK,
    ASK_WHEN_PRINTED,
    Condition,
    PrinterTrouble,
    condition_of,
    is_printed,
    is_status,
)
from queue_server.printing.transports import PATIENCE_SECONDS, Transport, opened

HURRIED_SECONDS = 0.5
"""For reaching a printer that was away a moment ago; the next person shall not wait for it."""
FIRST_ANSWER_SECONDS = 0.3
"""For a printer that has never answered: many can't, and everybody would wait for them."""

ANSWER_SECONDS = 1.0
PRINTED_SECONDS = 4.0
"""From the last byte to the word that all is printed."""

LOOK_AGAIN_SECONDS = 0.5
"""While a slip is being printed: paper that ends in the middle of it is found out so soon."""


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


class Dialogue:
    """One connection with a printer that may have answered before."""

    def __init__(self, line: Transport, *, has_answered: bool) -> None:
        self._line = line
        self.has_answered = has_answered
        self._asked, self._answers, self._is_printed = 0, list[int](), False

    def refuse_trouble(self) -> Condition:
        """How the printer says it is. Raises PrinterTrouble when it would print nothing."""
        condition = self._condition()
        if not condition.prints:
            raise PrinterTrouble(condition)
        return condition

    def hand_over(self, slip: bytes, *, confirms: bool) -> bool:
        """Send a slip and wait until it is printed; whether the printer has said so.

        Who does not answer, or not to this question (`confirms` is false then), is believed.
        Raises PrinterTrouble, also when the trouble comes in the middle of the slip.
        """
        if not (self.has_answered and confirms):
            self._line.send(slip)
            return False
        self._line.send(slip + ASK_WHEN_PRINTED)
        give_up, found = time.monotonic() + PRINTED_SECONDS, Condition.READY
        while not self._is_printed and time.monotonic() < give_up:
            self._listen(LOOK_AGAIN_SECONDS)
            found = Condition.READY if self._is_printed else self._condition()
            # A slip longer than its memory keeps a printer from hearing us for a while.
            if not found.prints and found is not Condition.SILENT:
                raise PrinterTrouble(found, "in the middle of a slip")
        if not found.prints:
            raise PrinterTrouble(found, "took a slip and does not say that it is printed")
        return self._is_printed

    def _condition(self) -> Condition:
        if not self._line.can_answer:
            return Condition.MUTE
        self._line.send(ASK)
        self._asked += ANSWERS
        give_up = time.monotonic() + (ANSWER_SECONDS if self.has_answered else FIRST_ANSWER_SECONDS)
        while len(self._answers) < self._asked and (left := give_up - time.monotonic()) > 0:
            self._listen(left)
        if len(self._answers) < self._asked:
            return Condition.SILENT if self.has_answered else Condition.MUTE
        self.has_answered = True
        return condition_of(self._answers[-ANSWERS:])

    def _listen(self, seconds: float) -> None:
        """Answers come in the order of the questions, those that are late as well."""
        heard = self._line.hear(seconds)
        self._answers += [byte for byte in heard if is_status(byte)]
        self._is_printed |= any(is_printed(byte) for byte in heard)
