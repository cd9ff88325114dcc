"""Days that are unlike others: preview whose appointment no longer fits, decide, phone, undo."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions import days as actions
from queue_server.domain.errors import NotFound
from queue_server.domain.hours import SpecialDay
from queue_server.office.blueprint import ClerkRequest, clerk_request, page, room
from queue_server.office.special_days import (
    CLOSED,
    OTHER,
    PAIRS,
    DayDecision,
    ToInform,
    clock,
    coming_days,
    read_decision,
    sentence,
    to_inform,
)
from queue_server.opening import days_of, planned_days
from queue_server.queries import cancellations
from queue_server.store import decisions
from queue_server.store.database import Reader
from queue_server.web import forms
from queue_server.web.forms import text, whole

FIELDS = ("day", "open", "from-1", "to-1", "from-2", "to-2", "notice")


@room.get("/office/days")
def days_page() -> AnyResponse:
    """The special days to come, and the form for another one."""
    return _form(clerk_request())


@room.get("/office/days/preview")
def preview() -> AnyResponse:
    """Who would fall out. Nothing is changed, and no name gets into the address."""
    who = clerk_request()
    decision = read_decision(who)
    return _form(who, decision) if decision.errors else _preview(who, decision)


@room.post("/office/days")
def decide() -> AnyResponse:
    """Close the day or give it other hours; whoever falls out is cancelled and told.

    Refused until somebody has ticked that they mean it, as soon as anybody falls out.
    """
    who = clerk_request()
    decision = read_decision(who)
    if decision.errors or decision.day is None:
        return _form(who, decision)
    if not text("sure") and _falls_out(who, decision):
        sure = "Bitte bestätigen Sie, dass Sie die Termine absagen wollen."
        return _preview(who, decision, error=sure)
    before = _cancelled(who, decision.day)
    _decide(who, decision.day, decision)
    gone = _cancelled(who, decision.day) - before
    seen = whole(text("seen"), 6)
    address = url_for("office.day_page", day=decision.day.isoformat(), seen=seen, gone=gone)
    return redirect(address, 303)


def _decide(who: ClerkRequest, day: date, decision: DayDecision) -> None:
    actions.decide_day(
        who.store,
        who.site,
        day,
        decision.spans,
        notice=decision.notice,
        clerk=who.clerk.id,
        now=who.now,
    )


def _cancelled(who: ClerkRequest, day: date) -> int:
    """How many booked appointments of the day the office has cancelled so far."""
    with who.store.snapshot() as snapshot:
        gone = cancellations.cancelled_by_office(snapshot, who.site, day)
        return to_inform(snapshot, gone, mail_is_on=who.mail_is_on).count


@room.get("/office/days/<day>")
def day_page(day: str) -> AnyResponse:
    """A decided day: its hours, who fell out, and the list of those to be phoned."""
    who, found = clerk_request(), _day(day)
    with who.store.snapshot() as snapshot:
        decided = _decided(snapshot, who, found)
        cancelled = cancellations.cancelled_by_office(snapshot, who.site, found)
        told = to_inform(snapshot, cancelled, mail_is_on=who.mail_is_on)
    if decided is None and not cancelled:
        raise NotFound()
    return page(
        who,
        "office/day.html",
        **_about(found, who, told),
        decided=decided,
        again=_fields_of(decided) if decided else {},
        sentence=sentence(told, is_done=True) if told.count else "",
        seen=whole(text("seen"), 6),
        gone=whole(text("gone"), 6),
    )


@room.post("/office/days/<day>/removal")
def undecide(day: str) -> AnyResponse:
    """The day is as planned again; cancelled appointments stay cancelled. Twice is once."""
    who, found = clerk_request(), _day(day)
    actions.undecide_day(who.store, who.site, found, clerk=who.clerk.id, now=who.now)
    return redirect(url_for("office.days_page", undone=found.isoformat()), 303)


def _form(who: ClerkRequest, decision: DayDecision | None = None) -> AnyResponse:
    fields = {name: text(name) for name in FIELDS}
    errors = decision.errors if decision else []
    return page(
        who,
        "office/days.html",
        422 if errors else 200,
        coming=coming_days(who),
        decided_as=_fields_of,
        fields=fields,
        undone=forms.day(text("undone")),
        errors=errors,
    )


def _preview(who: ClerkRequest, decision: DayDecision, error: str = "") -> AnyResponse:
    assert decision.day is not None
    with who.store.snapshot() as snapshot:
        gone = actions.falling_out(snapshot, who.site, decision.day, decision.spans, who.now)
        told = to_inform(
            snapshot, cancellations.concerned(snapshot, gone), mail_is_on=who.mail_is_on
        )
        until_now = days_of(snapshot, who.site)(decision.day)
    return page(
        who,
        "office/preview.html",
        422 if error else 200,
        **_about(decision.day, who, told),
        decision=decision,
        until_now=until_now,
        sentence=sentence(told),
        fields={name: text(name) for name in FIELDS},
        error=error,
    )


def _about(day: date, who: ClerkRequest, told: ToInform) -> dict[str, Any]:
    return {
        "day": day,
        "told": told,
        "planned": planned_days(who.site)(day),
        "names": {service.id: service.name for service in who.site.services},
        "mail_is_on": who.mail_is_on,
    }


def _fields_of(decided: SpecialDay) -> dict[str, str]:
    """The form as it stood when this was decided."""
    fields = {"day": decided.day.isoformat(), "notice": decided.notice}
    fields["open"] = OTHER if decided.spans else CLOSED
    for pair, span in zip(PAIRS, decided.spans, strict=False):
        fields |= {f"from-{pair}": clock(span.start), f"to-{pair}": clock(span.end)}
    return fields


def _falls_out(who: ClerkRequest, decision: DayDecision) -> bool:
    assert decision.day is not None
    with who.store.snapshot() as snapshot:
        return bool(actions.falling_out(snapshot, who.site, decision.day, decision.spans, who.now))


def _decided(reader: Reader, who: ClerkRequest, day: date) -> SpecialDay | None:
    return next(
        (one for one in decisions.special_days(reader, who.site.id) if one.day == day), None
    )


def _day(value: str) -> date:
    """The local day of an address. Raises `NotFound`."""
    found = forms.day(value)
    # Beyond this the calendar itself ends.
    if found is None or not date(2000, 1, 1) <= found <= date(2200, 1, 1):
        raise NotFound()
    return found
