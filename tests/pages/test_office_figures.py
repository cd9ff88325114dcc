"""The figures on the office's page: the last day first, any period, definitions beside them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from queue_server.office.charts import COLUMN_FRAME, Point, chart
from tests.api.endpoints import API
from tests.office import Office

Visit = Callable[..., BeautifulSoup]
PATH = "/office/figures"
# Monday, on which the cast works; the questions are asked on Tuesday.
MONDAY = "from=2026-06-08&to=2026-06-08"
PAGES = ["/office", PATH, "/office/days"]


@pytest.fixture
def lea(office: Office) -> FlaskClient:
    """The lead on Tuesday. On Monday two came at eight: the one waited for 6 minutes, walked
    for 2 and was served for 10, the other went home."""
    aylin = office.signed_in("Aylin", "schalter-1")
    drawn = [draw(aylin, service) for service in ("meldewesen", "kfz")]
    for minutes, verb in ((6, "calls"), (2, "arrival"), (10, "completion")):
        office.clock.pass_time(minutes=minutes)
        assert aylin.post(f"{API}/counters/schalter-1/{verb}", json={}).status_code == 200
    aylin.post(f"{API}/tickets/{drawn[1]}/cancellation", json={})
    office.clock.pass_time(days=1)
    return office.signed_in("Lea")


def draw(client: FlaskClient, service: str) -> str:
    answer = client.post(f"{API}/sites/rathaus/tickets", json={"services": [service]})
    assert answer.status_code == 201, answer.text
    ticket: str = answer.json["id"]
    return ticket


def text(found: Tag | BeautifulSoup | None) -> str:
    assert found is not None
    return " ".join(found.get_text(" ").split())


def rows(page: BeautifulSoup) -> list[list[str]]:
    """First cell, visits, mean wait of each row of the figures."""
    found = page.select(".figures__table--grouped :is(tbody, tfoot) tr")
    cells = [[text(cell) for cell in row.select("th, td")] for row in found]
    return [[row[0], row[1], row[6]] for row in cells]


# -- the last day ----------------------------------------------------------------------------------


def test_yesterday_comes_first_in_one_sentence(lea: FlaskClient, visit: Visit) -> None:
    page = visit(lea, PATH)

    assert text(page.h2) == "Gestern: 2 Besuche, im Mittel 6 Minuten gewartet"
    assert "Ohne Termin binnen 60 min aufgerufen 100 %" in text(page.select_one(".tiles"))
    assert "Mit Termin binnen 10 min aufgerufen –" in text(page.select_one(".tiles"))


def test_after_a_weekend_it_is_the_last_day_on_which_anybody_came(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    office.clock.pass_time(days=3)

    title = text(visit(office.signed_in("Lea"), PATH).h2)

    assert title == "Montag, 8. Juni: 2 Besuche, im Mittel 6 Minuten gewartet"


def test_before_the_first_visit_the_page_says_so(office: Office, visit: Visit) -> None:
    page = visit(office.signed_in("Lea"), PATH)

    assert text(page.h2) == "Noch keine Zahlen"
    assert "In dieser Zeit kam niemand." in text(page.main)
    assert page.select("svg") == []


def test_todays_visits_are_no_figures_of_yesterday(office: Office, visit: Visit) -> None:
    draw(office.signed_in("Aylin"), "meldewesen")

    assert text(visit(office.signed_in("Lea"), PATH).h2) == "Noch keine Zahlen"


def test_the_overview_says_it_in_a_line_that_leads_here(lea: FlaskClient, visit: Visit) -> None:
    line = visit(lea, "/office").select_one(".yesterday")

    assert text(line).startswith("Gestern: 2 Besuche, im Mittel 6 Minuten gewartet.")
    assert line is not None and line.select_one(f"a[href='{PATH}']") is not None


# -- a period ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("hour", [["8 bis 9 Uhr", "2", "6,0"]]),
        ("day", [["Mo 08.06.", "2", "6,0"]]),
        ("service", [["Wohnsitz anmelden", "1", "6,0"], ["Bewohnerparkausweis", "1", "–"]]),
        ("counter", [["Schalter 1", "1", "6,0"], ["nie aufgerufen", "1", "–"]]),
        ("weekday", [["Montag", "2", "6,0"]]),
        ("kind", [["Ohne Termin", "2", "6,0"]]),
    ],
)
def test_rows_stand_for_what_was_chosen_over_their_total(
    lea: FlaskClient, visit: Visit, by: str, expected: list[list[str]]
) -> None:
    page = visit(lea, f"{PATH}?{MONDAY}&by={by}")

    assert rows(page) == [*expected, ["Zusammen", "2", "6,0"]]
    chosen = page.select_one("select[name=by] option[selected]")
    assert chosen is not None and chosen["value"] == by


def test_the_form_is_plain_and_says_what_is_shown(lea: FlaskClient, visit: Visit) -> None:
    form = visit(lea, f"{PATH}?{MONDAY}").select_one("main form")

    assert form is not None and (form["method"], form["action"]) == ("get", PATH)
    shown = {field["name"]: field["value"] for field in form.select("input")}
    assert shown == {"from": "2026-06-08", "to": "2026-06-08", "then": ""}


def test_usual_periods_are_one_press_away_and_keep_the_rows(lea: FlaskClient, visit: Visit) -> None:
    links = visit(lea, f"{PATH}?by=day").select(".figures__spans a")

    assert [text(link) for link in links] == ["Heute", "Gestern", "7 Tage", "30 Tage", "12 Monate"]
    assert rows(visit(lea, str(links[0]["href"]))) == []
    for link in links[1:]:
        page = visit(lea, str(link["href"]))
        assert rows(page)[0] == ["Mo 08.06.", "2", "6,0"]


def test_the_csv_link_gives_the_same_period_as_a_file(lea: FlaskClient, visit: Visit) -> None:
    link = visit(lea, f"{PATH}?{MONDAY}&by=service").select_one("a[href*=csv]")
    assert link is not None

    answer = lea.get(str(link["href"]))

    assert answer.mimetype == "text/csv"
    assert (
        "aufruf-rathaus-service-2026-06-08-2026-06-08.csv"
        in (answer.headers["Content-Disposition"])
    )


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("from=gestern", "from", "Bitte wählen Sie einen Tag."),
        ("from=2026-06-08&to=2026-06-01", "to", "Bitte wählen Sie einen Tag ab 08.06.2026."),
        ("from=2020-06-08", "to", "Bitte wählen Sie höchstens 400 Tage."),
    ],
)
def test_a_wrong_period_is_told_at_its_field_and_yesterday_still_shown(
    lea: FlaskClient, visit: Visit, query: str, field: str, sentence: str
) -> None:
    page = visit(lea, f"{PATH}?{query}", status=422)

    assert page.title is not None and page.title.get_text().startswith("Fehler: ")
    assert sentence in text(page.select_one(f"#{field}-error"))
    assert page.select_one(f".error-summary a[href='#{field}']") is not None
    assert text(page.h2).startswith("Gestern")


def test_what_nobody_can_choose_is_by_hour(lea: FlaskClient, visit: Visit) -> None:
    assert rows(visit(lea, f"{PATH}?{MONDAY}&by=%3Cb%3E"))[0][0] == "8 bis 9 Uhr"


# -- drawings ------------------------------------------------------------------------------------


def test_the_drawings_are_told_to_those_who_do_not_see_them(lea: FlaskClient, visit: Visit) -> None:
    came, waited = visit(lea, f"{PATH}?{MONDAY}").select("svg[role=img]")

    assert came["aria-label"] == "Besuche je Stunde. 8\u00a0Uhr: 2"
    assert str(waited["aria-label"]).endswith("8\u00a0Uhr: 6")


def test_every_column_stands_on_the_floor_within_the_drawing() -> None:
    points = [Point(str(n), n * 7.3, n * 11.0) for n in range(40)]

    found = chart(points)

    assert len(found.columns) == 40
    for column in found.columns:
        assert column.x >= 0 and column.x + column.width <= COLUMN_FRAME.width
        assert column.high_y is not None and 0 <= column.high_y <= column.y
        assert (
            column.y + column.height == pytest.approx(found.frame.bottom, abs=0.2) and column.y >= 0
        )
    assert found.frame.bottom < COLUMN_FRAME.height


@pytest.mark.parametrize("largest", [0, 0.2, 1, 3, 7.5, 10, 99, 100, 101, 2500])
def test_the_lines_are_round_numbers_and_reach_over_the_highest_column(largest: float) -> None:
    lines = [line.said for line in chart([Point("a", largest)]).lines]

    assert lines[0] == "0" and 2 <= len(lines) <= 6
    assert float(lines[-1]) >= largest


def test_crowded_columns_get_fewer_words() -> None:
    found = chart([Point("08.06.", 1) for _ in range(90)]).columns

    places = [column.middle for column in found if column.label]
    assert min(late - early for early, late in pairwise(places)) > 50
    assert not any(column.said for column in found)


# -- definitions, forecasts, frame -----------------------------------------------------------------


def test_what_the_figures_mean_stands_beside_them(lea: FlaskClient, visit: Visit) -> None:
    page = visit(lea, PATH)

    terms = [text(term) for term in page.select(".definitions dt")]
    assert {"Wartezeit", "Weg", "Bearbeitung", "Termine", "Vorhersagen"} <= set(terms)
    assert "Mit Termin beginnt sie zur Zeit des Termins" in text(page.select_one(".definitions"))


def test_how_often_forecasts_came_true_is_said(lea: FlaskClient, visit: Visit) -> None:
    assert "Vorhersagen" in text(visit(lea, f"{PATH}?{MONDAY}").select_one(".facts"))


@pytest.mark.parametrize("path", PAGES)
def test_the_frame_leads_everywhere_and_says_where_one_is(
    lea: FlaskClient, visit: Visit, path: str
) -> None:
    links = visit(lea, path).select("nav[aria-label=Leitung] a")

    assert [link["href"] for link in links] == [
        "/office", "/office/figures", "/office/what-if", "/office/rules", "/office/audit",
        "/office/days", "/office/setup",
    ]  # fmt: skip
    assert [link["href"] for link in links if link.get("aria-current") == "page"] == [path]


def test_only_those_who_lead_see_figures(office: Office, visit: Visit) -> None:
    assert visit(office.signed_in("Aylin"), PATH, status=403).h1 is not None
    assert office.visitor().get(PATH).status_code == 303
