"""Who got no number: on the page of figures, down to the times, and in every file."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.api.endpoints import API
from tests.office import Office
from tests.pages.test_office_figure_files import ods_tables, xlsx_tables

Visit = Callable[..., BeautifulSoup]
PATH, LIST = "/office/figures", "/office/figures/refused"
MONDAY = "from=2026-06-08&to=2026-06-08"
REASON = "Ausgabe angehalten"


@pytest.fixture
def lea(office: Office) -> FlaskClient:
    """On Monday the numbers for Kfz were stopped: the kiosk and a clerk asked, each twice."""
    aylin, kiosk = office.signed_in("Aylin", "schalter-1"), office.kiosk()
    stop = {"mode": "stopped", "reason": "Wasserschaden"}
    assert aylin.put(f"{API}/sites/rathaus/stops/kfz", json=stop).status_code == 200
    for client in (kiosk, aylin, kiosk, aylin):
        answer = client.post(f"{API}/sites/rathaus/tickets", json={"services": ["kfz"]})
        assert (answer.status_code, answer.json["code"]) == (409, "not_issuing")
    office.clock.pass_time(days=1)
    return office.signed_in("Lea")


def text(found: Any) -> str:
    assert found is not None
    return " ".join(found.get_text(" ").split())


def cells(page: BeautifulSoup, rows: str) -> list[list[str]]:
    return [[text(cell) for cell in row.select("th, td")] for row in page.select(rows)]


@pytest.mark.parametrize("by", ["hour", "weekday", "day", "service", "counter", "kind"])
def test_the_page_counts_them_and_every_row_leads_to_its_times(
    lea: FlaskClient, visit: Visit, by: str
) -> None:
    page = visit(lea, f"{PATH}?{MONDAY}&by={by}")

    assert cells(page, ".figures__refused thead tr")[0][1:] == ["alle", REASON]
    counts = cells(page, ".figures__refused :is(tbody, tfoot) tr")
    assert [row[1:] for row in counts] == [["2", "2"]] * 2
    for link in page.select(".figures__refused a"):
        listed = visit(lea, str(link["href"]))
        assert [row[2:] for row in cells(listed, "tbody tr")] == [
            ["Bewohnerparkausweis", REASON, "Eingang"],
            ["Bewohnerparkausweis", REASON, "am Platz"],
        ]
        assert [row[0] for row in cells(listed, "tbody tr")] == ["08.06.2026"] * 2


def test_a_filter_that_nothing_meets_lists_none(lea: FlaskClient, visit: Visit) -> None:
    assert not visit(lea, f"{LIST}?{MONDAY}&reason=quota").select("tbody tr")
    assert lea.get(f"{LIST}?from=gestern").status_code == 422


@pytest.mark.parametrize(("form", "read"), [("xlsx", xlsx_tables), ("ods", ods_tables)])
def test_spreadsheets_have_them_in_a_table(lea: FlaskClient, form: str, read: Any) -> None:
    tables = read(lea.get(f"{PATH}/files/{form}?{MONDAY}&by=service").data)

    assert tables["Keine Nummer bekommen"] == [
        ["Anliegen", "alle", REASON], ["Bewohnerparkausweis", "2", "2"], ["Zusammen", "2", "2"],
    ]  # fmt: skip


def test_the_database_has_a_row_for_each_and_says_what_it_means(lea: FlaskClient) -> None:
    with closing(sqlite3.connect(":memory:")) as file:
        file.deserialize(lea.get(f"{PATH}/files/sqlite?{MONDAY}").data)
        rows = file.execute("SELECT day, weekday, service, reason FROM refused").fetchall()
        view = file.execute("SELECT * FROM refused_by_service").fetchall()
        about = dict(file.execute("SELECT name, meaning FROM about"))

    assert rows == [("2026-06-08", 1, "kfz", "stopped")] * 2
    assert view == [("Bewohnerparkausweis", "stopped", 2)]
    assert "stopped: Ausgabe angehalten" in about["refused.reason"]


def test_the_api_and_its_csv_have_them_also_where_nobody_got_a_number(lea: FlaskClient) -> None:
    path = f"{API}/sites/rathaus/statistics?{MONDAY}"
    told = lea.get(f"{path}&by=service").json

    assert told["rows"] == []
    reasons = {"count": 2, "reasons": {"stopped": 2}}
    row = {"key": "kfz", "name": "Bewohnerparkausweis", **reasons}
    assert told["refused"] == {**reasons, "by": "service", "rows": [row]}
    for by, refused in (("service", ["2"]), ("hour", ["2"]), ("counter", [])):
        body = lea.get(f"{path}&by={by}&format=csv").get_data().decode("utf-8-sig")
        lines = list(csv.DictReader(io.StringIO(body, newline="")))
        assert [line["refused"] for line in lines] == refused
        assert all(line["issued"] == "0" for line in lines)
