"""The visits behind a figure, each with the events that it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from werkzeug.wrappers import Response as AnyResponse

from queue_server.domain import events as e
from queue_server.domain.site import Site
from queue_server.domain.timestamps import moment
from queue_server.history import forecast_accuracy, visits
from queue_server.history.groups import EVERY, By, keys, names_of
from queue_server.history.visits import CANCELLED, NO_SHOW, OPEN, SERVED, PastVisit, Period
from queue_server.office.blueprint import ClerkRequest, clerk_request, page, room
from queue_server.office.figure_charts import row_label
from queue_server.office.paging import list_page
from queue_server.office.periods import GROUPS, asked_period, visits_url
from queue_server.store.lives import Happening, Told, lives
from queue_server.web.forms import text

ENDS = {
    SERVED: "bedient",
    NO_SHOW: "nicht erschienen",
    CANCELLED: "abgebrochen",
    OPEN: "offen",
}
HAPPENED: Mapping[type[e.Event], str] = {
    e.TicketIssued: "Nummer",
    e.ForecastGiven: "Vorhersage",
    e.DocumentsDeclared: "Unterlagen angegeben",
    e.TicketCalled: "aufgerufen",
    e.TicketReleased: "Aufruf zurückgenommen",
    e.TicketArrived: "erschienen",
    e.TicketParked: "geparkt",
    e.TicketTransferred: "weitergeleitet",
    e.TicketServicesChanged: "Anliegen geändert",
    e.TicketPreferred: "Vorrang",
    e.TicketResumed: "wartet wieder",
    e.TicketMissed: "nicht erschienen",
    e.MissUndone: "doch erschienen",
    e.TicketFinished: "abgeschlossen",
    e.TicketCancelled: "abgebrochen",
}
FORECASTS = {
    "kept": "Vorhersage traf zu",
    "sooner": "es ging schneller",
    "later": "es dauerte länger",
}
FILTERS = (*EVERY, "end", "missing", "forecast")
KINDS = {*visits.KINDS, *forecast_accuracy.KINDS}


@dataclass(frozen=True, slots=True)
class VisitShown:
    """A visit, its first service by name, and its events in words."""

    visit: PastVisit
    day: str
    service: str
    end: str
    events: Sequence[tuple[str, str]]


@room.get("/office/figures/visits")
def visit_list_page() -> AnyResponse:
    """Which visits a figure counts; what is not understood counts none."""
    who = clerk_request()
    period, errors = asked_period(who)
    if period is None:
        return page(who, "office/visits.html", 422, period=None, errors=errors)
    filters = {name: value for name in FILTERS if (value := text(name))}
    listed = list_page(
        who.context.pools.reports(lambda: _found(who, period, filters)),
        lambda each: _shown(who.site, *each),
        lambda number: visits_url(period, **filters, page=number),
    )
    return page(
        who,
        "office/visits.html",
        period=period,
        errors=errors,
        said=[_filter_said(who.site, *each) for each in filters.items()],
        listed=listed,
        ends=_ends(period, filters),
    )


Lived = tuple[PastVisit, Sequence[Happening]]


def _found(who: ClerkRequest, period: Period, filters: Mapping[str, str]) -> list[Lived]:
    """The visits in the order of coming."""
    since, until = period.since(who.site.zone), period.until(who.site.zone)
    is_meant = _test(who.site, filters)
    with who.store.snapshot() as snapshot:
        found = [
            (visit, life)
            for life in lives(snapshot, who.site.id, since, until, KINDS)
            if (visit := visits.visit_of(life)) and since <= visit.issued_at < until
            if is_meant(visit) and _was_told(life, period, who.site, filters.get("forecast", ""))
        ]
    return sorted(found, key=lambda each: each[0].issued_at)


def _was_told(life: Sequence[Happening], period: Period, site: Site, outcome: str) -> bool:
    """Whether a forecast that can be judged ended so; always, when nobody asks."""
    since, until = period.since(site.zone), period.until(site.zone)
    return not outcome or any(
        told.outcome == outcome and not told.at_once
        for told in forecast_accuracy.forecasts_of(life, since, until)
    )


def _test(site: Site, filters: Mapping[str, str]) -> Callable[[PastVisit], bool]:
    wanted = [(keys(site, by), filters[by]) for by in EVERY if by in filters]
    # Whoever was never called has an empty counter, which no address can say.
    never = "nie"
    end, missing = filters.get("end", ""), filters.get("missing", "")

    def is_meant(visit: PastVisit) -> bool:
        return (
            all((key_of(visit) or never) == key for key_of, key in wanted)
            and end in ("", visit.end)
            and (not missing or missing in visit.missing)
        )

    return is_meant


def _filter_said(site: Site, name: str, value: str) -> str:
    """`Anliegen: Kfz`, `Wochentag: Montag`."""
    if name == "end":
        return ENDS.get(value, value)
    if name == "forecast":
        return FORECASTS.get(value, value)
    if name == "missing":
        return f"ohne: {document_words(value)}"
    by = By(name)
    try:
        said = row_label(by, "" if value == "nie" else value, names_of(site, by).get(value, ""))
    except (ValueError, KeyError, IndexError):
        said = value
    return f"{GROUPS[by]}: {said}"


def document_words(document: str) -> str:
    return "etwas anderes" if document == "other" else document


def _shown(site: Site, visit: PastVisit, life: Sequence[Happening]) -> VisitShown:
    local = visit.issued_at.astimezone(site.zone)
    name = names_of(site, By.SERVICE).get(visit.service, visit.service)
    events = list(_events(site, life))
    return VisitShown(visit, f"{local:%d.%m.%Y}", name, ENDS[visit.end], events)


def _events(site: Site, life: Sequence[Happening]) -> Iterator[tuple[str, str]]:
    """When and what."""
    for each in life:
        clock = f"{moment(each.at).astimezone(site.zone):%H:%M}"
        yield clock, _event_said(site, each)


def _event_said(site: Site, each: Happening) -> str:
    said = HAPPENED.get(each.kind, each.kind.__name__)
    if isinstance(each.said, Told):
        return f"{said} {each.said.low_minutes} bis {each.said.high_minutes} min"
    if each.kind is e.TicketCalled and each.counter:
        return f"{said} ({site.counter_name(each.counter)})"
    return said


def _ends(period: Period, filters: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    """Ways to those of these visits that ended so: name, address, whether it is this one."""
    rest = {str(name): value for name, value in filters.items() if name != "end"}
    here = filters.get("end", "")
    found = [("alle", visits_url(period, **rest), not here)]
    return found + [
        (said, visits_url(period, **rest, end=end), end == here) for end, said in ENDS.items()
    ]
