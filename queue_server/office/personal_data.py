"""What is kept about one person, to read and to download; and its deletion on request."""

from __future__ import annotations

import json
from collections.abc import Mapping

from flask import Response, redirect
from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions.people import forget_person, holder_of
from queue_server.domain.appointment import AppointmentState
from queue_server.domain.errors import UnknownCode
from queue_server.mail.carriers import forget_letters
from queue_server.office.blueprint import ClerkRequest, clerk_request, page, room
from queue_server.queries.personal_data import PersonalData, personal_data
from queue_server.store.letters import LetterKind, LetterState
from queue_server.web.forms import text
from queue_server.web.wording import LANGUAGES_IN_GERMAN, STATES

NOT_HERE = "Diesen Termincode gibt es an diesem Standort nicht. Bitte prüfen Sie die neun Zeichen."
APPOINTMENTS: Mapping[str, str] = {
    AppointmentState.RESERVED: "wird gerade gebucht",
    AppointmentState.PRECONFIRMED: "noch nicht bestätigt",
    AppointmentState.CONFIRMED: "gebucht",
    AppointmentState.CHECKED_IN: "angemeldet",
    AppointmentState.CANCELLED: "abgesagt",
    AppointmentState.EXPIRED: "nicht bestätigt und verfallen",
    AppointmentState.MISSED: "nicht erschienen",
}
LETTERS: Mapping[str, str] = {
    LetterKind.CONFIRMATION: "Bitte um Bestätigung",
    LetterKind.BOOKED: "Bestätigung des Termins",
    LetterKind.MOVED: "Neue Uhrzeit",
    LetterKind.CANCELLED: "Absage",
    LetterKind.CANCELLED_BY_OFFICE: "Absage durch das Amt",
    LetterKind.REMINDER: "Erinnerung",
}
LETTER_STATES: Mapping[str, str] = {
    LetterState.WAITING: "wartet",
    LetterState.SENT: "gesendet",
    LetterState.REFUSED: "nicht zugestellt",
    LetterState.DROPPED: "nicht mehr nötig",
}


@room.get("/office/appointments")
def ask_for_code() -> Response:
    """Whose data? Their Termincode says it."""
    return page(clerk_request(), "office/personal_data_search.html", error="", typed="")


@room.post("/office/appointments")
def find_by_code() -> AnyResponse:
    """The code never gets into an address, which a proxy's log would keep."""
    who = clerk_request()
    try:
        with who.store.snapshot() as snapshot:
            found = holder_of(snapshot, text("code"), who.site.id)
    except UnknownCode:
        return page(
            who, "office/personal_data_search.html", 422,
            error=NOT_HERE, typed=text("code"),
        )  # fmt: skip
    return redirect(f"/office/appointments/{found.id}", 303)


@room.get("/office/appointments/<int:id>")
def show_personal_data(id: int) -> Response:
    """Everything that is kept about whoever booked this appointment."""
    who = clerk_request()
    return page(
        who, "office/personal_data.html", data=_data(who, id), states=STATES,
        appointment_words=APPOINTMENTS, letter_words=LETTERS, letter_states=LETTER_STATES,
        languages=LANGUAGES_IN_GERMAN,
        names={service.id: service.name for service in who.site.services},
        backup_days=who.context.settings.privacy.backup_days, is_new=text("said") == "forgotten",
    )  # fmt: skip


@room.get("/office/appointments/<int:id>/data")
def take_along(id: int) -> Response:
    """The same as a file, for the person."""
    who = clerk_request()
    told = json.dumps(_data(who, id).plain(who.site.zone), ensure_ascii=False, indent=2)
    answer = Response(told + "\n", content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="auskunft-{id}.json"'
    return answer


@room.post("/office/appointments/<int:id>/deletion")
def forget_at_their_wish(id: int) -> AnyResponse:
    """Delete the person, here and where letters are put; twice is once."""
    who = clerk_request()
    forget_person(who.store, who.site.id, id, by="office", clerk=who.clerk.id, now=who.now)
    with who.store.snapshot() as snapshot:
        forget_letters(snapshot, who.context.settings)
    who.store.wipe()
    return redirect(f"/office/appointments/{id}?said=forgotten", 303)


def _data(who: ClerkRequest, id: int) -> PersonalData:
    with who.store.snapshot() as snapshot:
        return personal_data(snapshot, who.site.id, id, who.now)
