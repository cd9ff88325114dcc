"""What stands on a ticket slip, and the same as the bytes a receipt printer understands."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

COLUMNS = 42
"""Characters in a line of plain type on 80 mm paper, with any printer."""

NARROW_COLUMNS = 30
NUMBER_SIZE = 6
"""Times the plain type. "M 042" then fits 58 mm paper too and is read at arm's length."""

QR_MODULE_DOTS = 6
QR_MEDIUM = 1  # level M of the code's own error correction; paper gets crumpled


@dataclass(frozen=True)
class Slip:
    """One ticket or appointment on paper, in ready words of the visitor's language.

    `number` is the ticket's number or the Termincode, as large as narrow paper has room for it.
    Never a name: a lost slip tells nothing about who lost it. `qr_text` may be empty.
    """

    site: str
    number: str
    lines: tuple[str, ...] = ()
    qr_text: str = ""
    footer: str = ""


def escpos_bytes(slip: Slip) -> bytes:
    """The slip in ESC/POS, cut off at its end. Letters no printer has become question marks."""
    from escpos.printer import Dummy  # 60 ms to import: only where there is a printer

    paper = Dummy()
    paper.hw("INIT")
    _heading(paper, slip)
    _text(paper, *slip.lines)
    if slip.qr_text:
        paper.text("\n")
        paper.qr(slip.qr_text, ec=QR_MEDIUM, size=QR_MODULE_DOTS, native=True)
        paper.text("\n")
    _text(paper, slip.footer)
    paper.cut()
    return bytes(paper.output)


def _heading(paper: Any, slip: Slip) -> None:
    paper.set(align="center", bold=True)
    _text(paper, slip.site)
    paper.text("\n")
    size = max(1, min(NUMBER_SIZE, NARROW_COLUMNS // max(1, len(slip.number))))
    paper.set(align="center", bold=True, custom_size=True, width=size, height=size)
    paper.text(f"{slip.number}\n")
    paper.set(align="center", bold=False, normal_textsize=True)
    paper.text("\n")


def _text(paper: Any, *lines: str) -> None:
    for line in lines:
        for part in textwrap.wrap(line, COLUMNS):
            paper.text(f"{part}\n")
