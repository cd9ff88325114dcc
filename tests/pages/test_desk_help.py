"""The silent call for help at the desks: who sees it, who hears of it, and who never does."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from tests.office import Office

PART = {"X-Aufruf-Part": "1"}


def strip(client: FlaskClient) -> Tag:
    page = BeautifulSoup(client.get("/desk").text, "html.parser")
    found = page.select_one("[data-part=help]")
    assert found is not None
    return found


def words(part: Tag) -> str:
    return " ".join(part.get_text(" ").split())


def test_colleagues_see_the_counter_and_whoever_called_has_a_quiet_line(office: Office) -> None:
    aylin = office.signed_in("Aylin", "schalter-1")
    bernd, lea, clara = (office.signed_in(name) for name in ("Bernd", "Lea", "Clara"))

    answer = aylin.post("/desk/help", headers=PART)

    # The answer at the desk that calls neither alerts nor speaks.
    assert answer.status_code == 200
    assert "Ihr Hilferuf läuft." in answer.text and "role=" not in answer.text
    [alert] = strip(bernd).select("[role=alert]")
    assert "Hilferuf: Schalter 1 (Aylin), seit 08:00 Uhr." in words(alert)
    assert strip(lea).select("[role=alert]") and not strip(clara).contents[1:]

    caller = alert.select_one("[name=caller]")
    assert caller is not None
    taken = bernd.post("/desk/help/answer", data={"caller": caller["value"]}, headers=PART)
    assert "Bernd kommt." in taken.text and "Ich komme" not in taken.text
    assert "Bernd kommt." in words(strip(aylin))

    # Without script the desk itself comes back.
    done = aylin.post("/desk/help/all-clear", data={"caller": caller["value"]})
    assert (done.status_code, done.location) == (303, "/desk")
    assert "Hilferuf" not in words(strip(bernd)) + words(strip(aylin))


def test_the_queue_tells_clerks_and_neither_wall_nor_kiosk_nor_visitors_hear_of_it(
    office: Office,
) -> None:
    aylin = office.signed_in("Aylin", "schalter-1")
    before = aylin.get("/api/v1/sites/rathaus/queue").json
    aylin.post("/desk/help")
    queue = aylin.get("/api/v1/sites/rathaus/queue").json

    assert before is not None and "help" not in before
    assert queue is not None
    [call] = queue["help"]
    assert (call["counter"], call["name"], call["clerk"]) == ("schalter-1", "Schalter 1", "Aylin")
    assert "coming" not in call
    visitor = office.visitor()
    for client, path in (
        (visitor, "/api/v1/sites/rathaus/board"),
        (visitor, "/api/v1/sites/rathaus/outlook"),
        (visitor, "/"),
        (office.device("display", "wand"), "/display/wand"),
        (office.kiosk(), "/kiosk/eingang"),
    ):
        answer = client.get(path)
        assert answer.status_code == 200
        assert not any(word in answer.text for word in ("Hilferuf", "Aylin", '"help"'))


def test_a_side_page_in_a_tab_of_its_own_shows_it_and_one_in_the_dialog_does_not(
    office: Office,
) -> None:
    aylin, bernd = office.signed_in("Aylin", "schalter-1"), office.signed_in("Bernd")
    aylin.post("/desk/help")

    for path in ("/desk/appointments", "/desk/appointments/new", "/desk/stops", "/desk/keys"):
        page = BeautifulSoup(bernd.get(path).text, "html.parser")
        found = page.select("[data-help-home] [data-part=help] [role=alert]")
        assert "Hilferuf: Schalter 1 (Aylin)" in " ".join(map(words, found))
        # The desk behind the dialog has the strip already.
        assert 'data-part="help"' not in bernd.get(path, headers=PART).text


def test_signing_out_ends_it(office: Office) -> None:
    aylin, bernd = office.signed_in("Aylin"), office.signed_in("Bernd")
    aylin.post("/desk/help")
    assert "Hilferuf: ohne Schalter (Aylin)" in words(strip(bernd))

    aylin.post("/logout")

    assert "Hilferuf" not in words(strip(bernd))
