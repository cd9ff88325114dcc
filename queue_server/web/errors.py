"""Every refusal and every fault as a friendly page or an RFC 9457 problem; never a stack trace."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import BadRequest as MalformedRequest
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from queue_server.domain.errors import BadRequest, NotFound, NotIssuing, Refused
from queue_server.domain.site import Site
from queue_server.languages import marked, texts
from queue_server.languages.office_texts import name_of
from queue_server.web import language, refusals, wording
from queue_server.web.app_context import app_context
from queue_server.web.forms import Problem, problems
from queue_server.web.identity import who
from queue_server.web.request_ids import HEADER, request_id

log = logging.getLogger(__name__)

STATUS = {
    "bad_key": 403,
    "bad_pairing_code": 403,
    "bad_proof": 403,
    "bad_request": 422,
    "cancelled": 410,
    "expired": 410,
    "foreign_origin": 403,
    "no_code_in_image": 422,
    "not_allowed": 403,
    "not_found": 404,
    "not_signed_in": 401,
    "pairing_code_expired": 403,
    "printer_failed": 502,
    "storage_failed": 503,
    "storage_full": 503,
    "too_large": 413,
    "too_many_held": 429,
    "too_many_persons": 422,
    "too_many_tries": 429,
    "unknown_code": 404,
    "unknown_service": 422,
    "wrong_password": 401,
}
# Which field the rules refuse, what is wrong with it, and the fact that is its limit.
REFUSED_FIELDS = {
    "too_many_persons": ("persons", "too_large", "most"),
    "unknown_service": ("services", "unknown", ""),
}
CONFLICT = 409
TRY_LATER = (429, 503)
ROOMS_OF_STAFF = ("/desk", "/office")
HTTP_CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    413: "too_large",
    415: "unsupported_media_type",
}
HTTP_TITLES = {
    400: marked("Anfrage nicht verstanden"),
    404: marked("Seite nicht gefunden"),
    405: marked("So geht das nicht"),
    408: marked("Zu langsam"),
    413: marked("Zu groß"),
    415: marked("Format nicht unterstützt"),
    500: marked("Störung"),
}
HTTP_SENTENCES = {
    400: marked("Die Anfrage war nicht lesbar."),
    404: marked("Diese Seite gibt es nicht. Bitte prüfen Sie die Adresse."),
    405: marked("Diese Adresse versteht die Anfrage nicht."),
    408: marked("Die Anfrage kam nicht rechtzeitig an. Bitte versuchen Sie es noch einmal."),
    413: marked("Das war mehr, als hier angenommen wird."),
    415: marked("Dieses Format wird hier nicht angenommen."),
    500: marked(
        "Da ist etwas schiefgegangen. Es ist nichts verloren; bitte versuchen Sie es noch einmal."
    ),
}


def install(app: Flask) -> None:
    app.register_error_handler(Refused, refused)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, fault)


def answer(error: Exception) -> Response:
    """Whatever went wrong, for a room that shows some of it in its own way."""
    if isinstance(error, Refused):
        return refused(error)
    return http_error(error) if isinstance(error, HTTPException) else fault(error)


def refused(refusal: Refused) -> Response:
    """A "no" of the rules."""
    status = STATUS.get(refusal.code, CONFLICT)
    _choose_language()
    title = refusals.title(refusal.code, language.current())
    answer = _answer(status, refusal.code, title, sentence(refusal), refusal)
    if status in TRY_LATER:
        answer.headers["Retry-After"] = str(refusal.facts.get("seconds", 60))
    if status == 401 and request.path.startswith("/api/"):
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def http_error(error: HTTPException) -> Response:
    """A "no" of the web: no such page, wrong method, too large."""
    status = error.code or 500
    if isinstance(error, RequestEntityTooLarge):
        status = 413
    if 300 <= status < 400:
        return make_response(error.get_response())
    answer = _answer(status, HTTP_CODES.get(status, "refused"), *_said_of(status), None)
    if allow := dict(error.get_headers()).get("Allow"):
        answer.headers["Allow"] = allow
    return answer


def unreadable(_: Exception) -> Response:
    """A body that broke on its way, as the server under the application noticed."""
    return http_error(MalformedRequest())


def fault(error: Exception) -> Response:
    """Our own mistake: logged with its trace, said in one sentence."""
    log.exception("fault in %s %s", request.method, request.url_rule)
    return _answer(500, "fault", *_said_of(500), None)


def sentence(refusal: Refused) -> str:
    """The sentence of a refusal in the language of the page and the zone of its site."""
    context = app_context()
    if "site" in refusal.facts:
        names = {site.id: name_of(site, language.current()).text for site in context.settings.sites}
        refusal.facts["site"] = names.get(str(refusal.facts["site"]), refusal.facts["site"])
    zone = site_of_request().zone if _tells_time(refusal) else context.settings.sites[0].zone
    return refusals.sentence(refusal, zone, context.now(), language.current())


def field_sentence(problem: str, value: str) -> str:
    """What is wrong with one field of a form or a body, in the language of the page."""
    return wording.field_problem(problem, value, language.current())


def site_of_request() -> Site:
    """The site in the address or the form, else that of whoever asks, else the first one."""
    context, requester = app_context(), who()
    asking = requester.clerk or requester.device or requester.program
    named = (request.view_args or {}).get("site") or request.values.get("site", "")
    wanted = named or (asking.site if asking else "")
    found = (site for site in context.settings.sites if site.id == wanted)
    return next(found, context.settings.sites[0])


def _tells_time(refusal: Refused) -> bool:
    """Only then is anybody looked up, who may be why there is a refusal."""
    return any(isinstance(value, datetime) for value in refusal.facts.values())


def wants_json() -> bool:
    """Programs get problem documents, browsers get pages."""
    if request.path.startswith("/api/") or request.is_json:
        return True
    accepted = request.accept_mimetypes
    return bool(accepted) and accepted["application/json"] > accepted["text/html"]


def _choose_language() -> None:
    """Programs and lost visitors are answered as they ask; a room has chosen before it failed."""
    if request.path.startswith("/api/") or (request.url_rule is None and not _is_of_staff()):
        language.listen()


def _is_of_staff() -> bool:
    """Rooms for those who work here: in German, and the way back leads to their desk."""
    return request.path.startswith(ROOMS_OF_STAFF)


def _said_of(status: int) -> tuple[str, str]:
    """Title and sentence of an answer of the web itself."""
    _choose_language()
    said = texts(language.current())
    title = HTTP_TITLES.get(status, refusals.TITLES["refused"])
    sentence = HTTP_SENTENCES.get(status, refusals.SENTENCES["refused"])
    return said.gettext(title), said.gettext(sentence)


def _answer(status: int, code: str, title: str, detail: str, refusal: Refused | None) -> Response:
    if wants_json():
        answer = _problem(status, code, title, detail, refusal)
    else:
        page = render_template(
            "web/error.html", status=status, title=title, detail=detail, code=code,
            request_id=request_id(), **_way_back(),
        )  # fmt: skip
        answer = make_response(page, status)
    answer.headers[HEADER] = request_id()
    return answer


def _way_back() -> dict[str, Any]:
    """Where the button leads; visitors may also change the language."""
    if _is_of_staff():
        return {"home_url": "/desk", "home_label": "Zum Arbeitsplatz"}
    return {"home_url": language.to("/"), "home_label": "", "offers_languages": True}


def _problem(status: int, code: str, title: str, detail: str, refusal: Refused | None) -> Response:
    body: dict[str, Any] = {"status": status, "title": title, "detail": detail, "code": code}
    body["request_id"] = request_id()
    if wrong := _wrong_fields(refusal):
        body["errors"] = [
            {"field": field, "code": code, "detail": field_sentence(code, value)}
            for field, code, value in wrong
        ]
    elif isinstance(refusal, NotIssuing):
        body["why"] = refusal.facts.get("why")
        body["next_slot"] = refusal.facts.get("next_slot")
        if reason := refusal.facts.get("reason"):
            body["reason"] = reason
    answer = jsonify(body)
    answer.status_code = status
    answer.mimetype = "application/problem+json"
    return answer


def _wrong_fields(refusal: Refused | None) -> list[Problem]:
    """What the refusal has against single fields of the body or the address."""
    if isinstance(refusal, BadRequest):
        return problems(refusal)
    if isinstance(refusal, NotFound) and "field" in refusal.facts:
        return [(str(refusal.facts["field"]), "unknown", "")]
    if refusal is None or refusal.code not in REFUSED_FIELDS:
        return []
    field, code, limit = REFUSED_FIELDS[refusal.code]
    return [(field, code, str(refusal.facts.get(limit, "")))]
