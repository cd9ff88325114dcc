"""The holder's appointment: look, cancel, move; and the page behind the QR of a Termincode."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.actions.days import decide_day
from queue_server.qr import qr_png, qr_svg
from queue_server.scanning import read_code_texts
from queue_server.store import identities
from tests.office import Office, make_office
from tests.pages.booking_forms import PHONE, online_config, words_of

Visit = Callable[..., BeautifulSoup]
START = "2026-06-09T10:00:00+02:00"
LATER = "2026-06-10T11:30:00+02:00"


@pytest.fixture
def clerk(office: Office) -> FlaskClient:
    return office.clerk("Aylin", "schalter-1")


@pytest.fixture
def booked(clerk: FlaskClient) -> dict[str, Any]:
    return book(clerk)


def book(clerk: FlaskClient, start: str = START, **more: Any) -> dict[str, Any]:
    body = {"services": ["ausweise"], "start": start, "name": "Erika Mustermann", **more}
    answer = clerk.post("/api/v1/sites/rathaus/appointments", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


def look(office: Office, booked: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = office.visitor().get(f"/api/v1/appointments/{booked['token']}").json
    return found


def chosen_day(page: BeautifulSoup) -> str:
    return words_of(page.select_one(".day [aria-current] .place__name"))


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


@pytest.fixture
def online(tmp_path: Path) -> Office:
    """An office that sends letters, so citizens can book."""
    return make_office(tmp_path, online_config())


def cancel_by_office(office: Office) -> None:
    """The day falls out, and everything on it."""
    with office.store.snapshot() as snapshot:
        clerk = identities.clerk_named(snapshot, "Lea")
    assert clerk is not None
    site = office.app.extensions["aufruf"].settings.site("rathaus")
    decide_day(office.store, site, date(2026, 6, 9), [], clerk=clerk.id, now=office.clock())


def test_what_the_office_had_to_cancel_says_so_and_leads_to_a_new_time(
    online: Office, visit: Visit
) -> None:
    token = book(online.signed_in("Aylin"))["token"]
    cancel_by_office(online)

    page = visit(online.visitor(), f"/termin/{token}")

    assert "Leider mussten wir diesen Termin absagen." in words_of(page)
    [onward] = page.select("a.button--primary")
    assert onward["href"] == "/termin/times?site=rathaus&services=ausweise"


@pytest.mark.parametrize("state", ["cancelled", "expired", "missed"])
def test_what_is_over_leads_to_a_new_time(online: Office, visit: Visit, state: str) -> None:
    token = book(online.signed_in("Aylin"), services=["meldewesen", "kfz"])["token"]
    with online.store.transaction() as tx:
        tx.write("UPDATE appointments SET state = :state", {"state": state})

    page = visit(online.visitor(), f"/termin/{token}")

    [onward] = page.select("a.button--primary")
    visit(online.visitor(), str(onward["href"]))
    assert onward["href"] == "/termin/times?site=rathaus&services=meldewesen&services=kfz"
    assert "Leider mussten wir" not in words_of(page)


def test_without_online_booking_the_page_says_whom_to_call(tmp_path: Path, visit: Visit) -> None:
    text = online_config(('smtp_url = "smtp://127.0.0.1:1"', 'smtp_url = ""'))
    office = make_office(tmp_path, text)
    token = book(office.signed_in("Aylin"))["token"]
    office.visitor().post(f"/termin/{token}/cancellation")

    said = words_of(visit(office.visitor(), f"/termin/{token}"))

    assert "am Telefon oder am Empfang" in said and PHONE in said


def test_a_time_that_is_gone_is_answered_with_what_is_near(online: Office, visit: Visit) -> None:
    clerk = online.signed_in("Aylin")
    token = book(clerk, services=["meldewesen"])["token"]
    for _ in range(2):
        book(clerk, LATER, services=["meldewesen"])

    answer = online.visitor().post(f"/termin/{token}/start", data={"start": LATER})
    page = BeautifulSoup(answer.text, "html.parser")

    assert answer.status_code == 409 and chosen_day(page) == "Mittwoch, 10. Juni"


def test_the_page_speaks_the_language_of_the_booking(office: Office, clerk: FlaskClient) -> None:
    token = book(clerk, language="en")["token"]

    asked = {name: office.visitor().get(f"/termin/{token}{query}").text.split(">")[1].split()
             for name, query in {"own": "", "german": "?lang=de"}.items()}  # fmt: skip

    assert 'lang="en"' in asked["own"] and 'lang="de"' in asked["german"]
