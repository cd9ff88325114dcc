"""The figures as files: opened again, their numbers are the page's, and no text is a formula."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from xml.etree import ElementTree
from zipfile import ZIP_STORED, ZipFile

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.office.files.ods import MIME, ods_bytes
from queue_server.office.files.sheets import SheetTable
from queue_server.office.files.xlsx import xlsx_bytes
from tests.api.endpoints import API
from tests.office import Office

Visit = Callable[..., BeautifulSoup]
Table = list[list[str]]
PATH, MONDAY = "/office/figures", "from=2026-06-08&to=2026-06-08"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ODF = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
EVIL = ['=HYPERLINK("http://x")', "+49", "-1", "@SUM(A1)", "\t=1", "<b>&\x01", "https://x.example"]


@pytest.fixture
def lea(office: Office) -> FlaskClient:
    """On Monday two came: one waited 6.5 minutes and lacked a document, the other went home."""
    aylin = office.signed_in("Aylin", "schalter-1")
    drawn = [
        aylin.post(f"{API}/sites/rathaus/tickets", json={"services": [service]}).json["id"]
        for service in ("meldewesen", "kfz")
    ]
    lacking = {"outcome": "documents_missing", "missing": ["Wohnungsgeberbestätigung"]}
    for minutes, verb in ((6.5, "calls"), (2, "arrival"), (10, "completion")):
        office.clock.pass_time(minutes=minutes)
        body = lacking if verb == "completion" else {}
        assert aylin.post(f"{API}/counters/schalter-1/{verb}", json=body).status_code == 200
    aylin.post(f"{API}/tickets/{drawn[1]}/cancellation", json={})
    office.clock.pass_time(days=1)
    return office.signed_in("Lea")


def file_of(client: FlaskClient, form: str, by: str = "service") -> bytes:
    answer = client.get(f"{PATH}/files/{form}?{MONDAY}&by={by}")
    assert answer.status_code == 200, answer.text
    name = f"aufruf-rathaus-{by}-2026-06-08-2026-06-08.{form}"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
    return answer.data


def xlsx_tables(data: bytes) -> dict[str, Table]:
    """Every sheet by its name, cells as they stand in the file."""
    with ZipFile(io.BytesIO(data)) as file:
        texts = [
            "".join(item.itertext())
            for item in ElementTree.fromstring(file.read("xl/sharedStrings.xml"))
        ]
        book = ElementTree.fromstring(file.read("xl/workbook.xml"))
        names = [sheet.attrib["name"] for sheet in book.iter(f"{MAIN}sheet")]
        return {
            name: _xlsx_rows(file.read(f"xl/worksheets/sheet{place}.xml"), texts)
            for place, name in enumerate(names, 1)
        }


def _xlsx_rows(page: bytes, texts: list[str]) -> Table:
    root = ElementTree.fromstring(page)
    assert not list(root.iter(f"{MAIN}f")) and not list(root.iter(f"{MAIN}hyperlink"))
    return [
        [
            texts[int(value)] if cell.get("t") == "s" else value
            for cell in row
            if (value := cell.findtext(f"{MAIN}v")) is not None
        ]
        for row in root.iter(f"{MAIN}row")
    ]


def ods_tables(data: bytes) -> dict[str, Table]:
    with ZipFile(io.BytesIO(data)) as file:
        first = file.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)
        assert file.read("mimetype").decode() == MIME
        for part in ("META-INF/manifest.xml", "meta.xml"):
            ElementTree.fromstring(file.read(part))
        root = ElementTree.fromstring(file.read("content.xml"))
    table, office = ODF % "table", ODF % "office"
    assert not [cell for cell in root.iter() if f"{table}formula" in cell.attrib]
    return {
        sheet.attrib[f"{table}name"]: [
            [
                cell.get(f"{office}value") or "".join(cell.itertext())
                for cell in row
                if cell.get(f"{office}value-type")
            ]
            for row in sheet.iter(f"{table}table-row")
        ]
        for sheet in root.iter(f"{table}table")
    }


def shown(page: BeautifulSoup) -> list[str]:
    """Every count and every mean wait of the page's rows."""
    rows = page.select(".figures__table--grouped :is(tbody, tfoot) tr")
    return [" ".join(cell.get_text().split()) for row in rows for cell in row.select("th, td")[:6]]


