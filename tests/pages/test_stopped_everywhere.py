"""Stopped numbers are told where people look: desk, wall, start page, foreign pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.office import Office
from tests.pages.test_embed import crowd, news, sending
from tests.stopping import fill_the_day, stop

Visit = Callable[..., BeautifulSoup]
__all__ = ["sending"]
STOPS = "/desk/stops"
WHY = "Heute geben wir keine Wartenummern mehr aus. Grund: Wasserschaden."
AGAIN = "Ab Di 09.06., 00:00 Uhr gibt es wieder Wartenummern."


@pytest.fixture
def aylin(office: Office) -> FlaskClient:
    return office.signed_in("Aylin", "schalter-1")


def text(page: BeautifulSoup, selector: str) -> str:
    """What is said there, as one line."""
    found = page.select_one(selector)
    assert found is not None, selector
    return " ".join(found.get_text(" ").replace("\N{NO-BREAK SPACE}", " ").split())


def decide(client: FlaskClient, mode: str, service: str = "*", reason: str = "") -> BeautifulSoup:
    """Send the desk's form; the page that it leads to."""
    data = {"mode": mode, "service": service, "reason": reason}
    answer = client.post(STOPS, data=data)
    assert answer.status_code == 303, answer.text
    return BeautifulSoup(client.get(answer.location).text, "html.parser")


def rows(page: BeautifulSoup) -> dict[str, str]:
    return {
        row["data-row"]: " ".join(row.get_text(" ").split())
        for row in page.select(".stops tbody tr")
    }


# -- desk --------------------------------------------------------------------------------------


def test_the_desk_says_calmly_that_numbers_are_given_out(aylin: FlaskClient, visit: Visit) -> None:
    page = visit(aylin, "/desk")

    assert text(page, "[data-part=issuing]") == "Nummernausgabe: offen"
    assert page.select_one("a[href='/desk/stops'][data-key=v]")


def test_a_clerk_stops_everything_and_the_desk_says_why(aylin: FlaskClient, visit: Visit) -> None:
    page = decide(aylin, "stopped", reason="Wasserschaden")

    assert text(page, "[role=status]") == "Die Ausgabe ist angehalten. Rückgängig"
    assert text(page, ".stops__all") == (
        "Alle angehalten Wasserschaden, seit 08:00 Uhr Wieder automatisch"
    )
    assert text(visit(aylin, "/desk"), "[data-part=issuing]") == "Keine Nummern Wasserschaden"


def test_one_touch_takes_it_back(aylin: FlaskClient, visit: Visit) -> None:
    page = decide(aylin, "stopped", "kfz", "Wasserschaden")
    undo = page.select_one(".stops__said form")
    assert undo is not None
    fields = {each["name"]: each["value"] for each in undo.select("input")}

    answer = aylin.post(undo["action"], data=fields)

    page = visit(aylin, answer.location)
    assert text(page, "[role=status]") == "Die Ausgabe läuft wieder von selbst."
    assert rows(page)["kfz"] == "Bewohnerparkausweis offen von selbst"


def test_every_service_says_how_it_stands_and_why(
    office: Office, aylin: FlaskClient, visit: Visit
) -> None:
    stop(office, "kfz", "Zwei krank")
    decide(aylin, "open", "ausweise", "Verstärkung da")
    aylin.post("/api/v1/sites/rathaus/tickets", json={"services": ["fundbuero"]})

    found = rows(visit(aylin, STOPS))

    assert found == {
        "meldewesen": "Wohnsitz anmelden offen von selbst",
        "ausweise": "Personalausweis beantragen offen von Hand: Verstärkung da Wieder automatisch",
        "kfz": "Bewohnerparkausweis angehalten von Hand: Zwei krank Wieder automatisch",
        "fundbuero": "Fundsache abholen angehalten Tageszahl erreicht",
    }
    desk = text(visit(aylin, "/desk"), "[data-part=issuing]")
    assert desk == "2 angehalten Bewohnerparkausweis, Fundsache abholen"


def test_the_forecasts_stop_names_the_end_of_the_work(office: Office, visit: Visit) -> None:
    fill_the_day(office, "meldewesen")
    clara = office.signed_in("Clara")

    assert rows(visit(clara, STOPS))["meldewesen"] == (
        "Wohnsitz anmelden angehalten Prognose: um 08:00 Uhr reichte die Arbeit schon bis 18:00 Uhr"
    )
    assert text(visit(clara, "/desk"), "[data-part=issuing]") == "Keine Nummern Prognose"


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({"mode": "stopped"}, "reason"),
        ({"mode": "open", "reason": "x" * 121}, "reason"),
        ({"mode": "", "reason": "x"}, "mode-stopped"),
        ({"mode": "stopped", "reason": "x", "service": "trauung"}, "service"),
    ],
)
def test_a_form_that_lacks_something_names_the_field_and_stops_nothing(
    aylin: FlaskClient, visit: Visit, form: dict[str, str], wrong: str
) -> None:
    answer = aylin.post(STOPS, data=form)

    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.title is not None and page.title.get_text().startswith("Fehler: ")
    assert page.select_one(f".error-summary a[href='#{wrong}']")
    assert page.select_one(f"#{wrong}")
    assert text(visit(aylin, "/desk"), "[data-part=issuing]") == "Nummernausgabe: offen"


