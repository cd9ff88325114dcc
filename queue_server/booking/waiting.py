"""After the form was sent off: the letter is on its way, and its link confirms the time."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template

from queue_server.actions.confirming import ask_again, confirm, may_ask_again
from queue_server.booking.appointment_view import appointment_page, holder_of, state_now
from queue_server.booking.blueprint import TOKEN, _, of_a_holder, own, room, see, status_of, text
from queue_server.domain.appointment import CHECKED_IN, CONFIRMED, PRECONFIRMED, Appointment
from queue_server.domain.errors import BadKey, Cancelled, Expired, MoveRefused, Refused
from queue_server.languages import words
from queue_server.queries.outbox_status import LetterNews, letter_of
from queue_server.store import people
from queue_server.store.letters import LetterKind
from queue_server.web.app_context import app_context
from queue_server.web.errors import sentence
from queue_server.web.identity import client
from queue_server.web.language import current


def waiting_page(found: Appointment) -> str:
    """Where the letter goes, and until when its link is good."""
    with app_context().store.snapshot() as snapshot:
        person = people.of(snapshot, found.id)
        may_ask = may_ask_again(snapshot, found.id)
        news = letter_of(snapshot, found.id, LetterKind.CONFIRMATION)
    return render_template(
        "booking/waiting.html",
        page=appointment_page(found),
        email=person.email,
        standing=_standing(found, news),
        is_under_way=news is None or news.is_waiting,
        may_ask=may_ask,
        said=text("said"),
    )


@room.post("/termin/<token>/letter")
@of_a_holder
def letter(token: str) -> Any:
    """The letter once more; the page says when it was asked for too often."""
    found = holder_of(token)
    try:
        is_sent = ask_again(
            app_context().store, app_context().site(found.site), token, now=app_context().now()
        )
    except (Expired, MoveRefused):
        return see(own(token))
    return see(own(token, said="letter" if is_sent else "letters"))


@room.get("/termin/<token>/confirmation")
@of_a_holder
def ask_to_confirm(token: str) -> Any:
    """What the link in the letter opens. It changes nothing: mail scanners open links, too."""
    found = holder_of(token)
    if state_now(found) is not PRECONFIRMED:
        return _no_button(found)
    if not TOKEN.fullmatch(text("key")):
        return _refused(found, BadKey())
    return render_template(
        "booking/confirmation.html", page=appointment_page(found), key=text("key")
    )


@room.post("/termin/<token>/confirmation")
@of_a_holder
def confirm_it(token: str) -> Any:
    """Confirm. A second time is said kindly."""
    found, context, now = holder_of(token), app_context(), app_context().now()
    days = context.settings.privacy.people_days
    try:
        with context.throttle.guess("key", client(), BadKey):
            confirm(context.store, token, text("key"), people_days=days, now=now)
    except BadKey as refusal:
        return _refused(found, refusal)
    except (Expired, Cancelled) as refusal:
        return _refused(holder_of(token), refusal)
    is_first = found.state is PRECONFIRMED
    return see(own(token, said="confirmed" if is_first else "already"))


def _standing(found: Appointment, news: LetterNews | None) -> str:
    """What became of the letter, in a sentence."""
    if news is None or news.is_waiting and not news.reason:
        return _("Sie wird gerade verschickt.")
    if news.is_sent:
        zone = app_context().site(found.site).zone
        time = words.clock(news.at, zone, language=current())
        return _("Sie wurde um {time} verschickt.").format(time=time)
    if news.is_waiting:
        return _("Der Versand dauert gerade länger. Wir versuchen es weiter.")
    return _("Sie kam nicht an. Bitte prüfen Sie die Adresse, und beginnen Sie neu.")


def _no_button(found: Appointment) -> Any:
    """Confirmed before, or over: the appointment's own page says which."""
    was_confirmed = found.state in (CONFIRMED, CHECKED_IN)
    return see(own(found.token, said="already" if was_confirmed else ""))


def _refused(found: Appointment, refusal: Refused) -> Any:
    page = render_template(
        "booking/confirmation.html", page=appointment_page(found), key="", error=sentence(refusal)
    )
    return make_response(page, status_of(refusal))
