"""Every way through the kiosk for somebody who only hears: each choice, each place, each result."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from queue_server.domain.codes import new_code
from tests.browser.at_kiosk import (
    ask_for_life,
    book,
    forgive,
    office_with_many_services,
    touch_kiosk,
    waiting,
)
from tests.browser.by_ear import Listener
from tests.browser.conftest import Screens
from tests.office import Server

CODE = re.compile(r"[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Shared by the tests of this file."""
    yield from office_with_many_services(tmp_path_factory.mktemp("office"))


@pytest.fixture
def ear(screens: Screens) -> Listener:
    """Before the first page, reading aloud."""
    ear = Listener(touch_kiosk(screens))
    ear.begin()
    return ear


def drawn_by(server: Server, told: str) -> dict:
    """The ticket whose number was told."""
    return next(each for each in waiting(server) if each["number"] in told)


def test_the_first_page_tells_where_one_is_and_every_choice(ear: Listener) -> None:
    ear.back_to("Willkommen")

    choices = [each for each in ear.choices_until("Kontrast. Taste.") if each.endswith("Taste.")]

    for name in ("Ich habe einen Termin", "Meldewesen", "Ausweise und Pässe", "Rund ums Auto",
                 "Bescheinigungen", "Deutsch", "English", "Tiefer", "Größer"):  # fmt: skip
        assert sum(each.startswith(name) for each in choices) == 1, (name, choices)


def test_a_number_is_drawn_and_told_with_how_long_it_takes_and_what_to_do(
    screens: Screens, ear: Listener
) -> None:
    page = ear.choose("Rund ums Auto", "Rund ums Auto")
    assert "Tippen Sie auf Ihr Anliegen. Dann bekommen Sie Ihre Wartenummer." in page
    assert "nur mit Termin" in ear.go_to("Eheschließung anmelden")
    ear.choose("Zum Anfang", "Willkommen")
    ear.choose("Bescheinigungen", "Bescheinigungen")

    told = ear.choose("Bescheinigung Nummer 0. Taste.", "Ihre Nummer")

    assert drawn_by(screens.server, told)["services"] == ["anliegen-0"]
    assert "Bitte nehmen Sie Platz." in told
    assert "Vor Ihnen" in told or "vor Ihnen" in told


def test_a_wrong_code_is_told_and_the_right_one_checks_in(screens: Screens, ear: Listener) -> None:
    code = book(screens.server)
    page = ear.choose("Ich habe einen Termin", "Mit Termin anmelden")
    assert "Termincode ein" in page
    ear.go_to("Termincode. Eingabefeld.")

    ear.page.keyboard.press("7")
    ear.wait_for("7. 1 von 9 Zeichen.")
    ear.page.keyboard.press("Backspace")
    ear.wait_for("Gelöscht. 0 von 9 Zeichen.")
    ear.page.keyboard.type(new_code(), delay=80)
    ear.heard.clear()
    ear.page.keyboard.press("Enter")
    refused = ear.wait_for("Diesen Termincode kennen wir nicht.")
    assert refused.startswith("Mit Termin anmelden")
    forgive(screens, 404)

    ear.go_to("Termincode. Eingabefeld.")
    ear.page.keyboard.press("Control+a")
    ear.page.keyboard.press("Backspace")
    ear.page.keyboard.type(code, delay=80)
    ear.heard.clear()
    ear.page.keyboard.press("Enter")

    told = ear.wait_for("Sie sind angemeldet.")
    assert drawn_by(screens.server, told)["kind"] == "appointment" and "Ihr Termin:" in told


