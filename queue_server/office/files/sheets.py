"""What is in a spreadsheet of the figures, whatever its format: the page's own numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queue_server.domain.figures import Spread
from queue_server.domain.site import Site
from queue_server.history.groups import By, names_of
from queue_server.history.refused_draws import RefusedDraws
from queue_server.history.statistics import AppointmentCounts, Figures, Statistics
from queue_server.office.figure_charts import KINDS, WEEKDAYS, row_label
from queue_server.office.figures import FiguresShown
from queue_server.office.periods import GROUPS
from queue_server.office.refused_draws import reason_words
from queue_server.office.visit_list import document_words

Cell = str | int | float | None

MARKS = ("mean", "p50", "p90", "p95", "max")
COUNTS = ("issued", "served", "no_show", "cancelled", "open")
COUNT_NAMES = ("Besuche", "bedient", "nicht erschienen", "abgebrochen", "offen")
SPREAD_NAMES = (("wait", "Wartezeit"), ("walking", "Weg"), ("service", "Bearbeitung"))
MARK_NAMES = ("Anzahl", "Mittel", "50 %", "90 %", "95 %", "längste")
APPOINTMENT_NAMES = (
    ("booked", "gebucht"),
    ("confirmed", "bestätigt"),
    ("checked_in", "eingecheckt"),
    ("missed", "versäumt"),
    ("cancelled", "abgesagt"),
    ("expired", "nie bestätigt"),
)


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A table: a heading and rows of texts and numbers; None is an empty cell."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def sheets_of(shown: FiguresShown, site: Site) -> list[SheetTable]:
    """All tables of the page, minutes with their hundredths."""
    return [
        _figures(shown.found),
        _kinds(shown.found),
        _week(shown),
        _forgotten(shown, site),
        _refused(shown.refused),
        _about(shown, site),
    ]


def _figures(found: Statistics) -> SheetTable:
    spreads = [
        f"{name} (min) {mark}" if mark != MARK_NAMES[0] else f"{name} {mark}"
        for _, name in SPREAD_NAMES
        for mark in MARK_NAMES
    ]
    rows: list[list[Cell]] = [
        [row_label(found.by, row.key, row.name), *_cells(row.figures)] for row in found.rows
    ]
    rows.append(["Zusammen", *_cells(found.total)])
    return SheetTable("Zahlen", [GROUPS[found.by], *COUNT_NAMES, *spreads], rows)


def _cells(figures: Figures) -> list[Cell]:
    counts: list[Cell] = [getattr(figures, name) for name in COUNTS]
    return counts + [cell for name, _ in SPREAD_NAMES for cell in _marks(getattr(figures, name))]


def _marks(spread: Spread) -> list[Cell]:
    """Empty cells instead of zeros that nobody has waited."""
    marks: list[Cell] = [getattr(spread, mark) if spread.count else None for mark in MARKS]
    return [spread.count, *marks]


def _kinds(found: Statistics) -> SheetTable:
    rows: list[list[Cell]] = []
    for name, kind in zip(KINDS.values(), (found.booked, found.walk_ins), strict=True):
        rows += [
            [name, kind.issued, *_marks(kind.wait), limit, share]
            for limit, share in kind.within.items()
        ]
    waits = [f"Wartezeit {mark}" for mark in MARK_NAMES]
    head = ["Art", "Besuche", *waits, "aufgerufen binnen (min)", "Anteil"]
    return SheetTable("Mit und ohne Termin", head, rows)


def _week(shown: FiguresShown) -> SheetTable:
    rows: list[list[Cell]] = [
        [WEEKDAYS[day - 1], hour, cell.visits, cell.a_day, cell.wait]
        for (hour, day), cell in sorted(
            shown.week.cells.items(), key=lambda item: (item[0][1], item[0][0])
        )
    ]
    head = ["Wochentag", "Stunde ab", "Besuche", "Besuche je Tag", "Wartezeit Mittel (min)"]
    return SheetTable("Woche", head, rows)


def _forgotten(shown: FiguresShown, site: Site) -> SheetTable:
    names = names_of(site, By.SERVICE)
    rows: list[list[Cell]] = [
        [
            names.get(each.service, each.service),
            document_words(each.document),
            each.count,
            each.visits,
            round(each.share, 4),
        ]
        for each in shown.forgotten
    ]
    head = ["Anliegen", "fehlende Unterlage", "Besuche ohne sie", "Besuche", "Anteil"]
    return SheetTable("Fehlende Unterlagen", head, rows)


def _refused(found: RefusedDraws) -> SheetTable:
    rows: list[list[Cell]] = [
        [
            row_label(found.by, row.key, row.name),
            row.count,
            *(row.reasons.get(reason, 0) for reason in found.reasons),
        ]
        for row in found.rows
    ]
    rows.append(["Zusammen", found.count, *found.reasons.values()])
    head = [GROUPS[found.by], "alle", *map(reason_words, found.reasons)]
    return SheetTable("Keine Nummer bekommen", head, rows)


def _about(shown: FiguresShown, site: Site) -> SheetTable:
    """What the file tells of, and the figures that are one for the whole period."""
    found, kept = shown.found, shown.forecasts
    rows: list[list[Cell]] = [
        ["Standort", site.name],
        ["Erster Tag", found.period.first.isoformat()],
        ["Letzter Tag", found.period.last.isoformat()],
        *_appointments(found.appointments),
        ["Vorhersagen, die sich prüfen ließen", kept.forecasts],
        ["Vorhersagen, die zutrafen", kept.kept],
        ["Quelle", "Ereignisprotokoll; was die Zahlen bedeuten, steht auf der Seite „Zahlen“."],
    ]
    return SheetTable("Zeitraum", ["Angabe", "Wert"], rows)


def _appointments(counts: AppointmentCounts) -> list[list[Cell]]:
    return [[f"Termine {said}", getattr(counts, name)] for name, said in APPOINTMENT_NAMES]
