"""Which days somebody asks the figures of, and by what: read from the address of a page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import request, url_for

from queue_server.domain.errors import BadRequest
from queue_server.history.groups import EVERY, By
from queue_server.history.visits import Period
from queue_server.office.blueprint import ClerkRequest
from queue_server.web.errors import field_sentence
from queue_server.web.forms import day_or_none, read_period

GROUPS = {
    By.HOUR: "Stunde",
    By.WEEKDAY: "Wochentag",
    By.DAY: "Tag",
    By.SERVICE: "Anliegen",
    By.COUNTER: "Schalter",
    By.KIND: "Mit oder ohne Termin",
    By.CLERK: "Mitarbeitende",
}
# What is looked at again and again beside today; all of these end yesterday.
SPANS = (("Gestern", 1), ("7 Tage", 7), ("30 Tage", 30), ("12 Monate", 365))
Errors = list[tuple[str, str]]


def groups_for(who: ClerkRequest) -> dict[By, str]:
    """What may be asked here: clerks are told apart only where config.toml says so."""
    may = (*By,) if who.context.settings.privacy.clerk_statistics else EVERY
    return {by: GROUPS[by] for by in may}


def asked_by(who: ClerkRequest) -> By:
    """The grouping asked for; anything else is by hour, as nobody can type it in."""
    asked = request.args.get("by", "")
    return By(asked) if asked in groups_for(who) else By.HOUR


def asked_period(who: ClerkRequest) -> tuple[Period | None, Errors]:
    """The days asked for, or what is wrong with them."""
    try:
        return read_period(request.args, who.today), []
    except BadRequest as refusal:
        return None, _sentences(refusal)


def earlier_period(period: Period | None) -> tuple[Period | None, Errors]:
    """As many days from `then`, to compare with; None when nobody asks for any."""
    if period is None or not request.args.get("then", "").strip():
        return None, []
    try:
        first = day_or_none("then", request.args["then"].strip())
    except BadRequest as refusal:
        return None, _sentences(refusal)
    if first is None:
        return None, []
    return Period(first, first + timedelta(days=period.days - 1)), []


def shown_fields(period: Period | None) -> dict[str, str]:
    """The form as it is: what was asked for, even when it was wrong."""
    then = {"then": request.args.get("then", "").strip()[:10]}
    if period is None:
        return {name: request.args.get(name, "")[:10] for name in ("from", "to")} | then
    return {"from": period.first.isoformat(), "to": period.last.isoformat()} | then


def usual_spans(today: date, by: By) -> list[tuple[str, str]]:
    """Names and addresses of what is looked at again and again."""
    last = today - timedelta(days=1)
    past = [(name, _url(last - timedelta(days=days - 1), last, by)) for name, days in SPANS]
    return [("Heute", _url(today, today, by)), *past]


def _url(first: date, last: date, by: By) -> str:
    asked: dict[str, Any] = {"from": first.isoformat(), "to": last.isoformat(), "by": by.value}
    return url_for("office.figures_page", **asked)


def visits_url(period: Period, **filters: str) -> str:
    """The address of the visits behind a figure."""
    days = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    asked: dict[str, Any] = {**days, **filters}
    return url_for("office.visit_list_page", **asked)


def _sentences(refusal: BadRequest) -> Errors:
    wrong: Any = refusal.facts["errors"]
    return [(name, _sentence(code, value)) for name, code, value in wrong]


def _sentence(code: str, value: str) -> str:
    """The form is filled in with a calendar, not in the writing of programs."""
    if code == "date":
        return "Bitte wählen Sie einen Tag."
    if code == "range":
        what = "einen Tag " if value.startswith("ab ") else ""
        return f"Bitte wählen Sie {what}{value}."
    return field_sentence(code, value)
