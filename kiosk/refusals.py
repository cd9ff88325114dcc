"""Every "no" at the kiosk: a sentence, what to do next, and a way back; never a dead end."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from kiosk import check_in_refused, offer
from kiosk.blueprint import KioskRequest, show, spoken
from kiosk.next_free import NextFree, next_free
from queue_server.domain.codes import parse_code
from queue_server.domain.errors import (
    BadRequest,
    NoCodeInImage,
    NotAllowed,
    NotFound,
    NotIssuing,
    NotSignedIn,
    PictureTooBig,
    Refused,
    TooManyPersons,
    TooManyTries,
    UnknownCode,
)
from queue_server.languages import Said, marked, ready, texts
from queue_server.web import errors, forms, refusals
from queue_server.web.app_context import app_context
from queue_server.web.identity import who
from queue_server.web.language import current

WHAT_TO_DO = marked(
    "Dieses Terminal hat gerade keine Verbindung. Bitte wenden Sie sich an unsere Mitarbeiterinnen "
    "und Mitarbeiter. Wer schon eine Nummer hat, behält sie."
)
LONGEST_TYPED = len("K7Q-M4T-XA9")
TRY_AGAIN = (UnknownCode, NoCodeInImage, PictureTooBig)
CHOOSE_AGAIN = (TooManyPersons, BadRequest)


def install(room: Blueprint) -> None:
    """Answer refusals of this room's pages in the room's own frame."""
    room.register_error_handler(Refused, refused)
    room.register_error_handler(RequestEntityTooLarge, too_large)
    room.register_error_handler(Exception, fault)


def too_large(_: RequestEntityTooLarge) -> AnyResponse:
    return refused(PictureTooBig())


def fault(error: Exception) -> AnyResponse:
    """What is no refusal. After our own mistake the kiosk tries again by itself.

    The web's page would stand there in small letters, and lead away from the kiosk.
    """
    answer, asked = errors.answer(error), _asked()
    if asked and answer.status_code >= 500 and not errors.wants_json():
        answer.set_data(away_page(asked))
    return answer


def away_page(asked: KioskRequest) -> str:
    """What to do, in every language at once: nobody can choose one then. It tries again itself."""
    said = [Said(texts(each).gettext(WHAT_TO_DO), each) for each in ready()]
    return render_template("kiosk/away.html", home=asked.home, said=said)


def refused(refusal: Refused) -> AnyResponse:
    """The page for a refusal. A device that is not this kiosk is only asked to pair."""
    asked = _asked()
    if asked is None:
        return errors.refused(refusal)
    if isinstance(refusal, NotSignedIn | NotAllowed):
        return make_response(_pair_page(asked), errors.STATUS[refusal.code])
    answer = make_response(_page(asked, refusal), _status(refusal))
    if isinstance(refusal, TooManyTries):
        answer.headers["Retry-After"] = str(refusal.facts["seconds"])
    return answer


def several_page(asked: KioskRequest, *, error: str = "", error_code: str = "") -> str:
    """The page for several concerns or persons, with what was chosen so far."""
    now = app_context().now()
    with app_context().store.snapshot() as snapshot:
        groups = offer.groups(snapshot, asked.site, now)
        closed = offer.why_not_issuing(snapshot, asked.site, now)
    chosen = set(request.values.getlist("services"))
    came_from = request.values.get("group") or (groups[0].letter if groups else "")
    opened = {group.letter for group in groups if _touches(group, chosen)}
    return show(
        "several",
        asked,
        error=error,
        error_code=error_code,
        groups=groups,
        chosen=chosen,
        came_from=came_from,
        opened=opened or {came_from},
        most_persons=offer.most_persons(asked.site),
        persons=request.values.get("persons", "1"),
        refusal=spoken(asked, closed),
    )


def _page(asked: KioskRequest, refusal: Refused) -> str:
    came_to_check_in = request.endpoint in ("kiosk.check_in", "kiosk.frame")
    if came_to_check_in and isinstance(refusal, check_in_refused.REFUSALS):
        return check_in_refused.page(asked, refusal)
    said = spoken(asked, refusal)
    if isinstance(refusal, TRY_AGAIN) or (came_to_check_in and isinstance(refusal, TooManyTries)):
        # The form of a picture that was too large can't be read.
        typed = "" if isinstance(refusal, PictureTooBig) else _typed()
        return show("check_in", asked, error=said, error_code=_heard(refusal), typed=typed)
    if isinstance(refusal, CHOOSE_AGAIN) and request.endpoint == "kiosk.draw":
        return several_page(asked, error=said, error_code=refusal.code)
    return show(
        "refused",
        asked,
        title=refusals.title(refusal.code, current()),
        sentence=said,
        refusal=refusal,
        booking=_booking(asked) if isinstance(refusal, NotIssuing) else None,
    )


def _booking(asked: KioskRequest) -> NextFree | None:
    """An appointment for those whose number was refused, unless that is refused as well."""
    try:
        services, persons = request.form.getlist("services"), forms.persons()
        return next_free(asked, services, persons)
    except Refused:
        return None


def _heard(refusal: Refused) -> str:
    """The refusal's code, or `foreign_code` for a scan that is no Termincode at all."""
    text = request.form.get("code", "") if isinstance(refusal, UnknownCode) else ""
    is_foreign = len(text) > LONGEST_TYPED and parse_code(text) is None
    return "foreign_code" if is_foreign else refusal.code


def _pair_page(asked: KioskRequest) -> str:
    """Asks for a pairing code, and says so when this device belongs elsewhere."""
    device = who().device
    error = ""
    if device is not None:
        error = render_template("kiosk/elsewhere.txt", device=device, kiosk=asked.kiosk)
    return render_template("web/pair.html", error=error, code="", next=asked.home)


def _asked() -> KioskRequest | None:
    """The kiosk of this address, whoever asks; None when there is none."""
    try:
        return KioskRequest(
            *app_context().settings.kiosk((request.view_args or {}).get("kiosk", ""))
        )
    except NotFound:
        return None


def _status(refusal: Refused) -> int:
    return errors.STATUS.get(refusal.code, errors.CONFLICT)


def _typed() -> str:
    """What to show in the nine cells again; nothing of a scanned text that is no code."""
    text = request.form.get("code", "")
    return parse_code(text) or (text if len(text) <= LONGEST_TYPED else "")


def _touches(group: offer.Group, chosen: set[str]) -> bool:
    return any(each.service.id in chosen for each in group.offered)
