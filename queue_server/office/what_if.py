"""What would have happened: real days under another rule, other staffing or other hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from queue_server.domain.errors import BadRequest
from queue_server.domain.figures import BINS
from queue_server.domain.site import PriorityRules, Site
from queue_server.domain.timestamps import moment
from queue_server.history.replay.comparison import Comparison, Variation
from queue_server.history.replay.variations import OtherHours
from queue_server.history.replay.what_if import told, what_if
from queue_server.history.replay.world_figures import (
    APPOINTMENT,
    QUARTERS,
    WALK_IN,
    WorldFigures,
)
from queue_server.languages import words
from queue_server.office.blueprint import ClerkRequest, clerk_request, page, room
from queue_server.office.charts import Plot, bars, courses
from queue_server.office.figure_charts import day_label
from queue_server.office.rules import NAMES, read_number
from queue_server.store.decisions import rules_in_force
from queue_server.web.errors import field_sentence
from queue_server.web.findings import in_german
from queue_server.web.forms import read_period, text
from queue_server.web.wording import number

AS_IT_WAS = ("", "wie es war")
COUNTERS = (AS_IT_WAS, ("1", "ein Schalter mehr"), ("-1", "ein Schalter weniger"))
OPENS = (
    AS_IT_WAS, ("60", "1 Stunde früher"), ("30", "30 Minuten früher"),
    ("-30", "30 Minuten später"), ("-60", "1 Stunde später"),
)  # fmt: skip
CLOSES = (
    AS_IT_WAS, ("60", "1 Stunde später"), ("30", "30 Minuten später"),
    ("-30", "30 Minuten früher"), ("-60", "1 Stunde früher"),
)  # fmt: skip
# The numbers of the rule that may be tried out, with their bounds and words.
NUMBERS: Mapping[str, tuple[int, int, str, str]] = {
    "busy_from_minutes": (0, 480, "Viel los ab (Minuten)", "So lange würde jemand Neues warten."),
    "guard_after_minutes": (0, 480, "Anteil ab (Minuten)", "Wartezeit ohne Termin."),
    "guard_every": (2, 100, "Anteil: jeder … Aufruf", "3 heißt: jeder dritte."),
    "ratio": (1, 100, "Gewicht eines Termins", "Nur bei der gewichteten Wartezeit."),
}
FIELDS = ("from", "to", "rule", "counters", "opens_earlier_minutes", "closes_later_minutes",
          *NUMBERS)  # fmt: skip
# Days were perhaps called by another rule than the one of now, so even this can differ from them.
RULE_OF_NOW, NOTHING_ELSE = "Aufrufregel wie jetzt", "Nichts ist anders als jetzt"
KINDS = ((APPOINTMENT, "Mit Termin"), (WALK_IN, "Ohne Termin"))
Errors = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DifferenceInWords:
    """A call at which journal and replay part, in words."""

    at: datetime
    counter: str
    number: str
    words: str


@dataclass(frozen=True, slots=True)
class ComparisonShown:
    """A comparison as the page shows it. `changes` are what is different, in words."""

    told: Mapping[str, Any]
    changes: list[str]
    differences: list[DifferenceInWords]
    waits: list[tuple[str, Plot, list[tuple[str, float, float]]]]
    queue: Plot | None
    queue_rows: list[tuple[str, float, float]]


@room.get("/office/what-if")
def what_if_page() -> AnyResponse:
    """The question as a form, and its answer below when it was asked."""
    who = clerk_request()
    fields = {name: text(name) for name in FIELDS}
    change, errors = _change(fields)
    days, wrong_days = _days(who)
    errors = [*wrong_days, *errors]
    shown = None
    if days and not errors and request.args:
        # A year takes some seconds, in which calls to counters must not wait.
        shown = who.context.pools.reports(lambda: _shown(who, *days, change))
    if days and not fields["from"]:
        fields |= {"from": days[0].isoformat(), "to": days[1].isoformat()}
    status = 422 if errors else 200
    asked = {"fields": fields, "errors": errors, "shown": shown}
    return page(who, "office/what_if.html", status, **asked, **_words())


def _words() -> dict[str, Any]:
    """What the templates choose from."""
    return {
        "choices": {
            "rule": (AS_IT_WAS, *NAMES.items()),
            "counters": COUNTERS,
            "opens": OPENS,
            "closes": CLOSES,
        },
        "numbers": NUMBERS,
        "kinds": KINDS,
        "day_label": day_label,
    }


def _days(who: ClerkRequest) -> tuple[tuple[date, date] | None, Errors]:
    """The days asked for; the seven up to yesterday when none are named."""
    try:
        period = read_period(request.args, who.today)
    except BadRequest as refusal:
        wrong: Any = refusal.facts["errors"]
        return None, [(name, _sentence(code, value)) for name, code, value in wrong]
    if period.first > who.today:
        return None, [("from", "Bitte wählen Sie heute oder einen früheren Tag.")]
    return (period.first, period.last), []


def _sentence(code: str, value: str) -> str:
    return "Bitte wählen Sie einen Tag." if code == "date" else field_sentence(code, value)


def _change(fields: Mapping[str, str]) -> tuple[Variation, Errors]:
    errors: Errors = []
    rules: dict[str, Any] = {}
    if fields["rule"] in NAMES:
        rules["rule"] = fields["rule"]
    elif fields["rule"]:
        errors.append(("rule", "Bitte wählen Sie eine Regel."))
    for name, (least, most, _, _) in NUMBERS.items():
        read = _ratio if name == "ratio" else _whole
        value = read(fields[name], name, least, most, errors)
        if value is not None:
            rules[name] = value
    counters = _whole(fields["counters"], "counters", -1, 1, errors) or 0
    hours = [
        _whole(fields[name], name, -240, 240, errors) or 0
        for name in ("opens_earlier_minutes", "closes_later_minutes")
    ]
    return Variation(rules, counters, OtherHours(*hours)), errors


def _whole(value: str, name: str, least: int, most: int, errors: Errors) -> int | None:
    """A whole number within bounds; None when left empty or, with an error noted, wrong."""
    if not value:
        return None
    digits = value.removeprefix("-")
    found = int(value) if digits.isascii() and digits.isdigit() and len(digits) < 6 else None
    if found is None or not least <= found <= most:
        errors.append((name, f"Bitte geben Sie eine ganze Zahl von {least} bis {most} ein."))
        return None
    return found


def _ratio(value: str, name: str, least: int, most: int, errors: Errors) -> float | None:
    """As `_whole`, but any number."""
    if not value:
        return None
    found = read_number(value)
    if found is None or not least <= found <= most:
        errors.append((name, f"Bitte geben Sie eine Zahl von {least} bis {most} ein."))
        return None
    return found


def _shown(who: ClerkRequest, first: date, last: date, change: Variation) -> ComparisonShown:
    with who.store.snapshot() as snapshot:
        comparison = what_if(snapshot, who.site, first, last, change, now=who.now)
        rules = rules_in_force(snapshot, who.site)
    waits = [(name, *_waits(comparison, kind)) for kind, name in KINDS]
    return ComparisonShown(
        told(comparison, who.site, first, last),
        _in_words(change, rules),
        _differences(comparison, who.site),
        waits,
        *_queue(comparison),
    )


def _in_words(change: Variation, now: PriorityRules) -> list[str]:
    """What is different, as parts of a sentence; of the rule only what differs from `now`."""
    hours = change.hours
    context = [
        dict(COUNTERS)[str(change.counters)] if change.counters else "",
        _moved("geöffnet", hours.opens_earlier, "früher", "später"),
        _moved("geschlossen", hours.closes_later, "später", "früher"),
    ]
    said = [each for each in context if each]
    if not change.rules:
        return said
    other = {name: value for name, value in change.rules.items() if value != getattr(now, name)}
    return [*(_rule_words(other) or [RULE_OF_NOW if said else NOTHING_ELSE]), *said]


def _rule_words(rules: Mapping[str, Any]) -> list[str]:
    said = [NAMES[rules["rule"]]] if "rule" in rules else []
    return said + [
        f"{NUMBERS[name][2]}: {number(rules[name], 6)}" for name in NUMBERS if name in rules
    ]


def _moved(verb: str, minutes: int, more: str, less: str) -> str:
    return f"{abs(minutes)} Minuten {more if minutes > 0 else less} {verb}" if minutes else ""


def _differences(comparison: Comparison, site: Site) -> list[DifferenceInWords]:
    return [
        DifferenceInWords(
            moment(each.at).astimezone(site.zone),
            site.counter_name(each.counter),
            each.number or "–",
            in_german(each.why, each.expected),
        )
        for each in comparison.differences
    ]


# -- drawings --------------------------------------------------------------------------------------


def _waits(comparison: Comparison, kind: str) -> tuple[Plot, list[tuple[str, float, float]]]:
    """How waiting times are spread, in percent of those who were called."""
    labels = _bin_labels()
    was, would = (_shares(world, kind) for world in (comparison.actual, comparison.what_if))
    return bars(labels, was, would, f"{words.NO_BREAK}%"), list(
        zip(labels, was, would, strict=True)
    )


def _shares(world: WorldFigures, kind: str) -> list[float]:
    counts = world.figures(kind).bins
    return [round(100 * count / max(sum(counts), 1), 1) for count in counts]


def _bin_labels() -> list[str]:
    edges = (0, *BINS)
    pairs = zip(edges, BINS, strict=False)
    return [*(f"{low}–{high}" for low, high in pairs), f"> {BINS[-1]}"]


def _queue(comparison: Comparison) -> tuple[Plot | None, list[tuple[str, float, float]]]:
    """How many waited at which time of day, in the mean of the days."""
    days = max(comparison.days, 1)
    worlds = (comparison.actual.present, comparison.what_if.present)
    busy = [quarter for quarter in range(QUARTERS) if any(world[quarter] for world in worlds)]
    if not busy:
        return None, []
    # From a full hour to a full hour, with an empty quarter at each end.
    begin, end = max(busy[0] - 1, 0) // 4 * 4, min(-(-(busy[-1] + 2) // 4) * 4, QUARTERS - 1)
    quarters = range(begin, end + 1)
    was, would = ([round(world[q] / days, 1) for q in quarters] for world in worlds)
    clocks = [f"{quarter // 4}:{quarter % 4 * 15:02d}" for quarter in quarters]
    hours = 4 if len(quarters) <= 48 else 8
    rows = [row for row in zip(clocks, was, would, strict=True) if row[0].endswith(":00")]
    names = [clock.removesuffix(":00") for clock in clocks]
    return courses(names, was, would, hours), rows
