"""The printable report of a month: a PDF with title and language, whatever stands in it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient

from queue_server.history.visits import Period
from queue_server.office.files.report import MonthReport, ReportTable, month_of
from queue_server.office.files.report_pdf import report_pdf
from tests.office import Office
from tests.pages.test_office_figure_files import lea as lea

NOW = datetime(2026, 7, 1, tzinfo=UTC)
LONG = "Straßenverkehrsrechtliche Ausnahmegenehmigungsangelegenheiten " * 4


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [("2026-06-08", 1, 30), ("2026-12-31", 1, 31), ("2028-02-29", 1, 29)],
)
def test_a_month_is_whole(day: str, first: int, last: int) -> None:
    one = date.fromisoformat(day)

    assert month_of(one) == Period(one.replace(day=first), one.replace(day=last))


def pages_in(data: bytes) -> int:
    return data.count(b"/Type /Page\n")


def test_the_report_is_a_pdf_with_title_language_and_outline(
    office: Office, lea: FlaskClient
) -> None:
    answer = lea.get("/office/figures/files/pdf?from=2026-06-01&to=2026-06-08")

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    name = "attachment; filename=aufruf-rathaus-monat-2026-06.pdf"
    assert answer.headers["Content-Disposition"] == name
    assert answer.data.startswith(b"%PDF-") and answer.data.rstrip().endswith(b"%%EOF")
    assert b"/Lang (de-DE)" in answer.data and b"/Outlines" in answer.data
    title = "Monatsbericht Juni 2026, Rathaus"
    assert any(title.encode(how) in answer.data for how in ("latin-1", "utf-16-be"))


def test_long_words_and_many_rows_go_on_to_further_pages() -> None:
    rows = [(LONG, "1", "2", "3")] * 40
    report = MonthReport(LONG, "Juni 2026", [("1", LONG)] * 4, [("Mo 1.", 3)] * 31,
                         [ReportTable(LONG, ("", "a", "b", "c"), rows)])  # fmt: skip

    data = report_pdf(report, NOW)

    assert pages_in(data) > 2


def test_a_month_without_visits_is_a_report_too() -> None:
    days = [(f"Mo {day}.", 0) for day in range(1, 32)]
    empty = MonthReport("Rathaus", "Juni 2026", [("0", "Besuche")] * 4, days,
                        [ReportTable("Anliegen", ("", "Besuche"), [])])  # fmt: skip

    assert pages_in(report_pdf(empty, NOW)) == 1
