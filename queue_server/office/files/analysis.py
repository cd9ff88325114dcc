"""The visits of a period for analysis: one row each, and the page's figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from queue_server.domain.events import TicketRefused
from queue_server.domain.site import Site
from queue_server.history.groups import EVERY, By, keys
from queue_server.history.statistics import rows_by
from queue_server.history.visits import PastVisit, Period
from queue_server.office.figure_charts import row_label
from queue_server.store.analysis_file import Values, analysis_file

ABOUT = {
    "visit": "Ein Besuch: eine ausgegebene Wartenummer. Ohne Nummer, Namen und Personal.",
    "visit.day": "Örtlicher Tag, an dem die Nummer entstand, JJJJ-MM-TT.",
    "visit.weekday": "1 ist Montag, 7 ist Sonntag.",
    "visit.hour": "Stunde der Uhr an der Wand, in der die Nummer entstand.",
    "visit.kind": "appointment: mit Termin; walk_in: ohne Termin.",
    "visit.service": "Das erste Anliegen; sein Name steht in service.",
    "visit.counter": "Der Schalter, der zuletzt aufrief; leer: nie aufgerufen.",
    "visit.outcome": "served: bedient; no_show: nicht erschienen; cancelled: abgebrochen; "
    "open: noch nicht zu Ende.",
    "visit.wait_minutes": "Von der Ankunft, mit Termin frühestens ab dem Termin, bis zum ersten "
    "Aufruf. Leer: nie aufgerufen.",
    "visit.walking_minutes": "Vom letzten Aufruf bis „Erschienen“. Leer: nicht gemessen.",
    "visit.service_minutes": "Alle Zeit am Schalter. Leer: nicht gemessen.",
    "missing_document": "Unterlagen, die bei einem Besuch fehlten; other: etwas anderes.",
    "refused": "Wie oft eine Nummer gewünscht und keine ausgegeben wurde; je Gerät und Anliegen "
    "höchstens einmal in der Minute.",
    "refused.reason": "closed: geschlossen; closing: kurz vor Schließung; stopped: Ausgabe "
    "angehalten; quota: Nummern des Tages vergeben; not_walk_in: nur mit Termin; numbers_used_up: "
    "alle Nummern in Gebrauch.",
    "figure": "Die Zahlen der Seite „Zahlen“ mit ihren Zwischenwerten: p50, p90, p95.",
    "visits_by_*": "Sichten: Besuche, bedient, nicht erschienen, Minuten im Mittel.",
}
SPREADS = ("wait", "walking", "service")


def analysis_bytes(
    some: Sequence[PastVisit], refused: Sequence[TicketRefused], site: Site, period: Period
) -> bytes:
    """The file of these visits, and of the draws that were refused."""
    about = {
        "site": site.name,
        "first_day": period.first.isoformat(),
        "last_day": period.last.isoformat(),
        **ABOUT,
    }
    tables: dict[str, Values] = {
        "service": ((each.id, each.name) for each in site.services),
        "counter": ((each.id, each.name) for each in site.counters),
        "visit": _visits(some, site),
        "missing_document": (
            (number, document)
            for number, visit in enumerate(some, 1)
            for document in sorted(set(visit.missing))
        ),
        "refused": _refused(refused, site),
        "figure": _figures(some, site),
    }
    return analysis_file(about, tables)


def _visits(some: Sequence[PastVisit], site: Site) -> Iterator[tuple[Any, ...]]:
    read = {by: keys(site, by) for by in EVERY}
    for number, visit in enumerate(some, 1):
        yield (
            number,
            read[By.DAY](visit),
            int(read[By.WEEKDAY](visit)),
            int(read[By.HOUR](visit)[:2]),
            read[By.KIND](visit),
            visit.service,
            visit.counter,
            visit.end,
            visit.wait_minutes,
            visit.walking_minutes,
            visit.service_minutes,
        )


def _refused(some: Sequence[TicketRefused], site: Site) -> Iterator[tuple[Any, ...]]:
    for event in some:
        local = event.at.astimezone(site.zone)
        day = local.date()
        yield day.isoformat(), day.isoweekday(), local.hour, event.service, event.reason


def _figures(some: Sequence[PastVisit], site: Site) -> Iterator[tuple[Any, ...]]:
    for by in EVERY:
        for row in rows_by(some, site, by):
            name = row_label(by, row.key, row.name)
            for kind in SPREADS:
                spread = getattr(row.figures, kind)
                marks = (spread.mean, spread.p50, spread.p90, spread.p95, spread.max)
                shown = marks if spread.count else (None,) * len(marks)
                yield by.value, row.key, name, kind, spread.count, *shown
