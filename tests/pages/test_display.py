"""The wall as the server sends it: readable before any script, and nothing personal on it."""

from __future__ import annotations

from collections.abc import Callable

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.office import Office

Visit = Callable[..., BeautifulSoup]
WALL = "/display/wand"


def call_next(clerk: FlaskClient, counter: str) -> str:
    answer = clerk.post(f"/api/v1/counters/{counter}/calls", json={})
    assert answer.status_code == 200, answer.text
    number: str = answer.get_json()["ticket"]["number"]
    return number


def draw(office: Office, service: str) -> str:
    answer = office.clerk("Lea").post("/api/v1/sites/rathaus/tickets", json={"services": [service]})
    number: str = answer.get_json()["number"]
    return number


def test_an_empty_wall_asks_to_wait(office: Office, visit: Visit) -> None:
    page = visit(office.visitor(), WALL)

    assert page.select_one("#calls-table")["hidden"] == ""
    assert "Bitte warten Sie auf Ihren Aufruf" in page.select_one("#quiet").get_text()
    assert not page.select_one("#quiet").has_attr("hidden")
    assert page.select_one("#next").has_attr("hidden")


def test_the_first_board_is_in_the_page_before_any_script_runs(
    office: Office, visit: Visit
) -> None:
    first, second = draw(office, "meldewesen"), draw(office, "meldewesen")
    waiting = draw(office, "kfz")
    assert call_next(office.clerk("Aylin", "schalter-1"), "schalter-1") == first
    assert call_next(office.clerk("Lea", "schalter-3"), "schalter-3") == second

    page = visit(office.visitor(), WALL)

    assert [row.select_one("th").get_text(" ", strip=True) for row in page.select("#rows tr")] == [
        f"Aufgerufen {second}",
        f"Aufgerufen {first}",
    ]
    assert [row.select_one("td").get_text(" ", strip=True) for row in page.select("#rows tr")] == [
        "Schalter 3 nach rechts",
        "Schalter 1 nach links",
    ]
    assert [head.get_text() for head in page.select("#calls-table thead th")] == ["Nummer", "Platz"]
    assert [item.get_text() for item in page.select("#next-list li")] == [waiting]


def test_a_call_leaves_the_wall_when_the_person_has_come(office: Office, visit: Visit) -> None:
    draw(office, "meldewesen")
    aylin = office.clerk("Aylin", "schalter-1")
    call_next(aylin, "schalter-1")
    assert len(visit(office.visitor(), WALL).select("#rows tr")) == 1

    assert aylin.post("/api/v1/counters/schalter-1/arrival", json={}).status_code == 200

    assert visit(office.visitor(), WALL).select("#rows tr") == []


def test_a_recall_is_marked_in_words(office: Office, visit: Visit) -> None:
    draw(office, "meldewesen")
    aylin = office.clerk("Aylin", "schalter-1")
    call_next(aylin, "schalter-1")
    office.clock.pass_time(minutes=2)
    assert aylin.post("/api/v1/counters/schalter-1/recall", json={}).status_code == 200

    page = visit(office.visitor(), WALL)

    assert page.select_one("#rows .call__label").get_text(strip=True) == "Erneut aufgerufen"


def test_no_name_concern_or_reason_is_on_the_wall(office: Office, visit: Visit) -> None:
    aylin = office.clerk("Aylin", "schalter-1")
    start = aylin.get("/api/v1/sites/rathaus/slots?services=meldewesen").get_json()["slots"][0]
    booking = {"services": ["meldewesen"], "persons": 1, "start": start["start"],
               "name": "Erika Mustermann", "email": "erika@example.org"}  # fmt: skip
    booked = aylin.post("/api/v1/sites/rathaus/appointments", json=booking)
    assert booked.status_code == 201, booked.text
    code = {"code": booked.get_json()["code"]}
    checked_in = aylin.post("/api/v1/sites/rathaus/check-ins", json=code)
    assert checked_in.status_code == 201, checked_in.text
    call_next(aylin, "schalter-1")

    html = office.visitor().get(WALL).text

    assert checked_in.get_json()["number"] in BeautifulSoup(html, "html.parser").get_text()
    for private in ("Mustermann", "erika", "Wohnsitz", "Termin", booked.get_json()["code"]):
        assert private not in html, private


