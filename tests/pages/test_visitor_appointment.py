"""The holder's appointment: look, cancel, move; and the page behind the QR of a Termincode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.qr import qr_png, qr_svg
from queue_server.scanning import read_code_texts
from tests.office import Office
from tests.pages.appointment_steps import LATER, START, book, chosen_day
from tests.pages.booking_forms import words_of

Visit = Callable[..., BeautifulSoup]


@pytest.fixture
def clerk(office: Office) -> FlaskClient:
    return office.clerk("Aylin", "schalter-1")


@pytest.fixture
def booked(clerk: FlaskClient) -> dict[str, Any]:
    return book(clerk)


def look(office: Office, booked: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = office.visitor().get(f"/api/v1/appointments/{booked['token']}").json
    return found


def test_the_holder_sees_when_where_what_and_the_code(
    office: Office, visit: Visit, booked: dict[str, Any]
) -> None:
    page = visit(office.visitor(), f"/termin/{booked['token']}")

    said = words_of(page)
    for words in (
        "Ihr Termin am Dienstag, 9. Juni um 10:00 Uhr", booked["code"], "ab 09:30 Uhr",
        "Marktplatz 1", "Personalausweis beantragen", "46,00 €",
    ):  # fmt: skip
        assert words in said, words
    assert [box.get_text(strip=True) for box in page.select(".ticks label")] == [
        "Alter Ausweis", "Digitales Passfoto",
    ]  # fmt: skip
    assert page.select_one(".appointment__qr[role=img][aria-label] svg") is not None


def test_the_qr_holds_a_link_with_the_code_in_its_fragment(
    office: Office, booked: dict[str, Any]
) -> None:
    text = office.visitor().get(f"/termin/{booked['token']}").text
    public_url = office.app.extensions["aufruf"].settings.public_url
    [read] = read_code_texts(qr_png(f"{public_url}/termin#{booked['code']}", 6))

    assert read.endswith(f"/termin#{booked['code']}")
    assert qr_svg(read) in text


def test_no_name_stands_on_the_page(office: Office, visit: Visit, booked: dict[str, Any]) -> None:
    assert "Mustermann" not in words_of(visit(office.visitor(), f"/termin/{booked['token']}"))


def test_cancelling_asks_once_more_and_twice_is_once(
    office: Office, visit: Visit, booked: dict[str, Any]
) -> None:
    visitor = office.visitor()
    question = visit(visitor, f"/termin/{booked['token']}/cancellation")
    [form] = question.select("form[method=post]")
    assert look(office, booked)["state"] == "confirmed"

    answers = [visitor.post(str(form["action"])) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    page = visit(visitor, f"/termin/{booked['token']}")
    assert "Termin abgesagt" in words_of(page)
    assert booked["code"] not in page.get_text()
    assert visitor.get(f"/termin/{booked['token']}/cancellation").status_code == 302


def test_moving_offers_days_and_times_and_keeps_the_code(
    office: Office, visit: Visit, booked: dict[str, Any]
) -> None:
    visitor = office.visitor()
    path = f"/termin/{booked['token']}/start"
    page = visit(visitor, f"{path}?day=2026-06-10")
    assert chosen_day(page) == "Mittwoch, 10. Juni"
    assert LATER in [radio["value"] for radio in page.select("input[type=radio]")]

    answers = [visitor.post(path, data={"start": LATER}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    moved = visit(visitor, answers[0].headers["Location"])
    assert "Mittwoch, 10. Juni um 11:30 Uhr" in words_of(moved)
    assert "Ihr Termin ist verschoben" in words_of(moved)
    assert look(office, booked) | {"start": LATER} == look(office, booked)
    assert look(office, booked)["code"] == booked["code"]


def test_without_a_choice_the_page_asks_for_one(office: Office, booked: dict[str, Any]) -> None:
    answer = office.visitor().post(f"/termin/{booked['token']}/start", data={"day": "2026-06-10"})
    page = BeautifulSoup(answer.text, "html.parser")

    assert answer.status_code == 422
    assert page.title is not None and page.title.get_text().startswith("Fehler: Termin verschieben")
    [link] = page.select(".error-summary a")
    assert page.select_one(str(link["href"])) is not None
    assert chosen_day(page) == "Mittwoch, 10. Juni"


@pytest.mark.parametrize(
    "start",
    [
        "2026-06-10T11:31:00+02:00",  # not on the grid
        "2026-06-08T07:00:00+02:00",  # past
        "2026-06-08T08:15:00+02:00",  # sooner than citizens may book
        "2027-06-10T11:30:00+02:00",  # later than citizens may book
        "2999-12-31T23:59:59+00:00",
    ],
)
def test_only_offered_times_are_taken(office: Office, booked: dict[str, Any], start: str) -> None:
    answer = office.visitor().post(f"/termin/{booked['token']}/start", data={"start": start})

    assert answer.status_code == 409
    assert "nicht mehr frei" in answer.text
    assert look(office, booked)["start"] == START


@pytest.mark.parametrize(
    "start",
    ["", "morgen", "2026-06-10T11:30:00", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00"],
)
def test_what_is_no_moment_is_no_choice(office: Office, booked: dict[str, Any], start: str) -> None:
    answer = office.visitor().post(f"/termin/{booked['token']}/start", data={"start": start})

    assert answer.status_code == 422


@pytest.mark.parametrize("query", ["from=9999-12-31", "from=0001-01-01", "day=1&from=2&x=3"])
def test_odd_dates_in_the_address_do_no_harm(
    office: Office, visit: Visit, booked: dict[str, Any], query: str
) -> None:
    visit(office.visitor(), f"/termin/{booked['token']}/start?{query}")


def test_whoever_has_checked_in_finds_the_way_to_their_number(
    office: Office, visit: Visit, clerk: FlaskClient
) -> None:
    booked = book(clerk, "2026-06-08T08:15:00+02:00")
    ticket = clerk.post("/api/v1/sites/rathaus/check-ins", json={"code": booked["code"]}).json
    visitor = office.visitor()

    page = visit(visitor, f"/termin/{booked['token']}")

    assert "Sie sind angemeldet" in words_of(page) and ticket["number"] in words_of(page)
    assert page.select_one(f"a[href='/t/{ticket['token']}']") is not None
    for path in ("cancellation", "start"):
        address = f"/termin/{booked['token']}/{path}"
        assert visitor.get(address).status_code == 302
        assert visitor.post(address, data={"start": LATER}).status_code == 409


def test_a_missed_appointment_says_what_to_do(
    office: Office, visit: Visit, booked: dict[str, Any]
) -> None:
    with office.store.transaction() as tx:
        tx.write("UPDATE appointments SET state = 'missed'", {})

    assert "Termin versäumt" in words_of(visit(office.visitor(), f"/termin/{booked['token']}"))


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("reserved", "Ihre Angaben"),
        ("preconfirmed", "Bitte sehen Sie in Ihr Postfach"),
        ("expired", "Frist abgelaufen"),
    ],
)
def test_unconfirmed_appointments_show_no_code(
    office: Office, visit: Visit, booked: dict[str, Any], state: str, says: str
) -> None:
    with office.store.transaction() as tx:
        tx.write("UPDATE appointments SET state = :state", {"state": state})

    page = visit(office.visitor(), f"/termin/{booked['token']}")

    assert says in words_of(page) and booked["code"] not in page.get_text()


@pytest.mark.parametrize("path", ["", "/cancellation", "/start"])
def test_an_unknown_token_is_a_friendly_page(office: Office, visit: Visit, path: str) -> None:
    page = visit(office.visitor(), f"/termin/so-etwas-gibt-es-nicht{path}", 404)

    assert "Diesen Termin kennen wir nicht" in words_of(page)
    if path:
        answer = office.visitor().post(
            f"/termin/so-etwas-gibt-es-nicht{path}", data={"start": START}
        )
        assert answer.status_code == 404


def test_looking_changes_nothing(office: Office, visit: Visit, booked: dict[str, Any]) -> None:
    before = look(office, booked)

    for path in ("", "/cancellation", "/start", f"/start?start={LATER}"):
        visit(office.visitor(), f"/termin/{booked['token']}{path}")
    for path in ("", "/cancellation", "/start"):
        assert office.visitor().delete(f"/termin/{booked['token']}{path}").status_code == 405
    assert look(office, booked) == before


def test_the_page_speaks_the_language_of_the_booking(office: Office, clerk: FlaskClient) -> None:
    token = book(clerk, language="en")["token"]

    asked = {name: office.visitor().get(f"/termin/{token}{query}").text.split(">")[1].split()
             for name, query in {"own": "", "german": "?lang=de"}.items()}  # fmt: skip

    assert 'lang="en"' in asked["own"] and 'lang="de"' in asked["german"]
