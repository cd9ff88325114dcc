"""Two periods side by side: what the head of office looks at first, and how it has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from queue_server.domain.figures import Spread
from queue_server.history.forecast_accuracy import Accuracy
from queue_server.history.statistics import Figures, Statistics
from queue_server.web.wording import decimal, number, percent

Reckoned = tuple[Statistics, Accuracy]


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A figure of both periods and the change from then to now, in words."""

    label: str
    now: str
    then: str
    change: str


def compared(now: Reckoned, then: Reckoned) -> list[ComparedRow]:
    """The figures of the one period beside those of the other."""
    return [_row(label, read(now), read(then), kind) for label, kind, read in _FIGURES]


# -- inside --------------------------------------------------------------------------------------

COUNT, MINUTES, SHARE = "count", "minutes", "share"


def _minutes(spread: Spread, mark: str) -> float | None:
    value: float = getattr(spread, mark)
    return value if spread.count else None


def _missed(figures: Figures) -> float | None:
    return figures.no_show / figures.issued if figures.issued else None


_FIGURES: tuple[tuple[str, str, Callable[[Reckoned], float | None]], ...] = (
    ("Besuche", COUNT, lambda of: of[0].total.issued),
    ("… davon mit Termin", COUNT, lambda of: of[0].booked.issued),
    ("Wartezeit im Mittel (min)", MINUTES, lambda of: _minutes(of[0].total.wait, "mean")),
    ("Neun von zehn höchstens (min)", MINUTES, lambda of: _minutes(of[0].total.wait, "p90")),
    ("Weg im Mittel (min)", MINUTES, lambda of: _minutes(of[0].total.walking, "mean")),
    ("Bearbeitung im Mittel (min)", MINUTES, lambda of: _minutes(of[0].total.service, "mean")),
    ("Mit Termin binnen 10 min aufgerufen", SHARE, lambda of: of[0].booked.within[10]),
    ("Ohne Termin binnen 60 min aufgerufen", SHARE, lambda of: of[0].walk_ins.within[60]),
    ("Nicht erschienen", SHARE, lambda of: _missed(of[0].total)),
    ("Vorhersagen, die zutrafen", SHARE, lambda of: of[1].share),
)  # fmt: skip


def _row(label: str, now: float | None, then: float | None, kind: str) -> ComparedRow:
    return ComparedRow(label, _said(now, kind), _said(then, kind), _change(now, then, kind))


def _said(value: float | None, kind: str) -> str:
    if value is None:
        return "–"
    if kind == SHARE:
        return percent(value)
    return decimal(value) if kind == MINUTES else number(value)


def _change(now: float | None, then: float | None, kind: str) -> str:
    """With its sign, never by colour: `+3,5`, `−4 Punkte`, `±0`."""
    if now is None or then is None:
        return "–"
    difference = (now - then) * (100 if kind == SHARE else 1)
    said = decimal(abs(difference)) if kind == MINUTES else number(abs(difference), 0)
    is_none = not said.strip("0,")
    sign = "±" if is_none else "+" if difference > 0 else "−"
    return f"{sign}{said}{' Punkte' if kind == SHARE else ''}"
