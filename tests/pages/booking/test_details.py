"""Booking, the last steps: whom to write to, everything once more, and sending it off."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.domain.appointment import PRECONFIRMED, RESERVED
from queue_server.store import people
from tests.office import Office
from tests.pages.booking_forms import (
    EMAIL,
    LATER,
    fields_of,
    fill_in,
    found,
    hold,
    key_of,
    parsed,
    press,
    send_off,
    token_of,
    words_of,
)

Visit = Callable[..., BeautifulSoup]
NAME = "Erika Mustermann"


@pytest.fixture
def held(citizen: FlaskClient) -> str:
    """The address of the form, with a time that is held."""
    return hold(citizen)


def typed(page: BeautifulSoup) -> tuple[str, str]:
    """What stands in the two fields."""
    fields = (page.select_one(f"input#{name}") for name in ("email", "name"))
    email, name = (str(field["value"]) if field else "" for field in fields)
    return email, name


def test_the_form_asks_for_an_address_and_perhaps_a_name(
    citizen: FlaskClient, visit: Visit, held: str
) -> None:
    page = visit(citizen, held)

    email, name = page.select("main form input:not([type=hidden])")
    assert (email["type"], email["autocomplete"]) == ("email", "email")
    assert email.has_attr("required") and not name.has_attr("required")
    assert "(freiwillig)" in words_of(page) and "Beides löschen wir nach Ihrem Besuch" in str(page)
    assert page.select_one("meta[name=robots][content=noindex]") is not None


@pytest.mark.parametrize(
    ("email", "name", "says", "field"),
    [
        ("", NAME, "Bitte geben Sie Ihre E-Mail-Adresse an.", "email"),
        ("erika@", NAME, "prüfen Sie die E-Mail-Adresse", "email"),
        ("a@b.example\r\nBcc: x@y.example", NAME, "prüfen Sie die E-Mail-Adresse", "email"),
        (f"{'x' * 250}@b.example", NAME, "prüfen Sie die E-Mail-Adresse", "email"),
        (EMAIL, "x" * 201, "Der Name ist zu lang.", "name"),
    ],
)
def test_a_wrong_field_says_what_is_wrong_and_keeps_what_was_typed(
    office: Office, citizen: FlaskClient, held: str, email: str, name: str, says: str, field: str
) -> None:
    answer = fill_in(citizen, held, email, name)
    page = parsed(answer)

    assert answer.status_code == 422
    assert page.title is not None and page.title.get_text().startswith("Fehler: Ihre Angaben")
    [link] = page.select(".error-summary a")
    assert link["href"] == f"#{field}" and says in words_of(link)
    assert says in words_of(page.select_one(f"#{field}-error"))
    assert page.select_one(f"#{field}[aria-invalid]") is not None
    assert typed(page) == (email, name)
    assert found(office, token_of(held)).state is RESERVED


def test_the_summary_shows_everything_and_a_way_to_change_each_of_it(
    citizen: FlaskClient, visit: Visit, held: str
) -> None:
    address = str(fill_in(citizen, held, EMAIL, NAME).headers["Location"])

    page = visit(citizen, address)

    said = words_of(page)
    for words in ("Wohnsitz anmelden", "Dienstag, 9. Juni, 10:00 Uhr", "Marktplatz 1", EMAIL, NAME,
                  "bis 08:15 Uhr für Sie vorgemerkt", "1 Stunde"):  # fmt: skip
        assert words in said, words
    changes = [str(link["href"]) for link in page.select(".change")]
    token = token_of(held)
    assert changes == [
        f"/termin?site=rathaus&services=meldewesen&token={token}",
        f"/termin/times?site=rathaus&services=meldewesen&token={token}",
        held, held,
    ]  # fmt: skip
    assert typed(visit(citizen, held)) == (EMAIL, NAME), "what was typed is still there"


def test_who_has_said_whom_to_write_to_is_not_asked_again_after_another_time(
    citizen: FlaskClient, visit: Visit, held: str
) -> None:
    summary = str(fill_in(citizen, held, EMAIL, NAME).headers["Location"])
    change = visit(citizen, summary).select(".change")[1]
    [*_, form] = visit(citizen, str(change["href"])).select("form")

    onward = str(press(citizen, form, start=LATER).headers["Location"])

    assert onward.endswith("/summary") and onward != summary
    assert NAME in words_of(visit(citizen, onward))


def test_sending_off_twice_is_once(office: Office, citizen: FlaskClient, held: str) -> None:
    summary = str(fill_in(citizen, held).headers["Location"])
    [form] = parsed(citizen.get(summary)).select("main form")

    answers = [press(citizen, form) for _ in range(2)]

    assert [answer.headers["Location"] for answer in answers] == [held, held]
    asked = found(office, token_of(held))
    assert asked.state is PRECONFIRMED
    assert (asked.expires_at - office.clock()).total_seconds() == 3600  # type: ignore[operator]


def test_a_second_booking_of_an_address_looks_like_any_other(
    office: Office, citizen: FlaskClient
) -> None:
    send_off(citizen)
    summary = str(fill_in(citizen, hold(citizen, LATER), EMAIL.upper()).headers["Location"])
    [form] = parsed(citizen.get(summary)).select("main form")

    answer = press(citizen, form)

    assert answer.status_code == 303
    asked = found(office, token_of(summary))
    assert asked.state is PRECONFIRMED and not asked.confirmation_key


def test_when_the_time_is_over_the_calendar_opens_and_nothing_typed_is_lost(
    office: Office, citizen: FlaskClient, held: str
) -> None:
    [form] = parsed(citizen.get(held)).select("main form")
    office.clock.pass_time(minutes=16)

    answer = press(citizen, form, email=EMAIL, name=NAME)
    page = parsed(answer)

    assert answer.status_code == 410
    assert page.title is not None and page.title.get_text().startswith("Fehler: Uhrzeit wählen")
    assert "nicht mehr für Sie freigehalten" in words_of(page.select_one(".error-summary"))
    [*_, calendar] = page.select("form")
    assert fields_of(calendar)["email"] == [EMAIL]
    onward = press(citizen, calendar, start=LATER)
    assert str(onward.headers["Location"]).endswith("/summary")
    assert NAME in words_of(parsed(citizen.get(onward.headers["Location"])))


def test_what_was_typed_wrongly_comes_back_to_its_form(
    office: Office, citizen: FlaskClient, held: str
) -> None:
    [form] = parsed(citizen.get(held)).select("main form")
    office.clock.pass_time(minutes=16)
    [*_, calendar] = parsed(press(citizen, form, email="erika@", name=NAME)).select("form")

    answer = press(citizen, calendar, start=LATER)

    assert answer.status_code == 422 and typed(parsed(answer)) == ("erika@", NAME)


def test_a_summary_that_comes_too_late_keeps_what_was_typed(
    office: Office, citizen: FlaskClient, held: str
) -> None:
    summary = str(fill_in(citizen, held, EMAIL, NAME).headers["Location"])
    [form] = parsed(citizen.get(summary)).select("main form")
    office.clock.pass_time(minutes=16)

    answer = press(citizen, form)

    assert answer.status_code == 410
    [*_, calendar] = parsed(answer).select("form")
    assert fields_of(calendar)["name"] == [NAME]


def test_no_summary_without_an_address(office: Office, citizen: FlaskClient, held: str) -> None:
    assert citizen.get(f"{held}/summary").headers["Location"] == held
    answer = citizen.post(f"{held}/summary")

    assert answer.status_code == 422 and "Ihre E-Mail-Adresse an" in words_of(parsed(answer))
    assert key_of(office, token_of(held)) == ""


def test_the_form_cannot_be_filled_in_after_it_was_sent_off(
    office: Office, citizen: FlaskClient
) -> None:
    token = send_off(citizen)

    for path in ("details", "summary"):
        answer = citizen.post(f"/termin/{token}/{path}", data={"email": "other@example.org"})
        assert answer.headers["Location"] == f"/termin/{token}"
    with office.store.snapshot() as snapshot:
        assert people.of(snapshot, found(office, token).id).email == EMAIL


def test_the_address_of_a_refused_form_leads_back_to_it(citizen: FlaskClient, held: str) -> None:
    assert citizen.get(f"{held}/details").headers["Location"] == held
    assert citizen.get("/termin/reservation").headers["Location"] == "/termin"


def test_no_address_ever_stands_in_an_address(citizen: FlaskClient, held: str) -> None:
    summary = fill_in(citizen, held, EMAIL, NAME).headers["Location"]
    [form] = parsed(citizen.get(summary)).select("main form")
    waiting = press(citizen, form).headers["Location"]
    ignored = parsed(citizen.get(f"{held}?email=foreign@example.org&name=Foreign"))

    assert not re.search("erika|mustermann|%40|@", f"{held}{summary}{waiting}", re.IGNORECASE)
    assert "foreign" not in str(ignored.select_one("main"))


def test_leaving_the_form_gives_the_time_back(
    citizen: FlaskClient, visit: Visit, held: str
) -> None:
    fill_in(citizen, held)
    question = visit(citizen, f"{held}/cancellation")
    assert "Buchung abbrechen?" in words_of(question)

    [form] = question.select("main form")
    page = visit(citizen, str(press(citizen, form).headers["Location"]))

    assert "Buchung abgebrochen" in words_of(page.select_one("h1"))
    onward = page.select_one("a.button--primary")
    assert onward is not None
    assert onward["href"] == "/termin/times?site=rathaus&services=meldewesen"
