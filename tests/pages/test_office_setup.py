"""The office is set up on its pages: filled in, looked at, saved; nothing else changes."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from queue_server.actions import staff
from queue_server.office.setup.parts import PARTS
from tests.office import Office
from tests.pages.setup_forms import (
    KFZ,
    Visit,
    book_erika,
    change,
    filled,
    save,
    send,
    settings,
    words_of,
)


@pytest.mark.parametrize("part", PARTS, ids=[part.id for part in PARTS])
def test_every_part_opens_and_sent_as_it_is_changes_nothing(
    office: Office, lea: FlaskClient, visit: Visit, part: Any
) -> None:
    before = settings(office).text
    path = f"/office/setup/{part.id}"
    page = visit(lea, path)
    if part.is_list:
        links = [str(link["href"]) for link in page.select(".setup__entry")]
        if part.can_grow:
            visit(lea, f"{path}/_new")
        if not links:
            return
        path = links[0]

    change(lea, visit, path, status=303)

    assert settings(office).text == before


def test_a_change_shows_its_lines_and_is_in_force_when_saved(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    look = change(
        lea, visit, KFZ, minutes="12", fee="30,00 €", documents="Fahrzeugschein\n\nAusweis"
    )

    lines = [line.text for line in look.select(".setup__lines code")]
    assert sorted(lines) == [
        '+ documents = ["Fahrzeugschein", "Ausweis"]',
        '+ fee = "30,00 €"',
        "+ minutes = 12",
        "− minutes = 10",
    ]
    assert settings(office).site("rathaus").service("kfz").minutes == 10

    save(lea, KFZ, look)

    service = settings(office).site("rathaus").service("kfz")
    assert (service.minutes, service.fee) == (12, "30,00 €")
    assert service.documents == ("Fahrzeugschein", "Ausweis")
    listed = words_of(visit(lea, "/office/changes"))
    assert "Lea Einstellungen: Anliegen „Bewohnerparkausweis“: Minuten für eine Person" in listed
    assert "site.rathaus.service.kfz.minutes" in listed
    assert "30,00" not in listed


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_written(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    before = settings(office).path.read_bytes()

    page = change(lea, visit, KFZ, status=422, minutes="9999", group="k", name="")

    assert "ganze Zahl von 1 bis 480" in page.select_one("#minutes-error").text
    assert "Großbuchstaben" in page.select_one("#group-error").text
    assert "füllen Sie dieses Feld aus" in page.select_one("#name-error").text
    assert page.select_one("#minutes")["value"] == "9999"
    assert settings(office).path.read_bytes() == before


def test_a_new_service_comes_with_its_counters_and_goes_again(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    before = settings(office).text
    new = "/office/setup/services/_new"
    look = change(lea, visit, new, id="hunde", name="Hund anmelden", group="H", minutes="5",
                  counters=["schalter-2"])  # fmt: skip
    save(lea, new, look)
    site = settings(office).site("rathaus")
    assert site.service("hunde").name == "Hund anmelden"
    assert site.counter("schalter-2").services == ("ausweise", "hunde")
    assert "walk_in" not in settings(office).text.split("hunde")[1].split("[[")[0]

    path = "/office/setup/services/hunde"
    base = filled(visit(lea, path))["base"]
    look = send(lea, path, {"base": base, "remove": "1", "step": "check"})
    save(lea, path, look)

    assert settings(office).text == before


def test_a_service_that_somebody_waits_for_can_not_go(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    drawn = lea.post("/api/v1/sites/rathaus/tickets", json={"services": ["kfz"]})
    assert drawn.status_code == 201
    base = filled(visit(lea, KFZ))["base"]

    look = send(lea, KFZ, {"base": base, "remove": "1", "step": "save"})

    assert "Personen im Haus: 1" in words_of(look) and not look.select("[value=save]")
    assert settings(office).site("rathaus").service("kfz")


def test_other_hours_show_whose_appointment_falls_out_and_cancel_when_meant(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    token = book_erika(lea)
    path = "/office/setup/hours"

    look = change(lea, visit, path, tue="12:00–18:00")

    assert "1 Termin fällt aus" in words_of(look) and "Erika Muster" in words_of(look)
    assert "bestätigen" in words_of(save(lea, path, look, 422))
    answer = lea.post(path, data={**filled(look), "sure": "1", "step": "save"})
    assert answer.status_code == 303
    done = visit(lea, answer.headers["Location"])
    assert "1 Termin wurde abgesagt" in words_of(done)
    assert lea.get(f"/api/v1/appointments/{token}").json["state"] == "cancelled"
    assert "Erika Muster" in words_of(visit(lea, "/office/days/2026-06-09"))


def test_translations_and_group_names_go_where_they_belong(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    words = "/office/setup/words/kfz"
    save(lea, words, change(lea, visit, words, **{"translated-en-name": "Parking permit"}))
    save(lea, KFZ, change(lea, visit, KFZ, group_name="Auto und Fund"))

    site = settings(office).site("rathaus")
    assert site.service("kfz").in_language("en").name == "Parking permit"
    assert {each.group_name for each in site.services if each.group == "K"} == {"Auto und Fund"}


def test_a_rule_is_tried_out_with_the_numbers_of_its_form(lea: FlaskClient, visit: Visit) -> None:
    form = visit(lea, "/office/rules").select_one("form[action='/office/rules']")
    (button,) = form.select("button[formaction]")
    fields = {str(box["name"]): box.get("value", "") for box in form.select("input[inputmode]")}
    asked = "&".join(f"{name}={value}" for name, value in fields.items())

    page = visit(lea, f"{button['formaction']}?rule=arrival&{asked}")

    assert page.select_one("#rule option[selected]")["value"] == "arrival"
    assert page.select_one("#guard_every")["value"] == fields["guard_every"]


def test_own_words_stand_under_their_german_text(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    path = "/office/setup/own-words/en"
    before = settings(office).text
    label = next(each for each in visit(lea, path).select("label") if "Schalter 1" in each.text)

    save(lea, path, change(lea, visit, path, **{str(label["for"]): "Counter 1"}))

    assert settings(office).site("rathaus").translated["en"] == {"Schalter 1": "Counter 1"}
    assert settings(office).text.startswith(before[: before.index('[[site]]\nid = "nordend"')])


def test_a_printer_is_set_by_the_administration_alone(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    path = "/office/setup/kiosks/eingang"
    assert visit(lea, path).select("[name=printer]") == []
    change(lea, visit, path, status=303, printer="file:///tmp/irgendwo")
    assert settings(office).kiosk("eingang")[1].printer == ""

    staff.add_clerk(office.store, "Ada", "rathaus", "admin", "ein Hash", now=office.clock())
    ada = office.signed_in("Ada")
    save(ada, path, change(ada, visit, path, printer="tcp://192.0.2.7:9100"))

    assert settings(office).kiosk("eingang")[1].printer == "tcp://192.0.2.7:9100"
