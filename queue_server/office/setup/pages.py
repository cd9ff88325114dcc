"""The forms that set the office up: fill in, look at what it means, save.

Nothing is written before the lines that change have been shown. What has changed in between is
told, and shown anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions import days as day_actions
from queue_server.domain.appointment import Appointment
from queue_server.domain.errors import NotFound
from queue_server.office.blueprint import ClerkRequest, clerk_request, page, room
from queue_server.office.changes import last_change
from queue_server.office.setup.ordering import (
    PRESSED,
    ListOrder,
    asked_order,
    named,
    order_changes,
)
from queue_server.office.setup.parts import PART_OF, PARTS
from queue_server.office.setup.problem_words import ProblemShown, problem_words
from queue_server.office.setup.reading import NEW, Errors, SetupForm
from queue_server.office.special_days import sentence, to_inform
from queue_server.queries import cancellations
from queue_server.queries.settings_effects import outside_hours
from queue_server.settings import ConfigError
from queue_server.settings.editing import Change, NotEditable
from queue_server.settings.editing.file import NotWritten
from queue_server.web.configuration import Proposal
from queue_server.web.forms import text, whole

MOST_DAYS = 20
NOT_EDITABLE = (
    "Diese Stelle ist in config.toml so geschrieben, dass sie nur von Hand geändert werden kann."
)
NOT_WRITTEN = {
    "changed": "Inzwischen hat sich config.toml geändert. Unten steht, was Ihre Änderung jetzt "
    "bedeutet; bitte prüfen Sie es noch einmal.",
    "read_only": "config.toml ist schreibgeschützt. Nichts wurde geändert. Bitte sprechen Sie die "
    "IT an: Der Server darf die Datei oder ihren Ordner nicht schreiben.",
    "full": "Auf der Festplatte ist kein Platz mehr. config.toml ist, wie sie war.",
    "failed": "config.toml ließ sich nicht schreiben. Sie ist, wie sie war. Bitte sprechen Sie die "
    "IT an.",
    "demo": "Dies ist eine Vorführung: config.toml wird nicht geschrieben. Im Betrieb würde jetzt "
    "gespeichert.",
}
STATUS = {"changed": 409, "read_only": 409, "demo": 409, "full": 503, "failed": 503}


@dataclass
class Checked:
    """A change that was looked at: what it means, and who is hit by it."""

    proposal: Proposal
    outside: Sequence[Appointment] = field(default_factory=list)


@room.get("/office/setup")
def setup_page() -> AnyResponse:
    """All that can be set up, and whether the file waits for somebody."""
    who = clerk_request()
    return page(who, "office/setup.html", parts=PARTS, **file_state(who))


@room.get("/office/setup/<part>")
def part_page(part: str) -> AnyResponse:
    """A form, or the entries of a list."""
    form = _form_of(clerk_request(), part)
    return _entries(form) if form.part.is_list else _form(form)


@room.post("/office/setup/<part>")
def change_part(part: str) -> AnyResponse:
    """Look at a change of a single form, or of the order of a list, or save it."""
    form = _form_of(clerk_request(), part)
    return _ordered(form) if form.part.is_list else _changed(form)


@room.get("/office/setup/<kind>/<entry>")
def entry_page(kind: str, entry: str) -> AnyResponse:
    """The form of an entry."""
    return _form(_form_of(clerk_request(), kind, entry))


@room.post("/office/setup/<kind>/<entry>")
def change_entry(kind: str, entry: str) -> AnyResponse:
    """Look at a change of an entry, or at its end, or save it."""
    return _changed(_form_of(clerk_request(), kind, entry))


def _form_of(who: ClerkRequest, part: str, entry: str = "") -> SetupForm:
    found = PART_OF.get(part)
    if found is None or (entry and not found.is_list) or (entry == NEW and not found.can_grow):
        raise NotFound(part=part)
    is_admin = who.clerk.role == "admin"
    form = SetupForm(who.context.settings, who.site, found, entry, for_admin=is_admin)
    if entry and entry != NEW:
        # Raises `NotFound` for one that there is not.
        assert form.thing is not None
    return form


def _ordered(form: SetupForm) -> AnyResponse:
    """The list with one of its entries moved; looked at and saved like any other change."""
    if not form.part.order_words:
        raise NotFound(part=form.part.id)
    order = asked_order(form.part, form.site)
    if text("step") not in ("check", "save"):
        return _entries(form, order)
    changes = order_changes(form.part, form.site, order)
    return _checked(form, {}, changes) if changes else redirect(_back(form, said="same"), 303)


def _entries(
    form: SetupForm, order: ListOrder | None = None, problems: Sequence[ProblemShown] = ()
) -> AnyResponse:
    who = clerk_request()
    order = order or asked_order(form.part, who.site)
    return page(
        who,
        "office/setup_list.html",
        422 if problems else 200,
        part=form.part,
        entries=named(form.part, who.site, order),
        order=order,
        base=text("base") or who.context.configuration.base,
        problems=problems,
        **_came_of_it(),
        **file_state(who),
    )


def _form(
    form: SetupForm,
    said: dict[str, Any] | None = None,
    errors: Errors | None = None,
    problems: Sequence[ProblemShown] = (),
) -> AnyResponse:
    who = clerk_request()
    return page(
        who,
        "office/setup_form.html",
        422 if errors or problems else 200,
        form=form,
        values=form.values() if said is None else said,
        base=text("base") or who.context.configuration.base,
        errors=errors or [],
        problems=problems,
        **_came_of_it(),
        **file_state(who),
    )


def _came_of_it() -> dict[str, Any]:
    """What `saved_state` of the templates needs."""
    return {
        "said": text("said"),
        "gone": whole(text("gone"), 6),
        "days": request.args.getlist("day")[:MOST_DAYS],
    }


def _changed(form: SetupForm) -> AnyResponse:
    if text("remove"):
        return _checked(form, {}, form.removal())
    said = form.sent()
    errors = form.faults(said)
    if errors or text("step") == "edit":
        return _form(form, said, errors)
    changes = form.changes(said)
    if not changes:
        return redirect(_back(form, said="same"), 303)
    return _checked(form, said, changes)


def _checked(form: SetupForm, said: dict[str, Any], changes: Sequence[Change]) -> AnyResponse:
    """What the change means; saved when it was shown before and nobody stands in its way."""
    who = clerk_request()
    try:
        proposal = who.context.configuration.proposal(changes, who.now)
    except (ConfigError, NotEditable) as error:
        problems = (
            [ProblemShown(NOT_EDITABLE)]
            if isinstance(error, NotEditable)
            else problem_words(error, folder_of(who))
        )
        if form.part.is_list and not form.entry:
            return _entries(form, problems=problems)
        return _form(form, said or None, problems=problems)
    checked = Checked(proposal, _outside(who, form, proposal))
    if text("base") != proposal.base:
        return _look(form, checked, why="changed")
    if text("step") != "save" or proposal.in_use:
        return _look(form, checked)
    if checked.outside and not text("sure"):
        return _look(form, checked, why="sure")
    return _saved(who, form, checked)


def _outside(who: ClerkRequest, form: SetupForm, proposal: Proposal) -> list[Appointment]:
    if not form.part.decides_hours:
        return []
    with who.store.snapshot() as snapshot:
        return outside_hours(snapshot, who.site, proposal.settings.site(who.site.id), who.now)


def _saved(who: ClerkRequest, form: SetupForm, checked: Checked) -> AnyResponse:
    try:
        who.context.configuration.save(checked.proposal, who.site, who.clerk.id, who.now)
    except NotWritten as refusal:
        return _look(form, checked, why=refusal.why)
    # Whoever booked while this was looked at is found now, when nobody can any more.
    with who.store.snapshot() as snapshot:
        since = outside_hours(snapshot, who.site, who.context.site(who.site.id), who.now)
    outside = since if form.part.decides_hours else []
    gone = day_actions.cancel_some(who.store, who.site, [each.id for each in outside],
                                   clerk=who.clerk.id, now=who.now) if outside else 0  # fmt: skip
    days = sorted({each.start_at.astimezone(who.site.zone).date() for each in outside})
    more = {"gone": gone, "day": [day.isoformat() for day in days[:MOST_DAYS]]} if gone else {}
    return redirect(_back(form, said="saved", **more), 303)


def _back(form: SetupForm, **more: Any) -> str:
    return url_for("office.part_page", part=form.part.id, **more)


def _look(form: SetupForm, checked: Checked, why: str = "") -> AnyResponse:
    who = clerk_request()
    with who.store.snapshot() as snapshot:
        concerned = cancellations.concerned(snapshot, checked.outside)
        told = to_inform(snapshot, concerned, mail_is_on=who.mail_is_on)
        quicker = last_change(snapshot, who) if why == "changed" else None
    return page(
        who,
        "office/setup_check.html",
        422 if why == "sure" else STATUS.get(why, 200),
        form=form,
        proposal=checked.proposal,
        told=told,
        told_words=sentence(told) if told.count else "",
        mail_is_on=who.mail_is_on,
        names={service.id: service.name for service in who.site.services},
        sent=[(name, value) for name, value in request.form.items(multi=True)
              if name not in ("step", "base", "sure", *PRESSED)],
        error="Bitte bestätigen Sie, dass die Termine abgesagt werden." if why == "sure" else "",
        is_removal=bool(text("remove")),
        trouble=NOT_WRITTEN.get(why, ""),
        quicker=quicker,
        in_use=[_in_use(who, each) for each in checked.proposal.in_use],
    )  # fmt: skip


def _in_use(who: ClerkRequest, one: Any) -> str:
    if one.kind == "counter":
        name = who.site.counter_name(one.id)
        return f"{name} ist geöffnet, oder jemand wartet darauf. Bitte schließen Sie ihn zuerst."
    name = who.site.service(one.id).name
    return (
        f"„{name}“ wird noch gebraucht (Personen im Haus: {one.people}, gebuchte Termine: "
        f"{one.appointments}). Solange lässt es sich nicht entfernen; nehmen Sie ihm vorerst "
        "„Ohne Termin möglich“ und „Mit Termin möglich“ weg."
    )


def file_state(who: ClerkRequest) -> dict[str, Any]:
    """What `file_state` of the templates needs: what a hand has done to config.toml."""
    configuration = who.context.configuration
    edit = configuration.hand_edit
    return {
        "hand_edit": edit,
        "hand_problems": problem_words(edit, folder_of(who)) if edit else [],
        "waits": configuration.waits_for_a_start,
    }


def folder_of(who: ClerkRequest) -> str:
    """Where config.toml lies, as problems name it."""
    return f"{who.context.settings.path.parent}/"
