"""What the desk finds, reads back and offers, without a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from queue_server.desk.day import is_found
from queue_server.web.desk_keys import KEYS
from tests.office import HERE, Office, make_office
from tests.pages.booked_days import TODAY, by_phone, count_on
from tests.pages.desk_forms import draw, panel, press, said

Visit = Callable[..., BeautifulSoup]
CALL = {
    "services": ["meldewesen", "", ""], "persons": "2", "name": "Erika Mustermann",
    "phone": "0431 55", "email": "", "language": "de", "day": TODAY, "key": "abc",
    "start": f"{TODAY}T10:15:00+02:00",
}  # fmt: skip


def page_of(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser")


def words(page: BeautifulSoup) -> str:
    return " ".join(page.get_text(" ").split())


@pytest.mark.parametrize(
    ("name", "wanted", "found"),
    [
        ("Jörg Müller", "mueller", True),
        ("Jörg Müller", "MÜL jor", True),
        ("Joerg Mueller", "Jörg müller", True),
        ("Özge Yılmaz", "ozge", True),
        ("Weiß", "weiss", True),
        ("Jörg Müller", "Müllers", False),
        ("", "a", False),
        ("Jörg Müller", "", True),
    ],
)
def test_a_name_is_found_however_it_is_written(name: str, wanted: str, found: bool) -> None:
    assert is_found(name, wanted) is found


def test_the_day_is_searched_by_name_and_never_in_an_address(office: Office) -> None:
    by_phone(office, "10:15", name="Jörg Müller")
    by_phone(office, "11:00", name="Erika Mustermann")
    client = office.signed_in("Lea")

    found = page_of(client.post("/desk/appointments/search", data={"name": "mueller"}).text)

    assert [row["data-name"] for row in found.select("[data-row]")] == ["Jörg Müller"]
    form = found.select_one("form[role=search]")
    assert form is not None and form["method"] == "post"


def test_the_day_opens_at_this_hour_and_says_number_and_state(office: Office, visit: Visit) -> None:
    for clock, name in (("06:15", "Anna Früh"), ("08:00", "Jörg Müller"), ("11:00", "Zoe Spät")):
        office.clock.pass_time(hours=-3)
        one = by_phone(office, clock, name=name)
        office.clock.pass_time(hours=3)
        if name == "Jörg Müller":
            press(office.signed_in("Lea"), "check-ins", appointment=one.id)
    client = office.signed_in("Aylin", "schalter-1")
    press(client, "calls", counter="schalter-1")

    page = visit(client, "/desk/appointments")

    [here] = page.select("[data-now]")
    assert here["data-name"] == "Jörg Müller"
    assert "M 001" in here.get_text() and "aufgerufen" in here.get_text()
    assert "Schalter 1" in here.get_text()
    assert page.select("[data-name='Zoe Spät']")[0].get_text().count("M 00") == 0


def test_a_booking_is_read_back_with_its_documents_before_it_is_kept(office: Office) -> None:
    client = office.signed_in("Lea")

    page = page_of(client.post("/desk/appointments/readback", data=CALL).text)

    told = words(page)
    assert count_on(office, TODAY) == 0
    assert "Montag, 8. Juni, 10:15 Uhr Wohnsitz anmelden (2 Personen)" in told
    assert "Name Erika Mustermann Telefon 0431 55 E-Mail keine Angabe" in told
    assert "Bitte mitbringen: Personalausweis oder Reisepass Wohnungsgeberbestätigung" in told
    form = page.select_one("form.readback")
    assert form is not None
    kept = [(str(field["name"]), str(field["value"])) for field in form.select("input")]
    sent = {name: [value for key, value in kept if key == name] for name, _ in kept}

    # Exactly what was read out is booked; "Ändern" leads back to the filled-in form.
    again = page_of(client.post("/desk/appointments/times", data=sent).text)
    assert again.select("[name=name]")[0]["value"] == "Erika Mustermann"
    button = form.select_one("button[name=start]")
    assert button is not None
    booked = client.post("/desk/appointments", data=sent | {"start": button["value"]})
    shown = page_of(client.get(booked.location).text)
    code, spelled = shown.select_one(".code"), shown.select_one(".booked__words")
    assert code is not None and spelled is not None
    initials = [word.strip()[0] for word in spelled.get_text().replace("–", ",").split(",")]
    assert "".join(initials) == code.get_text().replace("-", "")
    assert "Mitbringen: Personalausweis oder Reisepass" in words(shown)


def test_what_cannot_be_is_said_before_anything_is_read_out(office: Office) -> None:
    client = office.signed_in("Lea")

    for wrong in ({"email": "erika"}, {"persons": "99"}, {"start": "gestern"}):
        answer = client.post("/desk/appointments/readback", data=CALL | wrong)
        assert answer.status_code == 422
        assert page_of(answer.text).select_one("[role=alert]") is not None
    assert client.post("/desk/appointments/readback", data=CALL | {"start": ""}).status_code == 200


def test_one_key_finishes_and_calls_the_next_only_while_somebody_is_served(office: Office) -> None:
    draw(office, "meldewesen", times=2)
    client, here = office.signed_in("Aylin", "schalter-1"), {"counter": "schalter-1"}
    press(client, "calls", **here)
    # Pressed twice it would send away somebody who is on the way.
    assert panel(client).select_one("form[action='/desk/completion/next']") is None
    assert client.post("/desk/completion/next", data=here).status_code == 409
    press(client, "arrival", **here)

    press(client, "completion/next", **here)
    number = panel(client).select_one(".person__number")
    assert number is not None and number.get_text() == "M 002"
    press(client, "arrival", **here)
    last = press(client, "completion/next", **here)

    assert said(last) == "M 002 ist abgeschlossen. Gerade wartet niemand auf Ihre Anliegen."


def test_a_counter_does_not_offer_to_call_whom_it_does_not_serve(
    office: Office, visit: Visit
) -> None:
    draw(office, "meldewesen")
    draw(office, "ausweise")
    client = office.signed_in("Bernd", "schalter-2")

    page = visit(client, "/desk")

    offered = {
        str(row["data-row"]): row.select_one("form[data-call]:not([hidden])") is not None
        for row in page.select("[data-waiting] tbody tr")
    }
    assert offered == {"1": False, "2": True}
    assert "M 001 aufrufen" not in visit(client, "/desk/tickets/1").get_text()
    assert "A 001 aufrufen" in visit(client, "/desk/tickets/2").get_text()


def test_the_last_counter_is_chosen_already_unless_somebody_sits_there(
    office: Office, visit: Visit
) -> None:
    aylin = office.signed_in("Aylin", "schalter-3")
    aylin.delete("/api/v1/counters/schalter-3/session")

    def chosen() -> list[str]:
        found = visit(aylin, "/desk").select("[name=counter][type=radio][checked]")
        return [str(one["value"]) for one in found]

    assert chosen() == ["schalter-3"]
    assert visit(office.signed_in("Lea"), "/desk").select("[name=counter][checked]") == []
    office.signed_in("Bernd", "schalter-3")
    assert chosen() == []


def test_the_pane_of_the_numbers_marks_what_holds_now(office: Office, visit: Visit) -> None:
    client = office.signed_in("Lea")

    def marked(page: BeautifulSoup) -> tuple[str, str]:
        [radio] = page.select("[name=mode][type=radio][checked]")
        [badge] = page.select("[data-standing-mode]:not([hidden])")
        return str(radio["value"]), str(badge["data-standing-mode"])

    assert marked(visit(client, "/desk/stops")) == ("automatic", "automatic")
    press(client, "stops", mode="stopped", service="*", reason="Personalausfall")
    assert marked(visit(client, "/desk/stops")) == ("stopped", "stopped")


def test_the_digital_file_opens_apart_from_the_desk_with_its_key(tmp_path: Path) -> None:
    config = (HERE / "office.toml").read_text()
    file_url = 'file_url = "https://dms.example/akte?termin={appointment}&nummer={number}"'
    office = make_office(
        tmp_path, config.replace("[site.hours]", f"[site.desk]\n{file_url}\n[site.hours]", 1)
    )
    one = by_phone(office, "08:15", name="Jörg Müller")
    client = office.signed_in("Aylin", "schalter-1")
    press(client, "check-ins", appointment=one.id)
    press(client, "calls", counter="schalter-1")

    link = panel(client).select_one("a[target=_blank]")

    assert link is not None
    assert link["href"] == f"https://dms.example/akte?termin={one.id}&nummer=M%20001"
    assert link["rel"] == ["noopener", "noreferrer"]
    assert link["data-key"] == KEYS["file"].key.lower()
    assert "Digitale Akte" in page_of(client.get("/desk/keys").text).get_text()
    office.store.close()


def test_every_key_of_the_page_stands_in_the_list_of_keys(office: Office, visit: Visit) -> None:
    draw(office, "meldewesen")
    client, here = office.signed_in("Lea", "schalter-1"), {"counter": "schalter-1"}
    pressed = {str(one["data-key"]) for one in visit(client, "/desk").select("[data-key]")}
    for verb in ("calls", "recall", "arrival"):
        page = press(client, verb, **here)
        pressed |= {str(one["data-key"]) for one in page.select("[data-key]")}

    listed = [key.get_text().lower() for key in visit(client, "/desk/keys").select("dt kbd")]

    assert pressed <= set(listed)
    assert {"enter", "esc", "↑", "↓"} <= set(listed)
    pane = visit(client, "/desk/keys").get_text()
    assert "Umschalt + Leertaste" in " ".join(pane.split()) and "Digitale Akte" not in pane
