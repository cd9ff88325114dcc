"""The forms that set the office up, while hands and colleagues write config.toml as well."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.office import Office
from tests.pages.setup_forms import KFZ, Visit, change, filled, save, send, settings, words_of


def test_of_two_who_have_the_same_form_open_the_second_is_told_and_looks_again(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    old = filled(visit(lea, KFZ))
    save(lea, KFZ, change(lea, visit, KFZ, minutes="12"))

    look = send(lea, KFZ, {**old, "fee": "10 €", "step": "check"}, 409)

    assert "Inzwischen hat sich config.toml geändert" in words_of(look)
    assert (
        "Lea: Anliegen „Bewohnerparkausweis“: Minuten für eine Person "
        "site.rathaus.service.kfz.minutes"
    ) in words_of(look)
    assert settings(office).site("rathaus").service("kfz").fee == ""
    save(lea, KFZ, look)
    assert settings(office).site("rathaus").service("kfz").fee == "10 €"


def test_a_file_that_is_write_protected_is_told_and_stays(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    path: Path = settings(office).path
    path.chmod(0o440)

    look = save(lea, KFZ, change(lea, visit, KFZ, minutes="12"), 409)

    assert "schreibgeschützt" in words_of(look)
    assert settings(office).site("rathaus").service("kfz").minutes == 10


def test_a_hand_edit_that_is_wrong_is_shown_until_it_is_right(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    path = settings(office).path
    right = path.read_text("utf-8")
    path.write_text(right.replace("minutes = 10", 'minutes = "zehn"', 1), "utf-8")
    office.app.extensions["aufruf"].configuration.look(office.clock())

    page = visit(lea, "/office/setup")
    told = words_of(page)

    assert "von Hand geändert und gilt noch nicht" in told
    assert "steht 1 Fehler (bemerkt: 08:00 Uhr). Es gelten weiter die Einstellungen von" in told
    (problem,) = page.select(".setup__problems li")
    line = right[: right.index("minutes = 10")].count("\n") + 1
    said = 'Bei „minutes“ steht "zehn". Richtig ist eine ganze Zahl von 1 bis 480.'
    assert problem.text.strip() == f"{said} (config.toml, Zeile {line})"
    path.write_text(right.replace("minutes = 10", "minutes = 11"), "utf-8")
    office.app.extensions["aufruf"].configuration.look(office.clock())
    assert "von Hand geändert und gilt" not in words_of(visit(lea, "/office/setup"))
    assert "von Hand in der Datei" in words_of(visit(lea, "/office/changes"))


def test_what_a_form_has_german_words_for_a_hand_reads_in_german_too(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    by_hand(office, lambda right: right.replace('services = ["ausweise"]', 'services = ["pass"]'))

    page = visit(lea, "/office")

    (problem,) = page.select(".setup__problems li")
    assert "Ein Schalter nennt das Anliegen „pass“, das es nicht gibt" in problem.text
    assert "(config.toml, Zeile " in problem.text and not problem.select("[lang]")


def test_a_file_that_is_no_toml_any_more_is_told_with_its_line(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    by_hand(office, lambda right: f"# Ein Kommentar\nkaputt\n{right}")

    (problem,) = visit(lea, "/office").select(".setup__problems li")

    assert "Die Schreibweise stimmt nicht" in problem.text
    assert problem.text.strip().endswith("(config.toml, Zeile 2)")
    assert str(settings(office).path.parent) not in problem.text and not problem.select("[lang]")


def test_a_misspelt_key_is_told_with_the_one_that_is_meant(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    by_hand(office, lambda right: right.replace("minutes = 10", "minuts = 10", 1))

    missing, unknown = (one.text for one in visit(lea, "/office").select(".setup__problems li"))

    assert "Den Namen „minuts“ gibt es hier nicht. Gemeint ist wohl „minutes“." in unknown
    assert "Hier fehlt „minutes“: eine ganze Zahl von 1 bis 480." in missing


def by_hand(office: Office, edit: Callable[[str], str]) -> None:
    path = settings(office).path
    path.write_text(edit(path.read_text("utf-8")), "utf-8")
    office.app.extensions["aufruf"].configuration.look(office.clock())


def test_the_overview_begins_with_now_and_tells_of_a_hand_that_slipped(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    strip = visit(lea, "/office").select_one(".state__strip").get_text(" ", strip=True)
    assert "0 von 3 Schaltern offen" in " ".join(strip.split()) and "Niemand ist da" in strip
    lea.post("/api/v1/sites/rathaus/tickets", json={"services": ["kfz"]})
    office.clock.pass_time(minutes=7)
    settings(office).path.write_text("kaputt", "utf-8")
    office.app.extensions["aufruf"].configuration.look(office.clock())

    told = words_of(visit(lea, "/office"))

    assert "1 wartet" in told and "am längsten 7" in told
    assert "Für Wartende ist kein Schalter offen" in told
    assert "von Hand geändert und gilt noch nicht" in told


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('[site.theme]\ncolor = "#777777"', "Auf der Farbe #777777 ist weder weiße noch dunkle"),
        (
            '[[site.kiosk]]\nid = "k"\nname = "K"\nprinter = "lpt1"',
            "„lpt1“ ist keine Adresse eines",
        ),
        ('[site.desk]\nfile_url = "https://dms.example/{nr}"', "nur {number} und {appointment}."),
    ],
)
def test_a_value_that_is_refused_for_its_own_reason_is_told_in_german(
    office: Office, lea: FlaskClient, visit: Visit, line: str, said: str
) -> None:
    by_hand(office, lambda right: f"{right}\n{line}\n")

    told = visit(lea, "/office").select(".setup__problems li")

    assert any(said in one.text for one in told), told
    assert not [one for one in told if one.select("[lang]")]
