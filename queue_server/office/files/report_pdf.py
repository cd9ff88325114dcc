"""A month's report on paper (A4, PDF): large figures first, a drawing, then plain tables.

The letters are those of the printed slips, which know German. Title, language and an outline are
in the file, and no tags: fpdf2 (2.8) tags pictures alone. Its structure tree is flat, knows neither
headings nor tables and is no part of its public API; a file that is tagged in part is read without
the rest. Whoever does not see has the page and the spreadsheets with the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from queue_server.office.files.report import MonthReport, ReportTable
from queue_server.printing.picture_slip import FONTS

if TYPE_CHECKING:
    from datetime import datetime

    from fpdf import FPDF

INK, QUIET, PETROL, SAND, LINE, WHITE = (
    (11, 27, 45), (74, 85, 99), (0, 82, 92), (233, 229, 218), (204, 204, 200), (255, 255, 255),
)  # fmt: skip
MARGIN, WIDTH, FOOT = 18, 174, 20
CHART_HEIGHT, BAR_SHARE = 36, 0.68
# A table that would begin below this begins on the next page.
LOWEST_START = 235
# … and the explanation, which has few lines, below this.
LOWEST_MEANING = 247


def report_pdf(report: MonthReport, made_at: datetime) -> bytes:
    """The file."""
    pdf = _paper(report, made_at)
    _head(pdf, report)
    _tiles(pdf, report.tiles)
    _title(pdf, "Besuche je Tag")
    _drawing(pdf, report.days)
    for table in report.tables:
        _table(pdf, table)
    _meaning(pdf)
    return bytes(pdf.output())


def _paper(report: MonthReport, made_at: datetime) -> FPDF:
    from fpdf import FPDF

    class ReportDocument(FPDF):
        def footer(self) -> None:
            self.set_y(-FOOT + 5)
            _write(self, 8, QUIET)
            self.cell(WIDTH / 2, 5, f"{report.site}, {report.month}")
            self.cell(WIDTH / 2, 5, f"Seite {self.page_no()} von {{nb}}", align="R")

    pdf = ReportDocument()
    pdf.set_title(f"Monatsbericht {report.month}, {report.site}")
    pdf.set_lang("de-DE")
    pdf.set_creator("Aufruf")
    pdf.set_creation_date(made_at)
    pdf.set_margins(MARGIN, MARGIN)
    pdf.set_auto_page_break(True, FOOT)
    pdf.add_font("Noto", "", FONTS / "slip-regular.ttf")
    pdf.add_font("Noto", "B", FONTS / "slip-bold.ttf")
    pdf.add_page()
    return pdf


def _write(pdf: FPDF, size: float, color: tuple[int, int, int] = INK, style: str = "") -> None:
    pdf.set_font("Noto", style, size)
    pdf.set_text_color(*color)


def _head(pdf: FPDF, report: MonthReport) -> None:
    pdf.set_fill_color(*PETROL)
    pdf.rect(0, 0, pdf.w, 34, "F")
    pdf.set_xy(MARGIN, 9)
    _write(pdf, 20, WHITE, "B")
    pdf.cell(WIDTH, 10, f"Monatsbericht {report.month}", new_x="LMARGIN", new_y="NEXT")
    _write(pdf, 11, WHITE)
    pdf.cell(WIDTH, 7, _fitting(pdf, report.site, WIDTH))
    pdf.set_y(42)


def _tiles(pdf: FPDF, tiles: Sequence[tuple[str, str]]) -> None:
    width, top = WIDTH / len(tiles), pdf.get_y()
    for place, (figure, name) in enumerate(tiles):
        pdf.set_xy(MARGIN + place * width, top)
        _write(pdf, 18, PETROL, "B")
        pdf.cell(width, 9, figure)
        pdf.set_xy(MARGIN + place * width, top + 9)
        _write(pdf, 8.5, QUIET)
        pdf.multi_cell(width - 4, 4.2, name, align="L")
    pdf.set_y(top + 22)


def _title(pdf: FPDF, text: str) -> None:
    pdf.start_section(text)
    _write(pdf, 12.5, INK, "B")
    pdf.cell(WIDTH, 9, text, new_x="LMARGIN", new_y="NEXT")


def _drawing(pdf: FPDF, days: Sequence[tuple[str, int]]) -> None:
    """Columns with their numbers above and days below: it needs no colour and no axis."""
    top, slot = pdf.get_y() + 4, WIDTH / len(days)
    most = max((count for _, count in days), default=0) or 1
    floor = top + CHART_HEIGHT
    pdf.set_fill_color(*PETROL)
    for place, (label, count) in enumerate(days):
        x, height = MARGIN + place * slot, CHART_HEIGHT * count / most
        if count:
            pdf.rect(x + slot * (1 - BAR_SHARE) / 2, floor - height, slot * BAR_SHARE, height, "F")
            _small(pdf, x, floor - height - 4, slot, str(count), INK)
        weekday, _, number = label.partition(" ")
        _small(pdf, x, floor + 1, slot, weekday, QUIET)
        _small(pdf, x, floor + 4.5, slot, number, QUIET)
    pdf.set_draw_color(*LINE)
    pdf.line(MARGIN, floor, MARGIN + WIDTH, floor)
    pdf.set_y(floor + 12)


def _small(
    pdf: FPDF, x: float, y: float, width: float, text: str, color: tuple[int, int, int]
) -> None:
    _write(pdf, 6.5, color)
    pdf.set_xy(x, y)
    pdf.cell(width, 3.5, text, align="C")


def _table(pdf: FPDF, table: ReportTable) -> None:
    if pdf.get_y() > LOWEST_START:
        pdf.add_page()
    _title(pdf, table.title)
    _write(pdf, 9)
    if table.rows:
        _rows(pdf, table)
    else:
        pdf.cell(WIDTH, 6, "Nichts in diesem Monat.", new_x="LMARGIN", new_y="NEXT")
    pdf.set_y(pdf.get_y() + 5)


def _rows(pdf: FPDF, table: ReportTable) -> None:
    """Lines between the rows; the heading comes again on every page."""
    from fpdf.fonts import FontFace

    pdf.set_draw_color(*LINE)
    pdf.set_fill_color(*WHITE)
    rest = len(table.head) - 1
    with pdf.table(
        borders_layout="HORIZONTAL_LINES",
        col_widths=(max(100 - 14 * rest, 25), *([14] * rest)),
        headings_style=FontFace(emphasis="BOLD", fill_color=SAND, color=INK),
        line_height=4.8,
        padding=(0.3, 1.5),
        text_align=("LEFT", *["RIGHT"] * rest),
        width=WIDTH,
    ) as drawn:
        for row in (table.head, *table.rows):
            line = drawn.row()
            for cell in row:
                line.cell(cell)


def _meaning(pdf: FPDF) -> None:
    """Nobody shall have to guess what a figure counts."""
    if pdf.get_y() > LOWEST_MEANING:
        pdf.add_page()
    _title(pdf, "Was die Zahlen bedeuten")
    _write(pdf, 8.5, QUIET)
    pdf.multi_cell(WIDTH, 4.6, MEANING, align="L")


MEANING = (
    "Besuche sind ausgegebene Wartenummern. Die Wartezeit zählt von der Ankunft, mit Termin "
    "frühestens ab dem Termin, bis zum ersten Aufruf; die Bearbeitung von „Erschienen“ bis "
    "„Abschließen“. 90 %: So lange dauerte es für neun von zehn höchstens. Anliegen ist das erste, "
    "für das jemand kam; Schalter der, der zuletzt aufrief. Alles kommt aus dem Ereignisprotokoll "
    "und lässt sich jederzeit neu berechnen. Es enthält keine Namen."
)


def _fitting(pdf: FPDF, text: str, width: float) -> str:
    """What of a text has room on its line."""
    if pdf.get_string_width(text) <= width:
        return text
    while text and pdf.get_string_width(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"
