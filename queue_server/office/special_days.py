"""Days that are unlike others: what the form decides, which are to come, and who is told how."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from queue_server.domain.hours import Span, SpecialDay
from queue_server.languages.words import counted
from queue_server.mail.letter_rules import was_told
from queue_server.office.blueprint import ClerkRequest
from queue_server.queries.cancellations import Concerned
from queue_server.store import decisions
from queue_server.store.database import Reader
from queue_server.store.letters import LetterState
from queue_server.web import forms
from queue_server.web.forms import text

PAIRS = (1, 2)
CLOSED, OTHER = "closed", "other"
LONGEST_NOTICE = 200
FURTHEST = timedelta(days=2 * 366)
MIDNIGHT = 24 * 60
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")

Errors = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DayDecision:
    """A local day with its new hours, none of them when closed; `errors` name field and fault."""

    day: date | None
    spans: tuple[Span, ...]
    notice: str
    errors: Sequence[tuple[str, str]]


def read_decision(who: ClerkRequest) -> DayDecision:
    """The decision of the form, or what is wrong with it."""
    day, errors = _day(who)
    spans, wrong_spans = _spans() if text("open") == OTHER else ((), [])
    notice = text("notice")
    too_long = len(notice) > LONGEST_NOTICE
    wrong_notice = [("notice", f"Höchstens {LONGEST_NOTICE} Zeichen.")] if too_long else []
    return DayDecision(day, spans, notice, [*errors, *wrong_spans, *wrong_notice])


def clock(minutes: int) -> str:
    """Minutes after midnight as the form shows them; the end of the day is 00:00."""
    hour, minute = divmod(minutes % MIDNIGHT, 60)
    return f"{hour:02d}:{minute:02d}"


def _day(who: ClerkRequest) -> tuple[date | None, Errors]:
    day = forms.day(text("day"))
    if day is None:
        return None, [("day", "Bitte wählen Sie einen Tag.")]
    if not who.today <= day <= who.today + FURTHEST:
        return None, [("day", "Bitte wählen Sie heute oder einen späteren Tag.")]
    return day, []


def _spans() -> tuple[tuple[Span, ...], Errors]:
    """The filled pairs in their order."""
    spans: list[Span] = []
    for pair in PAIRS:
        opens, closes = text(f"from-{pair}"), text(f"to-{pair}")
        if not (opens or closes):
            continue
        start, end = _minutes(opens), _minutes(closes)
        if start is None or end is None:
            return (), [(f"from-{pair}", "Bitte geben Sie beide Uhrzeiten an, zum Beispiel 08:00.")]
        # A clock shows midnight as 00:00; as an end it is the end of the day.
        end = end or MIDNIGHT
        if start >= end:
            return (), [(f"to-{pair}", "Das Ende muss nach dem Anfang liegen.")]
        spans.append(Span(start, end))
    return _ordered(spans)


def _ordered(spans: list[Span]) -> tuple[tuple[Span, ...], Errors]:
    ordered = sorted(spans, key=lambda span: span.start)
    if not ordered:
        return (), [
            ("from-1", "Bitte geben Sie die Öffnungszeiten an, oder schließen Sie den Tag.")
        ]
    if any(late.start < early.end for early, late in zip(ordered, ordered[1:], strict=False)):
        return (), [("from-2", "Die Zeiten überschneiden sich.")]
    return tuple(ordered), []


def _minutes(clock: str) -> int | None:
    found = CLOCK.fullmatch(clock)
    return int(found[1]) * 60 + int(found[2]) if found else None


@dataclass(frozen=True, slots=True)
class Planned:
    """A special day to come. One of config.toml is `hidden` when it was decided otherwise here."""

    special: SpecialDay
    is_ours: bool
    is_hidden: bool = False


def coming_days(who: ClerkRequest) -> list[Planned]:
    """From config.toml and from this page, earliest first; days that have passed are history."""
    with who.store.snapshot() as snapshot:
        ours = decisions.special_days(snapshot, who.site.id)
    decided = {each.day for each in ours}
    every = [Planned(each, is_ours=True) for each in ours] + [
        Planned(each, is_ours=False, is_hidden=each.day in decided)
        for each in who.site.special_days
    ]
    coming = [each for each in every if each.special.day >= who.today]
    return sorted(coming, key=lambda each: (each.special.day, each.is_ours))


# A letter that was refused, or given up, has told nobody.
NOT_TOLD = frozenset({LetterState.REFUSED, LetterState.DROPPED})


@dataclass(frozen=True, slots=True)
class ToInform:
    """Those who fall out, sorted by how they are told.

    `forms` are times that somebody is just choosing: the page itself says that they are gone.
    """

    letters: Sequence[Concerned]
    phones: Sequence[Concerned]
    nobodies: Sequence[Concerned]
    forms: Sequence[Concerned]

    @property
    def count(self) -> int:
        """The appointments, without the times that nobody has booked yet."""
        return len(self.letters) + len(self.phones) + len(self.nobodies)


def to_inform(reader: Reader, some: Iterable[Concerned], *, mail_is_on: bool) -> ToInform:
    """Sort them. An address counts only while letters are sent and come through."""
    sorted_out: dict[str, list[Concerned]] = {"letter": [], "phone": [], "nobody": [], "form": []}
    for one in some:
        sorted_out[_way(reader, one, mail_is_on)].append(one)
    return ToInform(*sorted_out.values())


def sentence(told: ToInform, *, is_done: bool = False) -> str:
    """`12 Termine fallen aus: 9 bekommen eine E-Mail, 3 haben nur eine Telefonnummer.`"""
    one, many = ("fiel", "fielen") if is_done else ("fällt", "fallen")
    whole = counted(
        told.count, f"Kein Termin {one} aus", f"{{count}} Termin {one} aus",
        f"{{count}} Termine {many} aus",
    )  # fmt: skip
    parts = [part for part in _parts(told) if part]
    return f"{whole}: {', '.join(parts)}." if parts else f"{whole}."


def _parts(told: ToInform) -> list[str]:
    return [
        counted(len(told.letters), "", "{count} bekommt eine E-Mail",
                "{count} bekommen eine E-Mail"),
        counted(len(told.phones), "", "{count} ist nur am Telefon zu erreichen",
                "{count} sind nur am Telefon zu erreichen"),
        counted(len(told.nobodies), "", "{count} ist so nicht zu erreichen",
                "{count} sind so nicht zu erreichen"),
    ]  # fmt: skip


def _way(reader: Reader, one: Concerned, mail_is_on: bool) -> str:
    if not was_told(reader, one.appointment):
        return "form"
    is_lost = one.letter is not None and one.letter.state in NOT_TOLD
    if one.person.email and mail_is_on and not is_lost:
        return "letter"
    return "phone" if one.person.phone else "nobody"
