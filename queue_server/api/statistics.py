"""The figures of past days, as JSON and as a table for spreadsheets."""

from __future__ import annotations

import csv
import io

from flask import Response, request

from queue_server.api.door import Parameter, answer, endpoint
from queue_server.domain.errors import BadRequest
from queue_server.domain.hours import local_day
from queue_server.domain.site import Site
from queue_server.queries.statistics import By, Statistics, statistics
from queue_server.web.hall import hall
from queue_server.web.identity import require_clerk
from queue_server.web.period import MOST_DAYS, read_period
from queue_server.web.statistics import COLUMNS, StatisticsOut, statistics_out, table

CSV = "text/csv"
# A spreadsheet takes what begins like this for a formula, even inside quotes.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"
PARAMETERS = (
    Parameter(
        "from",
        "first local day; six days before `to` unless told",
        {"type": "string", "format": "date"},
    ),
    Parameter(
        "to",
        f"last local day, at most {MOST_DAYS} days in all; yesterday unless told",
        {"type": "string", "format": "date"},
    ),
    Parameter(
        "by",
        "what a row stands for; `day` unless told",
        {"type": "string", "enum": [by.value for by in By], "default": By.DAY.value},
    ),
    Parameter(
        "format",
        "`csv` as a file to download, whatever `Accept` says",
        {"type": "string", "enum": ["json", "csv"]},
    ),
)


@endpoint(
    "GET",
    "/sites/<site>/statistics",
    who="lead",
    answers={200: StatisticsOut},
    others=(CSV,),
    parameters=PARAMETERS,
)
def site_statistics(site: str) -> Response:
    """How many came, waited, walked and were served on past days, from the journal alone."""
    house = hall()
    place = house.site(site)
    require_clerk(place, role="lead")
    by, form = _choice("by", By.DAY, [*By]), _choice("format", "", ["", "json", "csv"])
    period = read_period(request.args, local_day(house.now(), place.zone))

    def reckon() -> Statistics:
        with house.store.snapshot() as snapshot:
            return statistics(snapshot, place, period, By(by))

    # A year takes a second or two, which no call to a counter shall wait for.
    found = house.slow(reckon)
    is_csv = form == "csv" or (not form and _prefers_csv())
    said = _csv(place, found, is_file=form == "csv") if is_csv else _json(found)
    said.vary.add("Accept")
    return said


def _json(found: Statistics) -> Response:
    return answer(statistics_out(found), whole=True)


def _choice(name: str, default: str, allowed: list[str]) -> str:
    text = request.args.get(name, default)
    if text not in allowed:
        raise BadRequest(errors=[(name, "unknown", "")])
    return text


def _prefers_csv() -> bool:
    return request.accept_mimetypes.best_match(["application/json", CSV]) == CSV


def _csv(site: Site, found: Statistics, *, is_file: bool) -> Response:
    """RFC 4180: commas, points in numbers, a header line.

    A file for people begins with a byte order mark, by which spreadsheets know the umlauts;
    programs get none.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell) for cell in line] for line in table(found))
    body = (BYTE_ORDER_MARK if is_file else "") + text.getvalue()
    said = Response(body, content_type=f"{CSV}; charset=utf-8; header=present")
    if is_file:
        period = found.period
        name = f"aufruf-{site.id}-{found.by}-{period.first}-{period.last}.csv"
        said.headers.set("Content-Disposition", "attachment", filename=name)
    return said


def harmless(cell: object) -> object:
    """The cell, with an apostrophe before what a spreadsheet would execute."""
    is_formula = isinstance(cell, str) and cell.startswith(FORMULA)
    return f"'{cell}" if is_formula else cell
