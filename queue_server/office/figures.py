"""The figures of past days: the last one at a glance, any period by hour, day, service, counter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.domain.errors import BadRequest
from queue_server.office.charts import number
from queue_server.office.door import Asker, asker, page, room
from queue_server.office.drawn import Drawn, day_label, drawn
from queue_server.office.glance import Glance, forecasts_kept, glance
from queue_server.queries.calibration import Kept
from queue_server.queries.statistics import By, Statistics, appointment_counts, reckoned
from queue_server.queries.visits import Period, visits
from queue_server.store.database import Reader
from queue_server.web.errors import field_sentence
from queue_server.web.period import MOST_DAYS, read_period

GROUPS = {By.HOUR: "Stunde", By.DAY: "Tag", By.SERVICE: "Anliegen", By.COUNTER: "Schalter"}
# What is looked at again and again; all of them end yesterday.
SPANS = (("Gestern", 1), ("7 Tage", 7), ("30 Tage", 30), ("12 Monate", 365))
NEVER_CALLED = "nie aufgerufen"
Errors = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A period as the page shows it."""

    found: Statistics
    forecasts: Kept
    drawn: Drawn | None


@room.get("/office/figures")
def figures_page() -> AnyResponse:
    """The last day first, then the period asked for."""
    who, by = asker(), _by()
    period, errors = _period(who)
    # A year takes a second or two, which no call to a counter shall wait for.
    last, shown = who.house.slow(lambda: _reckoned(who, period, by))
    return page(
        who,
        "office/figures.html",
        422 if errors else 200,
        **words_of_figures(),
        glance=last,
        shown=shown,
        errors=errors,
        by=by,
        groups=GROUPS,
        fields=_fields(period),
        spans=_spans(who.today, by),
        csv_url=_csv_url(who, period, by) if period else "",
        most_days=MOST_DAYS,
    )


def words_of_figures() -> dict[str, Any]:
    """How the templates write numbers and name rows."""
    return {"number": number, "decimal": decimal, "percent": percent, "label": row_label}


def decimal(value: float) -> str:
    """`8,0`: all figures of a table's column have the same form."""
    return f"{value:.1f}".replace(".", ",")


def percent(share: float | None) -> str:
    """`87 %`, with a blank that does not break; a dash for nobody."""
    return "–" if share is None else f"{share * 100:.0f}\u00a0%"


def row_label(by: By, key: str, name: str) -> str:
    """A row's first cell: `8 bis 9 Uhr`, `Mo 08.06.`, a service, a counter."""
    if by is By.HOUR:
        hour = int(key[:2])
        return f"{hour} bis {hour + 1}\u00a0Uhr"
    if by is By.DAY:
        return day_label(key)
    return name or NEVER_CALLED


def _by() -> By:
    """The grouping asked for; anything unknown is by hour, as nobody can type it in."""
    asked = request.args.get("by", "")
    return By(asked) if asked in [*By] else By.HOUR


def _period(who: Asker) -> tuple[Period | None, Errors]:
    try:
        return read_period(request.args, who.today), []
    except BadRequest as refusal:
        wrong: Any = refusal.facts["errors"]
        return None, [(name, _sentence(code, value)) for name, code, value in wrong]


def _sentence(code: str, value: str) -> str:
    """The form is filled in with a calendar, not in the writing of programs."""
    if code == "date":
        return "Bitte wählen Sie einen Tag."
    if code == "range":
        what = "einen Tag " if value.startswith("ab ") else ""
        return f"Bitte wählen Sie {what}{value}."
    return field_sentence(code, value)


def _reckoned(who: Asker, period: Period | None, by: By) -> tuple[Glance | None, Shown | None]:
    with who.store.snapshot() as snapshot:
        return glance(snapshot, who), _shown(snapshot, who, period, by) if period else None


def _shown(reader: Reader, who: Asker, period: Period, by: By) -> Shown:
    since, until = period.since(who.site.zone), period.until(who.site.zone)
    some = visits(reader, who.site.id, since, until)
    counts = appointment_counts(reader, who.site.id, since, until)
    found = reckoned(some, counts, who.site, period, by)
    return Shown(found, forecasts_kept(reader, who, period), drawn(some, who.site, by))


def _fields(period: Period | None) -> dict[str, str]:
    """The form as it stands: what was asked for, also when it was wrong."""
    if period is None:
        return {name: request.args.get(name, "")[:10] for name in ("from", "to")}
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}


def _spans(today: date, by: By) -> list[tuple[str, str]]:
    last = today - timedelta(days=1)
    return [(name, _url(last - timedelta(days=days - 1), last, by)) for name, days in SPANS]


def _url(first: date, last: date, by: By) -> str:
    asked: dict[str, Any] = {"from": first.isoformat(), "to": last.isoformat(), "by": by.value}
    return url_for("office.figures_page", **asked)


def _csv_url(who: Asker, period: Period, by: By) -> str:
    asked: dict[str, Any] = {**_fields(period), "by": by.value, "format": "csv"}
    return url_for("api.statistics_site_statistics", site=who.site.id, **asked)