def test_an_unknown_wall_does_not_exist(office: Office, visit: Visit) -> None:
    page = visit(office.visitor(), "/display/keller", status=404)
    assert "Traceback" not in page.get_text()
    assert office.visitor().post(WALL).status_code == 405


def seen_of(page: BeautifulSoup, *places: str) -> list[str]:
    return [place for place in places if not page.select_one(place).has_attr("hidden")]


def test_each_wall_belongs_to_its_own_site(office: Office, visit: Visit) -> None:
    number = draw(office, "meldewesen")
    call_next(office.clerk("Aylin", "schalter-1"), "schalter-1")

    page = visit(office.visitor(), "/display/nordend-wand")

    assert page.select_one("#calls")["data-site"] == "nordend"
    assert number not in page.get_text()


def test_only_this_paired_wall_counts_as_paired(office: Office, visit: Visit) -> None:
    link = visit(office.visitor(), WALL).select_one(".wall__pair")
    assert link["href"] == "/devices/pair?next=/display/wand"
    elsewhere = visit(office.device("display", "nordend-wand"), WALL)
    assert not elsewhere.select_one("#calls").has_attr("data-paired")

    page = visit(office.device("display", "wand"), WALL)

    assert page.select_one("#calls").has_attr("data-paired")
    assert page.select_one(".wall__pair") is None


def test_the_wall_says_when_no_more_numbers_are_given_out(office: Office, visit: Visit) -> None:
    # Nordend opens on Mondays from 08:00 to 12:00.
    nordend = "/display/nordend-wand"
    assert visit(office.visitor(), nordend).select_one("#stopped").has_attr("hidden")
    office.clock.pass_time(hours=3, minutes=50)

    page = visit(office.visitor(), nordend)

    assert page.select_one("#stopped").get_text(strip=True) == "Nummernausgabe geschlossen"
    assert seen_of(page, "#stopped", "#wait", "#over", "#closed") == ["#stopped", "#over"]


def test_a_closed_office_says_until_when_and_asks_nobody_to_wait(
    office: Office, visit: Visit
) -> None:
    office.clock.pass_time(hours=5)

    page = visit(office.visitor(), "/display/nordend-wand")

    assert seen_of(page, "#stopped", "#wait", "#over", "#closed", "#next") == ["#closed"]
    assert " ".join(page.select_one("#closed").get_text().split()) == (
        "Geschlossen. Wieder am Montag, 15. Juni, um 8 Uhr"
    )
    assert page.select_one("#notice").has_attr("hidden")


def test_a_wall_can_ask_whether_its_page_is_still_the_one_that_is_served(office: Office) -> None:
    visitor = office.visitor()
    page = BeautifulSoup(visitor.get(WALL).text, "html.parser").select_one("#calls")
    asked = visitor.head(WALL)

    assert asked.status_code == 200
    assert asked.headers["Aufruf-Page"] == page["data-page"]
    assert (
        asked.headers["Aufruf-Page"] != visitor.head("/display/nordend-wand").headers["Aufruf-Page"]
    )


def test_the_static_files_of_the_wall_are_served(office: Office) -> None:
    page = BeautifulSoup(office.visitor().get(WALL).text, "html.parser")
    files = [link["href"] for link in page.select("link[rel=stylesheet]")]
    files += [script["src"] for script in page.select("script[src]")]
    for file in files:
        with office.visitor().get(file) as answer:
            assert answer.status_code == 200, file
    assert page.select("[src^=http], [href^=http]") == []
