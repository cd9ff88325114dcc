"""The page that asks what would have been: the form, the answer, the drawings, who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.domain.site import PriorityRules
from queue_server.office.charts import GAP, LETTER, PLOT_FRAME, bars, courses
from tests.api.bookings import furnish
from tests.api.endpoints import API
from tests.history.played_offices import MONDAY, play_morning
from tests.office import Office

Visit = Callable[..., BeautifulSoup]
PATH = "/office/what-if"
DAY = f"?from={MONDAY}&to={MONDAY}"


@pytest.fixture
def lea(office: Office) -> FlaskClient:
    return play_morning(office)


def words(found: Any) -> str:
    assert found is not None
    return " ".join(found.get_text(" ").split())


def row(page: BeautifulSoup, label: str) -> list[str]:
    """The cells of the first row with this label."""
    found = next(r for r in page.select(".what-if__table tr") if words(r).startswith(label))
    return [words(cell) for cell in found.select("td")]


def test_the_empty_page_asks_for_the_last_seven_days_and_reckons_nothing(
    lea: FlaskClient, visit: Visit
) -> None:
    page = visit(lea, PATH)

    assert page.select_one("input[name=from]")["value"] == "2026-06-02"
    assert page.select_one("input[name=to]")["value"] == MONDAY
    assert page.select_one(".what-if__answer") is None
    assert page.select_one("form[method=get][action='/office/what-if']") is not None
    assert page.select_one("nav a[aria-current=page]")["href"] == PATH


def test_the_answer_begins_with_whether_it_can_be_trusted(lea: FlaskClient, visit: Visit) -> None:
    page = visit(lea, f"{PATH}{DAY}&rule=strict")

    answer = page.select_one(".what-if__answer")
    assert words(answer.select_one(".notice--success")).startswith("Gegenprobe bestanden")
    assert "genau die echten Aufrufe: 6 von 6 an 1 Tag." in words(answer)
    assert "Termine immer zuerst" in words(answer.select_one(".text-lead"))
    assert "dieselben Menschen zur selben Zeit" in words(answer)


def test_both_worlds_stand_side_by_side(lea: FlaskClient, visit: Visit) -> None:
    page = visit(lea, f"{PATH}{DAY}&counters=1")

    was, would, change = row(page, "Wartezeit im Mittel")
    assert float(would.replace(",", ".")) <= float(was.replace(",", "."))
    assert change[0] in "−±"
    assert "ein Schalter mehr" in words(page.select_one(".text-lead"))
    assert page.select_one("option[value='1'][selected]") is not None


def tried_out(lea: FlaskClient, visit: Visit, **fields: str) -> str:
    """The sentence after "Erst ausprobieren", which sends every number of the rule."""
    form = visit(lea, "/office/rules").select_one("form[action='/office/rules']")
    assert form is not None
    sent = {str(box["name"]): str(box["value"]) for box in form.select("input[inputmode]")}
    sent["rule"] = str(form.select_one("input[type=radio][checked]")["value"])
    query = "&".join(f"{name}={value}" for name, value in {**sent, **fields}.items())
    return words(visit(lea, f"{PATH}{DAY}&{query}").select_one(".text-lead strong"))


def test_of_a_rule_that_is_tried_out_only_what_differs_from_now_is_said(
    lea: FlaskClient, visit: Visit
) -> None:
    assert tried_out(lea, visit, guard_every="5") == "Anteil: jeder … Aufruf: 5:"
    assert tried_out(lea, visit, rule="strict", busy_from_minutes="7") == (
        "Termine immer zuerst, Viel los ab (Minuten): 7:"
    )


def test_a_rule_that_is_tried_out_as_it_is_says_that_nothing_differs(
    lea: FlaskClient, visit: Visit
) -> None:
    assert tried_out(lea, visit) == "Nichts ist anders als jetzt:"
    assert tried_out(lea, visit, counters="1") == "Aufrufregel wie jetzt, ein Schalter mehr:"


def test_what_can_be_tried_out_has_the_words_of_the_rule(lea: FlaskClient, visit: Visit) -> None:
    rules, asked = visit(lea, "/office/rules"), visit(lea, PATH)

    labels = rules.select(".rule__numbers label")
    assert len(labels) == 4
    for label in labels:
        there = asked.select_one(f"label[for='{label['for']}']")
        assert words(there).removesuffix(" (freiwillig)") == words(label)


def test_now_is_what_the_office_has_decided(lea: FlaskClient, visit: Visit) -> None:
    lea.post("/office/rules", data={"rule": "accumulating", "ratio": "4"})

    assert tried_out(lea, visit, ratio="4") == "Nichts ist anders als jetzt:"
    assert tried_out(lea, visit, ratio="3") == "Gewicht eines Termins: 3:"


def test_a_weight_with_a_comma_is_tried_out_and_kept_in_the_form(
    lea: FlaskClient, visit: Visit
) -> None:
    lea.post("/office/rules", data={"rule": "accumulating", "ratio": "2,5"})

    assert tried_out(lea, visit) == "Nichts ist anders als jetzt:"
    assert tried_out(lea, visit, ratio="3,5") == "Gewicht eines Termins: 3,5:"
    box = visit(lea, f"{PATH}{DAY}&ratio=2,5").select_one("#ratio")
    assert (box["value"], box["type"]) == ("2,5", "text")


def test_drawings_have_names_and_their_numbers_stand_beside_them(
    lea: FlaskClient, visit: Visit
) -> None:
    page = visit(lea, f"{PATH}{DAY}&counters=1")

    drawings = page.select("svg.plot[role=img]")
    assert len(drawings) == 3
    for drawing in drawings:
        title, desc = drawing["aria-labelledby"].split()
        assert page.select_one(f"#{title}").get_text() and page.select_one(f"#{desc}").get_text()
    assert len(page.select(".plot-box table")) == 3


def test_over_an_unfinished_day_table_and_sentence_say_the_same(
    lea: FlaskClient, office: Office, visit: Visit
) -> None:
    aylin = office.signed_in("Aylin", "schalter-1")
    for _ in range(3):
        drawn = aylin.post(f"{API}/sites/rathaus/tickets", json={"services": ["meldewesen"]})
        assert drawn.status_code == 201
    office.clock.pass_time(minutes=1)
    aylin.post(f"{API}/counters/schalter-1/calls", json={})
    office.clock.pass_time(minutes=1)
    today = office.clock().date()

    page = visit(office.signed_in("Lea"), f"{PATH}?from={today}&to={today}&counters=1")

    was, would, _ = (int(cell.lstrip("−±+")) for cell in row(page, "Bis jetzt nicht aufgerufen"))
    assert was == 2 and would < was
    said = words(page.select_one("[aria-labelledby=people-title]"))
    people = words_counted(was - would)
    assert f"{people} schon aufgerufen." in said
    assert "Der letzte Tag ist noch nicht zu Ende" in words(page.select_one(".notice--info"))


def words_counted(people: int) -> str:
    return "1 Person wäre" if people == 1 else f"{people} Personen wären"


def test_the_whole_percent_has_room_beside_its_line() -> None:
    drawing = bars(["0–5"], [100], [40], " %")

    assert drawing.lines[-1].said == "100 %"
    assert drawing.frame.left >= len("100 %") * LETTER + GAP
    assert all(drawing.frame.left <= bar.x <= drawing.frame.right for bar in drawing.bars)


def test_people_are_named_by_their_numbers_only(lea: FlaskClient, visit: Visit) -> None:
    page = visit(lea, f"{PATH}{DAY}&counters=1")

    people = page.select_one("[aria-labelledby=people-title]")
    assert "M\u00a0006" in people.get_text() or "M 00" in words(people)
    assert "Erika" not in page.get_text()


def test_a_day_that_cannot_be_replayed_says_where_and_why(
    lea: FlaskClient, office: Office, visit: Visit
) -> None:
    furnish(office, priority=PriorityRules(rule="strict"))

    page = visit(lea, f"{PATH}{DAY}")

    notice = page.select_one(".notice--warning")
    assert "Gegenprobe nicht bestanden" in words(notice)
    assert "Schalter 1, M 00" in words(notice) and "Nach der Regel war M 00" in words(notice)


def test_a_time_without_people_is_said_so(lea: FlaskClient, visit: Visit) -> None:
    page = visit(lea, f"{PATH}?from=2025-01-01&to=2025-01-31")

    assert "In dieser Zeit kam niemand." in words(page.select_one(".what-if__answer"))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?from=gestern&to=2026-06-08", "from"),
        ("?from=2026-06-08&to=2026-06-01", "to"),
        ("?from=2024-01-01&to=2026-06-01", "to"),
        ("?from=2027-01-01&to=2027-01-02", "from"),
        (f"{DAY}&rule=fair", "rule"),
        (f"{DAY}&counters=7", "counters"),
        (f"{DAY}&guard_every=1", "guard_every"),
        (f"{DAY}&guard_every=2,5", "guard_every"),
        (f"{DAY}&ratio=0,5", "ratio"),
        (f"{DAY}&ratio=viel", "ratio"),
        (f"{DAY}&busy_from_minutes=viele", "busy_from_minutes"),
        (f"{DAY}&opens_earlier_minutes=--3", "opens_earlier_minutes"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    lea: FlaskClient, visit: Visit, query: str, field: str
) -> None:
    page = visit(lea, PATH + query, status=422)

    assert page.title.get_text().startswith("Fehler: ")
    assert page.select_one(f"#{field}[aria-invalid=true]") is not None
    assert page.select_one(f".error-summary a[href='#{field}']") is not None
    assert page.select_one(".what-if__answer") is None


def test_only_leads_may_ask(office: Office, visit: Visit) -> None:
    stranger = office.visitor().get(PATH)

    assert (stranger.status_code, stranger.location) == (303, "/login?next=/office")
    visit(office.signed_in("Aylin"), PATH, status=403)


@pytest.mark.parametrize("values", [[0.0], [0.0, 0.0], [1.0, 3.0], [17.0, 0.2], [950.0, 1.0]])
def test_drawings_stay_inside_their_frame(values: list[float]) -> None:
    labels = [str(n) for n in range(len(values))]
    pairs, lines = bars(labels, values, values), courses(labels, values, values, 1)

    assert all(bar.x >= 0 and bar.x + bar.width <= PLOT_FRAME.width for bar in pairs.bars)
    assert all(bar.y >= 0 and bar.y + bar.height <= PLOT_FRAME.height for bar in pairs.bars)
    assert {world for world, _ in lines.paths} == {"was", "would"}
    assert all(0 <= line.at <= PLOT_FRAME.height for line in (*pairs.lines, *lines.lines))
