"""The calling rule: what each one does, the office's decision, and who decided what when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.actions import rules as actions
from queue_server.domain import events
from queue_server.domain.site import PriorityRules
from queue_server.office.blueprint import ClerkRequest, clerk_request, page, room
from queue_server.store import decisions, identities, journal
from queue_server.store.database import Reader
from queue_server.store.decisions import rules_in_force
from queue_server.web.forms import text
from queue_server.web.reasons import nth
from queue_server.web.wording import number

MOST_CHANGES = 10
# What the chosen rule asks for; the other numbers stay as they are.
USES: Mapping[str, tuple[str, ...]] = {
    "due_first": ("busy_from_minutes", "guard_after_minutes", "guard_every"),
    "strict": (),
    "arrival": (),
    "accumulating": ("ratio",),
}
NAMES: Mapping[str, str] = {
    "due_first": "Fällige Termine zuerst, wenn viel los ist",
    "strict": "Termine immer zuerst",
    "arrival": "Der Reihe nach",
    "accumulating": "Gewichtete Wartezeit",
}
NUMBER = re.compile(r"[0-9]{1,6}([.,][0-9]{1,3})?")

Errors = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a rule does on one model morning, with usual and with too much to do."""

    rule: str
    in_ten: tuple[int, int]
    walk_in_mean: tuple[int, int]
    walk_in_slowest: tuple[int, int]


# 1,600 mornings of four hours at four counters with 18 % no-shows, the same chance for every rule:
# percent of the appointments called within ten minutes, then minutes of those without one: mean,
# and what one in twenty exceeds. Ratio 3, guard 45 minutes and every third call.
EFFECTS = (
    Effect("due_first", (92, 85), (28, 51), (85, 122)),
    Effect("strict", (98, 98), (32, 56), (94, 128)),
    Effect("arrival", (46, 19), (17, 30), (48, 72)),
    Effect("accumulating", (58, 31), (23, 42), (68, 102)),
)


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the history."""

    at: datetime
    name: str
    sentence: str
    who: str


@room.get("/office/rules")
def rules_page() -> AnyResponse:
    """The rule in force, the four to choose from, and the history."""
    return _page(clerk_request())


@room.post("/office/rules")
def decide_rule() -> AnyResponse:
    """The office decides; it counts from the next call on."""
    who = clerk_request()
    rules, errors = _wanted(who)
    if errors:
        return _page(who, errors)
    done = actions.decide(who.store, who.site, rules, who.clerk, now=who.now)
    return redirect(url_for("office.rules_page", said="decided" if done else "same"), 303)


@room.post("/office/rules/removal")
def undecide_rule() -> AnyResponse:
    """The rule of config.toml holds again. Twice is once."""
    who = clerk_request()
    actions.as_configured(who.store, who.site, who.clerk, now=who.now)
    return redirect(url_for("office.rules_page", said="configured"), 303)


def sentence(rules: PriorityRules) -> str:
    """What the rule does, with its numbers."""
    if rules.rule == "due_first":
        return (
            f"Termine, die fällig sind, gehen vor, sobald jemand ohne Termin mindestens "
            f"{rules.busy_from_minutes} Minuten warten müsste. Wartet jemand ohne Termin länger "
            f"als {rules.guard_after_minutes} Minuten, gilt jeder {nth(rules.guard_every)} Aufruf "
            f"der Reihe ohne Termin."
        )
    if rules.rule == "accumulating":
        return weighed(rules.ratio)
    if rules.rule == "strict":
        return "Wer mit Termin da ist, geht immer vor."
    return "Alle kommen der Reihe nach dran; ein Termin zählt ab seiner Uhrzeit."


def weighed(ratio: float) -> str:
    """The exact meaning of the ratio."""
    minutes = number(30 / ratio)
    return f"30 Minuten ohne Termin wiegen wie {minutes} Minuten mit Termin."


def _page(who: ClerkRequest, errors: Errors | None = None) -> AnyResponse:
    with who.store.snapshot() as snapshot:
        rules = rules_in_force(snapshot, who.site)
        is_decided = decisions.decided_rules(snapshot, who.site.id) is not None
        changes = _changes(snapshot, who)
    return page(
        who,
        "office/rules.html",
        422 if errors else 200,
        rules=rules,
        is_decided=is_decided,
        configured=who.site.priority,
        changes=changes,
        effects=EFFECTS,
        names=NAMES,
        sentence=sentence,
        weighed=weighed,
        limits=actions.LIMITS,
        fields=_fields(rules, again=bool(errors)),
        errors=errors or [],
        said=text("said"),
    )


def _fields(rules: PriorityRules, *, again: bool) -> dict[str, str]:
    """The form as it is, or as it was sent when something is wrong with it."""
    known = {name: shown(value) for name, value in asdict(rules).items()}
    return {name: text(name) or value for name, value in known.items()} if again else known


def shown(value: Any) -> str:
    return number(value, 6) if isinstance(value, float) else str(value)


def _wanted(who: ClerkRequest) -> tuple[PriorityRules, Errors]:
    """The rule that the form asks for; numbers that it does not use are left as they are."""
    with who.store.snapshot() as snapshot:
        rules = replace(rules_in_force(snapshot, who.site), rule=text("rule"))
    if rules.rule not in USES:
        return rules, [("rule-due_first", "Bitte wählen Sie eine Regel.")]
    errors, numbers = [], {}
    for name in USES[rules.rule]:
        found, (low, high) = _number(name), actions.LIMITS[name]
        if found is None or not low <= found <= high:
            kind = "eine Zahl" if name == "ratio" else "eine ganze Zahl"
            errors.append((name, f"Bitte geben Sie {kind} von {low} bis {high} an."))
        numbers[name] = found
    return (rules, errors) if errors else (replace(rules, **numbers), [])


def _number(name: str) -> Any:
    """What the field says; only the ratio may be other than whole."""
    found = read_number(text(name))
    if found is None or name == "ratio":
        return found
    return int(found) if found.is_integer() else None


def read_number(value: str) -> float | None:
    """None when that is no number, or longer than any that is asked for; a comma is a point."""
    if not (value.isascii() and NUMBER.fullmatch(value)):
        return None
    return float(value.replace(",", "."))


def _changes(reader: Reader, who: ClerkRequest) -> list[Change]:
    names = identities.clerk_names(reader, who.site.id)
    found = journal.newest(reader, who.site.id, events.RulesSet.__name__, MOST_CHANGES)
    return [
        Change(each.at, NAMES[rules.rule], sentence(rules), _who(each, names))
        for each in found
        for rules in (actions.rules_in(each),)
    ]


def _who(event: events.Event, names: Mapping[int, str]) -> str:
    """Who set it: a clerk by name, or the file at a start."""
    assert isinstance(event, events.RulesSet)
    if event.clerk is None:
        return "config.toml, beim Start" if event.by == actions.CONFIG else "Leitung"
    name = names.get(event.clerk, "Leitung")
    return f"{name}: wieder wie in config.toml" if event.by == actions.CONFIG else name
