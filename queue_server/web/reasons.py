"""Why this person is called, for the desk, and why not me yet, in the visitor's language.

One sentence for every code of `priority.ReasonCode` and of `queries/why.py`; a test sees that none
is missing. What counts people has two forms. `{time}` is a duration in the words of all pages; it
may end with a full stop ("1 Std. 30 Min."), so it never ends a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from queue_server.domain.priority import Reason
from queue_server.domain.site import Site
from queue_server.languages import GERMAN, marked, marked_plural, texts, words
from queue_server.queries.why import Why
from queue_server.web.models import WhyOut
from queue_server.web.wording import filled, number

REASONS: Mapping[str, str] = {
    "precedence": "Vorrang",
    "appointment_due": "Termin {due_at} ist fällig",
    "appointment_first": "Termin {due_at}: Termine gehen vor",
    "appointment_early": "Termin {due_at}, schon da",
    "guard": "Wartet {waited_minutes} min: jeder {nth} Aufruf geht an Personen ohne Termin",
    "guard.late": "Verspätet zum Termin {due_at}, wartet {waited_minutes} min: jeder {nth} Aufruf "
    "geht an Personen ohne Termin",
    "arrival": "Wartet {waited_minutes} min, nach Ankunft",
    "arrival.late": "Verspätet zum Termin {due_at}, wartet {waited_minutes} min",
    "chosen": "Von Ihnen ausgewählt, wartet {waited_minutes} min",
}

ORDINALS: Mapping[int, str] = {
    2: marked("zweite"), 3: marked("dritte"), 4: marked("vierte"), 5: marked("fünfte"),
    6: marked("sechste"), 7: marked("siebte"), 8: marked("achte"), 9: marked("neunte"),
    10: marked("zehnte"),
}  # fmt: skip
ANY_OTHER = marked("{count}.")


def reason_text(reason: Reason, zone: ZoneInfo, now: datetime) -> str:
    """Why this person, in a few words for the desk; a missed slot has its own words."""
    late = f"{reason.code}.late"
    text = REASONS[late if "due_at" in reason.facts and late in REASONS else reason.code]
    named = {"nth": nth(reason.facts["every"])} if "every" in reason.facts else {}
    return filled(text, {**reason.facts, **named}, zone, now)


def nth(count: int, language: str = GERMAN) -> str:
    """`dritte`"""
    return texts(language).gettext(ORDINALS.get(count, ANY_OTHER)).format(count=count)


SENTENCES: Mapping[str, str] = {
    "no_counter": marked(
        "Zurzeit ist kein Schalter geöffnet; sobald einer öffnet, geht es weiter."
    ),
    "not_served": marked("Gerade bearbeitet keiner der geöffneten Schalter Ihr Anliegen."),
    "counter_closed": marked("Nur {counter} ruft Sie auf, ist aber gerade nicht geöffnet."),
    "parked": marked(
        "Ihre Nummer ist zurückgestellt: Melden Sie sich am Empfang, sobald Sie so weit sind."
    ),
    "missed": marked("Sie wurden aufgerufen, aber nicht angetroffen: Melden Sie sich am Empfang."),
    "next": marked("Sie sind als Nächstes dran, sobald ein passender Schalter frei wird."),
    "next_free": marked("Sie sind als Nächstes dran, und ein passender Schalter ist schon frei."),
    "bound_free": marked("Sie sind als Nächstes dran, und {counter} ist schon frei."),
    "bound_busy": marked("Nur {counter} ruft Sie auf, und dort ist gerade noch jemand."),
    "held": marked("Nach Ihrem verpassten Aufruf gehen noch höchstens {time} lang andere vor."),
    "postponed": marked("Sie haben um fünf Minuten gebeten: Noch {time} lang gehen andere vor."),
}
COUNTED: Mapping[str, tuple[str, str]] = {
    "bound": marked_plural(
        "Nur {counter} ruft Sie auf, und dort ist noch {count} Person vor Ihnen dran.",
        "Nur {counter} ruft Sie auf, und dort sind noch {count} Personen vor Ihnen dran.",
    ),
    "early": marked_plural(
        "Ihr Termin ist erst um {due_at}: Bis dahin gehen andere vor, zurzeit {count} Person.",
        "Ihr Termin ist erst um {due_at}: Bis dahin gehen andere vor, zurzeit {count} Personen.",
    ),
    "late": marked_plural(
        "Sie kamen nach Ihrer Terminzeit und zählen wie jemand, der um {due_at} ohne Termin kam: "
        "{count} Person ist vor Ihnen dran.",
        "Sie kamen nach Ihrer Terminzeit und zählen wie jemand, der um {due_at} ohne Termin kam: "
        "{count} Personen sind vor Ihnen dran.",
    ),
    "guard": marked_plural(
        "Sie warten länger als {time}: Spätestens jeder {nth} Aufruf gilt jetzt Personen "
        "ohne Termin, und {count} Person ist noch vor Ihnen dran.",
        "Sie warten länger als {time}: Spätestens jeder {nth} Aufruf gilt jetzt Personen "
        "ohne Termin, und {count} Personen sind noch vor Ihnen dran.",
    ),
    "several": marked_plural(
        "{count} Person geht vor: {parts}.", "{count} Personen gehen vor: {parts}."
    ),
    "precedence": marked_plural(
        "{count} Person mit Vorrang geht vor.", "{count} Personen mit Vorrang gehen vor."
    ),
    "due": marked_plural(
        "Es ist viel los, deshalb geht {count} Person vor, deren Termin jetzt ist.",
        "Es ist viel los, deshalb gehen {count} Personen vor, deren Termin jetzt ist.",
    ),
    "booked": marked_plural(
        "Wer einen Termin hat, geht hier vor: zurzeit {count} Person.",
        "Wer einen Termin hat, geht hier vor: zurzeit {count} Personen.",
    ),
    "sooner": marked_plural(
        "{count} Person, deren Termin nicht später als Ihrer ist, ist vor Ihnen dran.",
        "{count} Personen, deren Termin nicht später als Ihrer ist, sind vor Ihnen dran.",
    ),
    "earlier": marked_plural(
        "{count} Person ist früher gekommen als Sie.",
        "{count} Personen sind früher gekommen als Sie.",
    ),
    "late_ahead": marked_plural(
        "{count} Person mit verspätetem Termin geht vor; für sie zählt ihre Terminzeit.",
        "{count} Personen mit verspätetem Termin gehen vor; für sie zählt ihre Terminzeit.",
    ),
    "clock": marked_plural(
        "Es geht nach der Uhrzeit von Ankunft oder Termin, und {count} Person ist vor Ihnen dran.",
        "Es geht nach der Uhrzeit von Ankunft oder Termin, und {count} Personen sind vor Ihnen "
        "dran.",
    ),
    "longer": marked_plural(
        "{count} Person wartet schon länger als Sie.",
        "{count} Personen warten schon länger als Sie.",
    ),
    "patient": marked_plural(
        "{count} Person ohne Termin ist vorher dran, weil sie schon über {time} wartet.",
        "{count} Personen ohne Termin sind vorher dran, weil sie schon über {time} warten.",
    ),
    "credit": marked_plural(
        "Eine Minute mit Termin zählt so viel wie {ratio} ohne: Deshalb geht {count} Person vor.",
        "Eine Minute mit Termin zählt so viel wie {ratio} ohne: Deshalb gehen {count} Personen "
        "vor.",
    ),
    "weighs": marked_plural(
        "{count} Person ohne Termin ist vorher dran, weil sie schon sehr lange wartet.",
        "{count} Personen ohne Termin sind vorher dran, weil sie schon sehr lange warten.",
    ),
}
# The same people in a list of several kinds.
PARTS: Mapping[str, str] = {
    "precedence": marked("{count} mit Vorrang"),
    "due": marked("{count} mit fälligem Termin"),
    "booked": marked("{count} mit Termin"),
    "sooner": marked("{count} mit gleicher oder früherer Terminzeit"),
    "earlier": marked("{count} mit früherer Ankunft"),
    "late_ahead": marked("{count} mit verspätetem Termin"),
    "clock": marked("{count} mit früherer Uhrzeit"),
    "longer": marked("{count} mit längerer Wartezeit"),
    "patient": marked("{count} ohne Termin mit über {time} Wartezeit"),
    "credit": marked("{count} mit Termin, der mehr zählt"),
    "weighs": marked("{count} ohne Termin nach sehr langem Warten"),
}


def why_text(why: Why, site: Site, now: datetime, language: str = GERMAN) -> str:
    """The sentence."""
    said = texts(language)
    counted = COUNTED.get(why.code)
    text = said.gettext(SENTENCES[why.code]) if counted is None else ""
    if counted is not None:
        text = said.ngettext(*counted, why.count)
    facts = {**_in_words(why, language), "count": why.count, "parts": _parts(why, language)}
    return filled(text, facts, site.zone, now, language)


def why_out(why: Why | None, site: Site, now: datetime, language: str = GERMAN) -> WhyOut | None:
    """The code and the sentence, for the holder of a ticket."""
    return WhyOut(code=why.code, text=why_text(why, site, now, language)) if why else None


def _in_words(why: Why, language: str) -> dict[str, Any]:
    """The facts, with durations, shares and ratios as the language says them."""
    facts = dict(why.facts)
    if "minutes" in facts:
        facts["time"] = words.minutes(facts["minutes"], language)
    if "every" in facts:
        facts["nth"] = nth(facts["every"], language)
    if "ratio" in facts:
        facts["ratio"] = number(facts["ratio"], 3, language=language)
    return facts


def _parts(why: Why, language: str) -> str:
    said, facts = texts(language), _in_words(why, language)
    some = [said.gettext(PARTS[part.code]).format(count=part.count, **facts)
            for part in why.parts]  # fmt: skip
    return words.listed(some, language)
