"""The address of each file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from queue_server.domain.errors import NotFound
from queue_server.history.groups import By
from queue_server.history.refused_draws import refused_draws, refused_in
from queue_server.history.visits import Period, visits
from queue_server.office.blueprint import ClerkRequest, clerk_request, room
from queue_server.office.figures import figures_shown
from queue_server.office.files.analysis import analysis_bytes
from queue_server.office.files.ods import MIME, ods_bytes
from queue_server.office.files.report import month_of, month_report
from queue_server.office.files.report_pdf import report_pdf
from queue_server.office.files.sheets import SheetTable, sheets_of
from queue_server.office.files.xlsx import xlsx_bytes
from queue_server.office.periods import asked_by
from queue_server.web.forms import read_period


@dataclass(frozen=True, slots=True)
class FileKind:
    """What a format is called for programs, and how its file is made."""

    mime: str
    made: Callable[[ClerkRequest, Period, By], bytes]


def _sheets(write: Callable[[list[SheetTable], str], bytes]) -> Callable[..., bytes]:
    def made(who: ClerkRequest, period: Period, by: By) -> bytes:
        with who.store.snapshot() as snapshot:
            shown = figures_shown(snapshot, who, period, by)
        title = f"{who.site.name}: {period.first:%d.%m.%Y} bis {period.last:%d.%m.%Y}"
        return write(sheets_of(shown, who.site), title)

    return made


def _analysis(who: ClerkRequest, period: Period, by: By) -> bytes:
    zone = who.site.zone
    with who.store.snapshot() as snapshot:
        some = visits(snapshot, who.site.id, period.since(zone), period.until(zone))
        refused = refused_in(snapshot, who.site, period)
    return analysis_bytes(some, refused, who.site, period)


def _report(who: ClerkRequest, period: Period, by: By) -> bytes:
    """Of the month in which the period ends."""
    month = month_of(period.last)
    before = month_of(month.first - timedelta(days=1))
    with who.store.snapshot() as snapshot:
        shown, then = (figures_shown(snapshot, who, each, by) for each in (month, before))
        zone = who.site.zone
        some = visits(snapshot, who.site.id, month.since(zone), month.until(zone))
        refused = refused_draws(snapshot, who.site, month, By.SERVICE)
    return report_pdf(month_report(shown, then, some, refused, who.site), who.now)


KINDS = {
    "pdf": FileKind("application/pdf", _report),
    "xlsx": FileKind(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _sheets(xlsx_bytes)
    ),
    "ods": FileKind(MIME, _sheets(ods_bytes)),
    "sqlite": FileKind("application/vnd.sqlite3", _analysis),
}


@room.get("/office/figures/files/<format>")
def figures_file(format: str) -> AnyResponse:
    """The figures of a period as a file. Raises `NotFound`, `BadRequest`."""
    who = clerk_request()
    by = asked_by(who)
    if format not in KINDS:
        raise NotFound()
    period = read_period(request.args, who.today)
    found = KINDS[format]
    # A year takes a second or two, which no call to a counter shall wait for.
    body = who.context.pools.reports(lambda: found.made(who, period, by))
    said = Response(body, mimetype=found.mime)
    name = _name(who, period, by, format)
    said.headers.set("Content-Disposition", "attachment", filename=name)
    return said


def _name(who: ClerkRequest, period: Period, by: By, format: str) -> str:
    if format == "pdf":
        return f"aufruf-{who.site.id}-monat-{period.last:%Y-%m}.pdf"
    return f"aufruf-{who.site.id}-{by}-{period.first}-{period.last}.{format}"
