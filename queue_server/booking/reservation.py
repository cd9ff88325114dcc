"""Holding the chosen time: proof of work, limits, and what is said when it does not work."""

from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import Any

from queue_server.actions import booking
from queue_server.actions.confirming import give_details
from queue_server.booking.blueprint import (
    _,
    a_moment,
    a_token,
    own,
    room,
    see,
    status_of,
    text,
    typed_person,
    wrong_fields,
)
from queue_server.booking.calendar import CalendarView
from queue_server.booking.choose import choose_again
from queue_server.booking.details import details_again
from queue_server.booking.requested_visit import Wanted, of_a_visit
from queue_server.booking.times import asked_look, look_around, times_again
from queue_server.domain.appointment import Appointment
from queue_server.domain.codes import new_token
from queue_server.domain.errors import (
    BadProof,
    BadRequest,
    DayHeld,
    Refused,
    SlotTaken,
    TooManyHeld,
    TooManyTries,
)
from queue_server.domain.site import Site
from queue_server.languages import words
from queue_server.store import people
from queue_server.store.request_limits import Proof
from queue_server.web import proof
from queue_server.web.app_context import app_context
from queue_server.web.errors import sentence
from queue_server.web.identity import client
from queue_server.web.language import current, to
from queue_server.web.limits import booking as booking_limit


@room.post("/termin/reservation")
@of_a_visit(choose_again)
def reserve(wanted: Wanted) -> Any:
    """Hold the chosen time while the form is filled in; the same form twice holds one."""
    start, look = a_moment("start"), asked_look()
    if start is None:
        return times_again(wanted, look, _("Bitte wählen Sie eine Uhrzeit."), 422, typed_person())
    try:
        held = _hold(wanted, start)
    except SlotTaken as refusal:
        look = look_around(wanted.site, look, start)
        return _again(wanted, look, sentence(refusal), refusal)
    except (BadProof, DayHeld) as refusal:
        return _again(wanted, look, sentence(refusal), refusal)
    except TooManyHeld as refusal:
        return _later(_again(wanted, look, sentence(refusal), refusal), refusal)
    except TooManyTries as refusal:
        return _later(_again(wanted, look, _slow_down(wanted.site, refusal), refusal), refusal)
    return _onward(held)


@room.get("/termin/reservation")
def begin_again() -> Any:
    """The address of a refused form, opened once more: the way begins with the concerns."""
    return see(to("/termin"))


def _again(wanted: Wanted, look: CalendarView, error: str, refusal: Refused) -> Any:
    return times_again(wanted, look, error, status_of(refusal), typed_person())


def _later(answer: Any, refusal: Refused) -> Any:
    answer.headers["Retry-After"] = str(refusal.facts["seconds"])
    return answer


def _hold(wanted: Wanted, start: datetime) -> Appointment:
    context, now = app_context(), app_context().now()
    limit, given = _limit_and_proof(wanted.site, now)
    with (
        context.throttle.one(limit, client()),
        context.holds.room_for(client(), wanted.site, wanted.minutes, now) as hold,
    ):
        held = booking.reserve(
            context.store,
            wanted.site,
            wanted.services,
            start,
            token=a_token("token") or new_token(),
            instead=wanted.token,
            persons=wanted.persons,
            language=current(),
            proof=given,
            now=now,
        )
        return hold.keep(held)


def _limit_and_proof(site: Site, now: datetime) -> tuple[str, Proof | None]:
    """Without a proof, as without JavaScript, the stricter limits count."""
    if not site.booking.proof:
        return booking_limit(site), None
    answer = text("proof")
    if not answer:
        return booking_limit(site, proven=False), None
    return booking_limit(site), proof.checked(app_context().proof_secret, answer, now)


def _onward(held: Appointment) -> Any:
    """To the form, or past it for whoever has filled it in already."""
    typed, now = typed_person(), app_context().now()
    if typed:
        try:
            give_details(
                app_context().store, held.token, name=typed.name, email=typed.email, now=now
            )
        except BadRequest as refusal:
            return details_again(held, typed, wrong_fields(refusal))
    with app_context().store.snapshot() as snapshot:
        is_known = bool(people.of(snapshot, held.id).email)
    return see(own(held.token, "summary") if is_known else own(held.token))


def _slow_down(site: Site, refusal: TooManyTries) -> str:
    minutes = ceil(int(str(refusal.facts["seconds"])) / 60)
    said = (
        _("Von Ihrem Anschluss kamen sehr viele Buchungen. Bitte warten Sie {minutes}.")
        if text("proof") or not site.booking.proof
        else _(
            "Ohne JavaScript sind nur wenige Buchungen in der Stunde möglich. "
            "Bitte schalten Sie JavaScript ein, oder warten Sie {minutes}."
        )
    )
    return said.format(minutes=words.minutes(minutes, language=current()))