@pytest.mark.parametrize(("form", "read"), [("xlsx", xlsx_tables), ("ods", ods_tables)])
def test_a_spreadsheet_opens_with_the_numbers_of_the_page(
    lea: FlaskClient, visit: Visit, form: str, read: Callable[[bytes], dict[str, Table]]
) -> None:
    tables = read(file_of(lea, form))

    head, *rows = tables["Zahlen"]
    assert head[:3] == ["Anliegen", "Besuche", "bedient"]
    assert [cell for row in rows for cell in row[:6]] == shown(
        visit(lea, f"{PATH}?{MONDAY}&by=service")
    )
    waits = dict(zip(head[6:], rows[0][6:], strict=False))
    assert (waits["Wartezeit (min) Mittel"], waits["Wartezeit Anzahl"]) == ("6.5", "1")
    assert tables["Fehlende Unterlagen"][1][1:3] == ["Wohnungsgeberbestätigung", "1"]
    weekday, *numbers = tables["Woche"][1]
    assert (weekday, [float(cell) for cell in numbers]) == ("Montag", [8, 2, 2, 6.5])
    assert ["Erster Tag", "2026-06-08"] in tables["Zeitraum"]


@pytest.mark.parametrize(("write", "read"), [(xlsx_bytes, xlsx_tables), (ods_bytes, ods_tables)])
def test_no_text_becomes_a_formula_a_link_or_broken_xml(
    write: Callable[..., bytes], read: Callable[[bytes], dict[str, Table]]
) -> None:
    tables = read(write([SheetTable("Böse", EVIL, [[*EVIL, 1.5, None]])], EVIL[5]))

    head, row = tables["Böse"]
    assert head[:4] == EVIL[:4] and row[:4] == EVIL[:4] and row[-1] == "1.5"


def test_the_database_holds_the_figures_of_the_page_and_nobody(
    lea: FlaskClient, visit: Visit
) -> None:
    data = file_of(lea, "sqlite")

    with closing(sqlite3.connect(":memory:")) as file:
        file.deserialize(data)
        found = file.execute("SELECT service, visits, mean_wait FROM visits_by_service").fetchall()
        mark = "SELECT p90 FROM figure WHERE by = 'service' AND kind_of_minutes = 'wait' AND count"
        told = {name for (name,) in file.execute("SELECT name FROM about")}
        tables = "SELECT name FROM sqlite_schema WHERE type = 'table'"
        names = {name for (name,) in file.execute(tables)}
        assert file.execute(mark).fetchall() == [(6.5,)]
        assert file.execute("SELECT document FROM missing_document").fetchall() == [
            ("Wohnungsgeberbestätigung",)
        ]
    assert {name: (count, wait) for name, count, wait in found} == {
        "Wohnsitz anmelden": (1, 6.5),
        "Bewohnerparkausweis": (1, None),
    }
    assert names - {"about", "service", "counter"} <= told
    assert b"Aylin" not in data and b"clerk" not in data


def test_a_service_named_like_a_formula_is_a_text(office: Office, lea: FlaskClient) -> None:
    context = office.app.extensions["aufruf"]
    site, *others = context.settings.sites
    services = tuple(replace(each, name="=1+1") for each in site.services)
    context.settings = replace(context.settings, sites=(replace(site, services=services), *others))

    for form, read in (("xlsx", xlsx_tables), ("ods", ods_tables)):
        assert read(file_of(lea, form))["Zahlen"][1][0] == "=1+1"


def test_the_page_offers_every_file(lea: FlaskClient, visit: Visit) -> None:
    links = visit(lea, f"{PATH}?{MONDAY}").select("a[download]")

    assert len(links) == 5
    assert [lea.get(str(link["href"])).status_code for link in links] == [200] * 5


def test_other_formats_and_other_people_are_refused(office: Office, lea: FlaskClient) -> None:
    assert lea.get(f"{PATH}/files/exe?{MONDAY}").status_code == 404
    assert lea.get(f"{PATH}/files/xlsx?from=gestern").status_code == 422
    assert office.signed_in("Aylin").get(f"{PATH}/files/xlsx").status_code == 403
