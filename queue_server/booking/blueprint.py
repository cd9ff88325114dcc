"""What all pages of the room share: the blueprint, the language, what an address or a form says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from queue_server.domain.errors import BadRequest, NotFound, Refused
from queue_server.domain.timestamps import written
from queue_server.languages import marked, texts
from queue_server.store.people import Person
from queue_server.web.errors import CONFLICT, STATUS
from queue_server.web.forms import problems
from queue_server.web.language import current, listen, to
from queue_server.web.wording import field_problem

room = Blueprint(
    "booking",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/booking",
)
room.before_request(listen)

TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
LONGEST_FIELD = 2000
YEARS = range(2000, 3000)
Errors = list[tuple[str, str]]
PROBLEMS = {
    ("email", "missing"): marked("Bitte geben Sie Ihre E-Mail-Adresse an."),
    ("name", "too_long"): marked("Der Name ist zu lang. Bitte kürzen Sie ihn."),
}
View = Callable[..., Any]


def _(text: str) -> str:
    """This text in the language of the page."""
    return texts(current()).gettext(text)


def of_a_holder(view: View) -> View:
    """An unknown token is a friendly page: most often a link was cut short."""

    @wraps(view)
    def answer(token: str) -> Any:
        try:
            return view(token)
        except NotFound:
            kind = "ticket" if request.path.startswith("/t/") else "appointment"
            return make_response(render_template("booking/unknown.html", kind=kind), 404)

    return answer


def text(name: str) -> str:
    """One value of the form or the address, without blanks around it."""
    return request.values.get(name, "")[:LONGEST_FIELD].strip()


def a_moment(name: str) -> datetime | None:
    """An aware moment from a form, or nothing; a far one is no time that can be had."""
    return written(text(name), YEARS)


def a_token(name: str) -> str:
    """A token from the form or the address; empty when it has not the shape of one."""
    found = text(name)
    return found if TOKEN.fullmatch(found) else ""


def own(token: str, *rest: str, **query: str) -> str:
    """The address of a holder's page."""
    return to("/".join(("/termin", token, *rest)), **query)


def see(address: str) -> Response:
    """After a form: look at this page with GET."""
    return redirect(address, 303)


def status_of(refusal: Refused) -> int:
    """The status with which a page says no."""
    return STATUS.get(refusal.code, CONFLICT)


def typed_person() -> Person:
    """Name and address as they were typed. Of the form only: no address shows them."""
    name, email = (request.form.get(each, "")[:LONGEST_FIELD] for each in ("name", "email"))
    return Person(name, email)


def wrong_fields(refusal: BadRequest) -> Errors:
    """Which fields of the form are wrong, and a sentence for each."""
    return [(field, _problem(field, code, value)) for field, code, value in problems(refusal)]


def _problem(field: str, code: str, value: str) -> str:
    own_words = PROBLEMS.get((field, code))
    return _(own_words) if own_words else field_problem(code, value, current())
