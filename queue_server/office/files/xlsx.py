"""Sheets as an Excel workbook (XLSX)."""

from __future__ import annotations

import io
from collections.abc import Sequence

from queue_server.office.files.sheets import SheetTable

# A text stays a text, whatever it looks like: no formula and no link is ever made of one.
PLAIN = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
NARROW, WIDE = 10, 48


def xlsx_bytes(sheets: Sequence[SheetTable], title: str) -> bytes:
    """The workbook, its headings frozen and bold."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, PLAIN) as book:
        book.set_properties({"title": title})
        strong = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 1)
            for column, said in enumerate(sheet.head):
                page.write_string(0, column, said, strong)
                page.set_column(column, column, _width(sheet, column))
            for line, row in enumerate(sheet.rows, 1):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        page.write_string(line, column, cell)
                    elif cell is not None:
                        page.write_number(line, column, cell)
    return out.getvalue()


def _width(sheet: SheetTable, column: int) -> int:
    """As wide as its texts; headings break."""
    longest = max((len(str(row[column])) for row in sheet.rows), default=0)
    return min(max(longest + 2, NARROW), WIDE)
