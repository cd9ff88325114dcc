"""Sheets as an OpenDocument spreadsheet (ODS).

Written by hand: the format is a zip of three short files, and the libraries for it are either
no longer kept or carry a whole office document model for the sake of plain tables.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from queue_server.office.files.sheets import Cell, SheetTable

MIME = "application/vnd.oasis.opendocument.spreadsheet"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
MANIFEST = f"""{XML}<manifest:manifest xmlns:manifest="{OASIS}:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MIME}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
HEAD = f"""{XML}<office:document-content office:version="1.3"
 xmlns:office="{OASIS}:office:1.0" xmlns:table="{OASIS}:table:1.0"
 xmlns:text="{OASIS}:text:1.0" xmlns:style="{OASIS}:style:1.0"
 xmlns:fo="{OASIS}:xsl-fo-compatible:1.0"><office:automatic-styles>
<style:style style:name="strong" style:family="table-cell"><style:text-properties
 fo:font-weight="bold"/></style:style>
<style:style style:name="column" style:family="table-column"><style:table-column-properties
 style:column-width="3.4cm"/></style:style>
</office:automatic-styles><office:body><office:spreadsheet>"""
FOOT = "</office:spreadsheet></office:body></office:document-content>"
# What XML cannot hold at all.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def ods_bytes(sheets: Sequence[SheetTable], title: str) -> bytes:
    """The spreadsheet. Texts are written as texts, so that none is ever a formula."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as file:
        # Whoever only looks at the first bytes knows the format: first, and not compressed.
        file.writestr("mimetype", MIME, ZIP_STORED)
        file.writestr("content.xml", HEAD + "".join(map(_table, sheets)) + FOOT)
        file.writestr("meta.xml", _meta(title))
        file.writestr("META-INF/manifest.xml", MANIFEST)
    return out.getvalue()


def _table(sheet: SheetTable) -> str:
    return "".join(_table_parts(sheet))


def _table_parts(sheet: SheetTable) -> Iterator[str]:
    yield f"<table:table table:name={quoteattr(sheet.name)}>"
    yield (
        '<table:table-column table:style-name="column" '
        f'table:number-columns-repeated="{len(sheet.head)}"/>'
    )
    yield f"<table:table-header-rows>{_row(sheet.head, 'strong')}</table:table-header-rows>"
    yield from (_row(row) for row in sheet.rows)
    yield "</table:table>"


def _row(cells: Sequence[Cell], style: str = "") -> str:
    return f"<table:table-row>{''.join(_cell(cell, style) for cell in cells)}</table:table-row>"


def _cell(cell: Cell, style: str) -> str:
    look = f' table:style-name="{style}"' if style else ""
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, str):
        said = escape(FORBIDDEN.sub("", cell))
        kind = 'office:value-type="string"'
        return f"<table:table-cell{look} {kind}><text:p>{said}</text:p></table:table-cell>"
    kind = f'office:value-type="float" office:value="{cell}"'
    return f"<table:table-cell{look} {kind}><text:p>{cell}</text:p></table:table-cell>"


def _meta(title: str) -> str:
    said = escape(FORBIDDEN.sub("", title))
    return f"""{XML}<office:document-meta office:version="1.3" xmlns:office="{OASIS}:office:1.0"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta><dc:title>{said}</dc:title>
<dc:language>de-DE</dc:language></office:meta></office:document-meta>"""
