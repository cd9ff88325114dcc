"""What a receipt printer says about itself: the answers to DLE EOT and GS r."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class Condition(StrEnum):
    """How a printer is. From `PAPER` on nothing is printed.

    `MUTE` prints, as far as one knows: it never answers. `SILENT` has answered before and does not
    any more: it hangs. `FAULT` is a jammed cutter, a head too hot, or another error of its own.
    """

    READY = "ready"
    MUTE = "mute"
    PAPER_LOW = "paper_low"
    PAPER = "paper"
    COVER = "cover"
    FAULT = "fault"
    SILENT = "silent"
    UNREACHABLE = "unreachable"
    UNKNOWN_ADDRESS = "unknown_address"

    @property
    def prints(self) -> bool:
        return self in (Condition.READY, Condition.MUTE, Condition.PAPER_LOW)


class PrinterTrouble(Exception):
    """The slip was not printed, as far as one knows; `condition` says why."""

    def __init__(self, condition: Condition, detail: str = "") -> None:
        super().__init__(f"{condition}: {detail}" if detail else str(condition))
        self.condition = condition

    @property
    def reason(self) -> str:
        return str(self.condition)


# DLE EOT is answered at once, even by a printer that has stopped: 2 why it is offline, 3 which
# error, 4 how much paper.
ASK = b"\x10\x04\x02\x10\x04\x03\x10\x04\x04"
ANSWERS = 3

# GS r 1 is answered when everything before it has been printed.
ASK_WHEN_PRINTED = b"\x1dr\x01"

# Bits that are always the same tell the two kinds of answers apart.
STATUS_BITS, STATUS_MARK, PRINTED_BITS = 0x93, 0x12, 0x90
COVER_OPEN, STOPPED_BY_PAPER, STOPPED_BY_ERROR = 0x04, 0x20, 0x40
ANY_ERROR = 0x08 | 0x20 | 0x40
PAPER_OUT, PAPER_NEARLY_OUT = 0x60, 0x0C


def is_status(byte: int) -> bool:
    """Whether this byte answers DLE EOT."""
    return byte & STATUS_BITS == STATUS_MARK


def is_printed(byte: int) -> bool:
    """Whether this byte answers GS r."""
    return byte & PRINTED_BITS == 0


def condition_of(answers: Sequence[int]) -> Condition:
    """The condition that the three answers to `ASK` tell; what a person must mend goes first."""
    offline, error, paper = answers
    if offline & COVER_OPEN:
        return Condition.COVER
    if paper & PAPER_OUT == PAPER_OUT or offline & STOPPED_BY_PAPER:
        return Condition.PAPER
    if error & ANY_ERROR or offline & STOPPED_BY_ERROR:
        return Condition.FAULT
    return Condition.PAPER_LOW if paper & PAPER_NEARLY_OUT else Condition.READY
