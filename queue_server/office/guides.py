"""Guides to print, a page each: for the counter, the front desk and helpers at the kiosk."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Response

import queue_server.printing
from queue_server.domain.errors import NotFound
from queue_server.office.blueprint import ClerkRequest, clerk_request, page, room
from queue_server.office.guide_texts import Guide, GuideLine, guides


@room.get("/office/guides")
def guides_page() -> Response:
    """All guides, to be read here or printed."""
    who = clerk_request()
    return page(who, "office/guides.html", guides=guides(who.context.settings, who.site))


@room.get("/office/guides/<guide>")
def guide_page(guide: str) -> Response:
    """One guide; printed it is a page. Raises `NotFound`."""
    who = clerk_request()
    return page(who, "office/guide.html", guide=_found(who, guide))


@room.get("/office/guides/<guide>.pdf")
def guide_paper(guide: str) -> Response:
    """The same as PDF. Raises `NotFound`."""
    who = clerk_request()
    found, at = _found(who, guide), who.now.astimezone(who.site.zone)
    paper = who.context.pools.reports(lambda: on_paper(found, who.site.name, at))
    answer = Response(paper, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=f"anleitung-{found.id}.pdf")
    return answer


def _found(who: ClerkRequest, id: str) -> Guide:
    for guide in guides(who.context.settings, who.site):
        if guide.id == id:
            return guide
    raise NotFound(guide=id)


if TYPE_CHECKING:
    from fpdf import FPDF

FONTS = Path(queue_server.printing.__file__).parent / "fonts"
# Points at the usual size. Letters shrink until all services of an office are on the page.
TITLE, ABOUT, HEADING, TEXT = 26, 12, 14, 11
SCALES = tuple(step / 20 for step in range(24, 7, -1))
MARGIN_MM, MARK_MM, POINT_MM = 16, 12, 25.4 / 72
PETROL, PALE = (0, 82, 92), (220, 236, 238)


def on_paper(guide: Guide, site_name: str, at: datetime) -> bytes:
    """The PDF with title and language; `at` is in its footer."""
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    for scale in SCALES:
        pdf = _drawn(guide, site_name, at, scale)
        if pdf.page_no() == 1:
            break
        _close_fonts(pdf)
    paper = bytes(pdf.output())
    _close_fonts(pdf)
    return paper


def _close_fonts(pdf: FPDF) -> None:
    """fpdf2 keeps the files of its fonts open."""
    for font in pdf.fonts.values():
        font.ttfont.close()  # type: ignore[union-attr]


def _drawn(guide: Guide, site_name: str, at: datetime, scale: float) -> FPDF:
    # Imported late: it costs a tenth of a second that a server without readers need not pay.
    from fpdf import FPDF

    pdf = FPDF(format="A4")
    pdf.set_title(f"{guide.title} – {site_name}")
    pdf.set_lang("de-DE")
    pdf.set_author(site_name)
    pdf.set_creation_date(at)
    pdf.set_margin(MARGIN_MM)
    pdf.set_auto_page_break(True, MARGIN_MM)
    pdf.add_font("slip", "", FONTS / "slip-regular.ttf")
    pdf.add_font("slip", "B", FONTS / "slip-bold.ttf")
    pdf.add_page()
    _head(pdf, guide, site_name, scale)
    for part in guide.parts:
        _space(pdf, scale, 2.2)
        _say(pdf, part.title, HEADING * scale, bold=True, color=PETROL)
        for line in part.lines:
            _space(pdf, scale, 0.6)
            _line(pdf, line, scale)
    _space(pdf, scale, 3)
    _say(pdf, f"Stand {at:%d.%m.%Y}, aus der laufenden Einrichtung", 8 * scale)
    return pdf


def _head(pdf: FPDF, guide: Guide, site_name: str, scale: float) -> None:
    _say(pdf, site_name, ABOUT * scale)
    _say(pdf, guide.title, TITLE * scale, bold=True, color=PETROL)
    _say(pdf, guide.about, ABOUT * scale)


def _line(pdf: FPDF, line: GuideLine, scale: float) -> None:
    """The mark in a separate box, and the words beside it."""
    size = TEXT * scale
    height, top = size * POINT_MM * 1.3, pdf.get_y()
    # A box must not stay behind on a page whose words went to the next one.
    if pdf.will_page_break(height):
        pdf.add_page()
        top = pdf.get_y()
    if line.mark:
        pdf.set_fill_color(*PALE)
        pdf.set_font("slip", "B", size)
        pdf.set_xy(MARGIN_MM, top)
        pdf.cell(MARK_MM * scale * 0.75, height, line.mark, align="C", fill=True)
    pdf.set_xy(MARGIN_MM + MARK_MM * scale, top)
    pdf.set_font("slip", "", size)
    pdf.multi_cell(0, height, line.words, align="L", new_x="LMARGIN", new_y="NEXT")


def _say(
    pdf: FPDF,
    words: str,
    size: float,
    *,
    bold: bool = False,
    color: tuple[int, int, int] = (0, 0, 0),
) -> None:
    pdf.set_font("slip", "B" if bold else "", size)
    pdf.set_text_color(*color)
    pdf.multi_cell(0, size * POINT_MM * 1.3, words, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.set_text_color(0, 0, 0)


def _space(pdf: FPDF, scale: float, millimetres: float) -> None:
    pdf.set_y(pdf.get_y() + millimetres * scale)