def test_the_keys_on_the_screen_type_the_code_for_who_has_arrows_only(
    screens: Screens, ear: Listener
) -> None:
    code = book(screens.server).replace("-", "")
    ear.choose("Ich habe einen Termin", "Mit Termin anmelden")
    ear.go_to("2. Taste.")
    keys, at = "23456789ABCDEFGHJKMNPQRSTUVWX", 0

    for count, sign in enumerate(code, 1):
        while at != keys.index(sign):
            step = 1 if keys.index(sign) > at else -1
            at += step
            heard = ear.step("ArrowDown" if step > 0 else "ArrowUp")
        assert count == 1 or heard.startswith(keys[at])
        ear.heard.clear()
        ear.page.keyboard.press("Enter")
        if count < len(code):
            ear.wait_for(f"{sign}. {count} von 9 Zeichen.")

    ear.wait_for("Sie sind angemeldet.")


def test_the_next_free_appointment_is_told_booked_and_given_back(ear: Listener) -> None:
    ear.choose("Rund ums Auto", "Rund ums Auto")
    offered = ear.choose("Eheschließung anmelden", "Termin nehmen")
    assert "Eheschließung anmelden" in offered and "Nächster freier Termin" in offered
    time = re.search(r"\d\d:\d\d Uhr", offered)
    assert time is not None

    booked = ear.choose("Diesen Termin nehmen. Taste.", "Ihr Termin ist gebucht")
    assert time[0] in booked and CODE.search(booked) and "Ihr Termincode" in booked
    given_back = ear.choose("Doch nicht: absagen. Taste.", "Dieser Termin gilt nicht mehr")

    assert "Ihr Termin ist abgesagt" in given_back and time[0] in given_back
    ear.go_to("Fertig. Taste.")
    ear.page.keyboard.press("Enter")
    expect(ear.page.get_by_role("heading", name="Willkommen")).to_be_visible()


def test_what_was_chosen_outlasts_the_question_whether_anybody_is_there(
    screens: Screens, ear: Listener
) -> None:
    ear.choose("Meldewesen", "Meldewesen")
    ear.choose("Mehrere Anliegen oder Personen. Taste.", "Wählen Sie alles aus.")
    ear.go_to("2. Nicht gewählt.")
    ear.page.keyboard.press("Enter")
    ear.wait_for("2. Gewählt.")
    ear.go_to("Wohnsitz anmelden. Nicht gewählt.")
    ear.page.keyboard.press("Enter")
    ear.wait_for("Wohnsitz anmelden. Gewählt.")

    ask_for_life(ear.page, "several")
    warned = ear.wait_for("Sind Sie noch da?")
    assert re.search(r"in \d+ Sekunden zum Anfang zurück", warned)
    assert "Ich brauche mehr Zeit. Taste." in warned
    ear.heard.clear()
    ear.page.keyboard.press("Enter")
    ear.wait_for("Wohnsitz anmelden. Gewählt.")

    told = ear.choose("Nummer ziehen. Taste.", "Ihre Nummer")
    drawn = drawn_by(screens.server, told)
    assert (drawn["services"], drawn["persons"]) == (["meldewesen"], 2)


def test_nothing_chosen_is_told_and_leads_back_to_the_choice(
    screens: Screens, ear: Listener
) -> None:
    ear.choose("Rund ums Auto", "Rund ums Auto")
    ear.choose("Mehrere Anliegen oder Personen. Taste.", "Wählen Sie alles aus.")

    ear.choose("Nummer ziehen. Taste.", "Bitte wählen Sie mindestens ein Anliegen.")

    forgive(screens, 422)
    ear.go_to("Rund ums Auto. Zum Schließen.")
    assert ear.step() == "Bewohnerparkausweis. Nicht gewählt."
    ear.go_to("Bescheinigungen. Zum Öffnen.")
    ear.page.keyboard.press("Enter")
    ear.step()
    assert ear.step("ArrowUp") == "Bescheinigungen. Zum Schließen."


def test_german_names_on_an_english_page_are_said_by_a_german_voice(ear: Listener) -> None:
    ear.choose("English. Taste.", "Welcome")

    ear.choose("Rund ums Auto", "Rund ums Auto")
    way_on = ear.wait_for("Touch your service. Then you get")

    assert ear.language_of["Rund ums Auto"] == "de"
    assert ear.language_of[way_on] == "en"