def test_the_script_hears_of_it_with_the_days_counts(office: Office, aylin: FlaskClient) -> None:
    stop(office)

    part = BeautifulSoup(aylin.get("/desk/today").text, "html.parser")

    assert text(part, "[data-part=issuing]") == "Keine Nummern Wasserschaden"
    assert part.select("[data-part=today]")


def test_whoever_is_signed_out_sees_and_stops_nothing(office: Office) -> None:
    for answer in (office.visitor().get(STOPS), office.visitor().post(STOPS)):
        assert answer.status_code == 303 and "/login" in answer.location


# -- wall --------------------------------------------------------------------------------------


def test_the_empty_wall_says_why_and_when_numbers_come_back(
    office: Office, sending: Office, visit: Visit
) -> None:
    stop(office)

    page = visit(office.visitor(), "/display/wand")

    assert text(page, "#over").startswith(
        f"Zurzeit werden keine Wartenummern ausgegeben {WHY} {AGAIN} Termine online:"
    )
    assert page.select_one("#over:not([hidden])") and page.select_one("#notice[hidden]")


def test_while_people_still_wait_it_stands_at_the_foot(
    office: Office, aylin: FlaskClient, visit: Visit
) -> None:
    aylin.post("/api/v1/sites/rathaus/tickets", json={"services": ["kfz"]})
    stop(office)

    page = visit(office.visitor(), "/display/wand")

    assert text(page, "#notice:not([hidden])") == f"{WHY} {AGAIN}"
    assert page.select_one("#over[hidden]")


# -- start page --------------------------------------------------------------------------------


def test_the_start_page_says_why_and_that_appointments_stand(office: Office, visit: Visit) -> None:
    stop(office)

    page = visit(office.visitor(), "/")

    now = text(page, ".now")
    assert f"{WHY} {AGAIN}" in now
    assert "Mit Termin können Sie kommen." in now
    assert {text(page, "[data-services]")} == {"Zurzeit keine Wartenummern"}


def test_one_stopped_service_is_said_beside_it(office: Office, visit: Visit) -> None:
    stop(office, "ausweise", "Gerät kaputt")

    page = visit(office.visitor(), "/")

    assert "keine Wartenummern" not in text(page, ".now")
    spans = {
        each["data-services"]: each.get_text(strip=True) for each in page.select("[data-services]")
    }
    assert spans["ausweise"] == "Zurzeit keine Wartenummern"
    assert spans["meldewesen"] == "Zurzeit kein Schalter besetzt"
    assert (
        "Für „Personalausweis beantragen“ geben wir heute keine Wartenummern mehr aus. "
        f"Grund: Gerät kaputt. {AGAIN}" in text(page, "main")
    )


def test_a_used_up_quota_is_said_beside_its_service(
    office: Office, aylin: FlaskClient, visit: Visit
) -> None:
    aylin.post("/api/v1/sites/rathaus/tickets", json={"services": ["fundbuero"]})

    said = text(visit(office.visitor(), "/"), "main")

    assert "Für „Fundsache abholen“ sind heute alle Wartenummern vergeben." in said


# -- foreign pages -----------------------------------------------------------------------------


def test_foreign_pages_say_it_with_the_way_to_an_appointment(
    office: Office, sending: Office
) -> None:
    stop(office)

    box = news(office)["boxes"]["de"]

    assert box["waiting"].replace("\N{NO-BREAK SPACE}", " ") == f"{WHY} {AGAIN}"
    assert box["book"] == "Termin buchen"


def test_foreign_pages_tell_that_some_services_have_no_numbers(office: Office) -> None:
    crowd(office)
    stop(office, "kfz")

    waiting = news(office)["boxes"]["de"]["waiting"]

    assert waiting.startswith("Wartezeit ohne Termin: ")
    assert waiting.endswith(". Für einzelne Anliegen gibt es zurzeit keine Wartenummern.")


def test_a_site_by_appointment_only_goes_on_saying_so(office: Office) -> None:
    context = office.app.extensions["aufruf"]
    site = context.settings.sites[0]
    booked = tuple(replace(each, walk_in=False) for each in site.services)
    sites = (replace(site, services=booked), *context.settings.sites[1:])
    context.settings = replace(context.settings, sites=sites)

    assert news(office)["boxes"]["de"]["waiting"] == "Nur mit Termin."
