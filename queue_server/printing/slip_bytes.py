"""A slip as the bytes a receipt printer understands: in its own letters, or as a picture."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from queue_server.printing.picture_slip import picture_bytes
from queue_server.printing.slip import SOFT_HYPHEN, USUAL, Paper, Slip, SlipForm, wrapped

EVERY_PRINTER = "cp437"
"""The code page that receipt printers start with; all others differ from maker to maker."""

NUMBER_SIZE = 6
"""Times the plain type."""

NO_BREAK = "\N{NO-BREAK SPACE}"
QR_MEDIUM = 1  # level M of the code's own error correction; paper gets crumpled

# What receipt printers lack in their first code page, and what is written instead.
PLAIN = {
    "\N{NARROW NO-BREAK SPACE}": "\N{NO-BREAK SPACE}",
    **{"„": '"', "“": '"', "”": '"', "‚": "'", "‘": "'", "’": "'", "›": ">", "‹": "<"},
    **{"–": "-", "—": "-", "…": "...", "•": "-", "€": "EUR"},
}
TO_PLAIN = str.maketrans(PLAIN)


def escpos_bytes(slip: Slip, form: SlipForm = USUAL) -> bytes:
    """The slip in ESC/POS, cut off at its end.

    As text (about 0.6 kB) where the letters are ones that every receipt printer has, otherwise
    whole as a picture (about 40 kB): a page of mixed types would look like two slips.
    """
    plain = _plain(slip)
    if form.as_picture or not has_letters_for(plain):
        return picture_bytes(slip, form.paper)
    return text_bytes(plain, form.paper)


def _plain(slip: Slip) -> Slip:
    said: dict[str, Any] = {f.name: _in_plain_letters(getattr(slip, f.name)) for f in fields(slip)}
    return replace(slip, **said)


def _in_plain_letters(said: str | tuple[str, ...]) -> str | tuple[str, ...]:
    if isinstance(said, str):
        return said.translate(TO_PLAIN)
    return tuple(line.translate(TO_PLAIN) for line in said)


def has_letters_for(slip: Slip) -> bool:
    """Whether every receipt printer has the letters of this slip."""
    try:
        for text in slip.words():
            text.replace(SOFT_HYPHEN, "").encode(EVERY_PRINTER)
    except UnicodeEncodeError:
        return False
    return True


def text_bytes(slip: Slip, paper: Paper) -> bytes:
    """The slip in ESC/POS, about 0.6 kB; the printer draws letters and QR code."""
    from escpos.printer import Dummy  # 60 ms to import: only where there is a printer

    printer = Dummy()
    printer.hw("INIT")
    _heading(printer, slip, paper)
    _strong(printer, slip, paper)
    _text(printer, paper, *slip.lines)
    _code(printer, slip, paper)
    _text(printer, paper, *slip.footer)
    printer.cut()
    return bytes(printer.output)


def _heading(printer: Any, slip: Slip, paper: Paper) -> None:
    printer.set(align="center", bold=True)
    _text(printer, paper, slip.site)
    printer.set(align="center", bold=False)
    printer.text("\n")
    _text(printer, paper, slip.caption)
    size = max(1, min(NUMBER_SIZE, paper.columns // max(1, len(slip.number))))
    printer.set(align="center", bold=True, custom_size=True, width=size, height=size)
    printer.text(f"{slip.number}\n")
    printer.set(align="center", bold=False, normal_textsize=True)
    printer.text("\n")


def _strong(printer: Any, slip: Slip, paper: Paper) -> None:
    printer.set(align="center", bold=True)
    _text(printer, paper, *slip.strong)
    printer.set(align="center", bold=False)


def _code(printer: Any, slip: Slip, paper: Paper) -> None:
    if slip.qr_text:
        printer.text("\n")
        printer.qr(slip.qr_text, ec=QR_MEDIUM, size=paper.module_dots, native=True)
        _text(printer, paper, slip.qr_caption)
        printer.text("\n")


def _text(printer: Any, paper: Paper, *lines: str) -> None:
    for line in filter(None, lines):
        for part in wrapped(line, paper.columns, len):
            printer.text(part.replace(NO_BREAK, " ") + "\n")
