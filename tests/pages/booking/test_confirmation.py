"""Booking, the letter: waiting for it, asking again, and confirming by its link."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.actions import confirming
from queue_server.domain.appointment import CONFIRMED, PRECONFIRMED, Appointment
from queue_server.queries.cancellations import cancelled_by
from queue_server.store import journal
from tests.office import Office
from tests.pages.booked_days import rathaus
from tests.pages.booking_forms import (
    EMAIL,
    PHONE,
    confirm,
    found,
    hold,
    key_of,
    parsed,
    press,
    send_off,
    words_of,
)

Visit = Callable[..., BeautifulSoup]
ANEW = "/termin/times?site=rathaus&services=meldewesen"


@pytest.fixture
def token(citizen: FlaskClient) -> str:
    """A booking whose letter is on its way."""
    return send_off(citizen)


def link_of(office: Office, token: str) -> str:
    return f"/termin/{token}/confirmation?key={key_of(office, token)}"


def asked(office: Office, appointment: Appointment) -> int:
    with office.store.snapshot() as snapshot:
        return journal.count_of(snapshot, appointment.id, ("ConfirmationAsked",))


def test_the_page_says_where_the_letter_goes_and_until_when_the_time_is_held(
    citizen: FlaskClient, visit: Visit, token: str
) -> None:
    page = visit(citizen, f"/termin/{token}")

    said = words_of(page)
    for words in ("Bitte sehen Sie in Ihr Postfach", EMAIL, "Bis 09:00 Uhr halten wir",
                  "Sie wird gerade verschickt.", "Dienstag, 9. Juni, 10:00 Uhr"):  # fmt: skip
        assert words in said, words
    assert found_code(page) == ""


def found_code(page: BeautifulSoup) -> str:
    return words_of(code) if (code := page.select_one(".termincode__code")) else ""


@pytest.mark.parametrize(
    ("state", "trouble", "says"),
    [
        ("waiting", "", "Sie wird gerade verschickt."),
        ("waiting", "451 busy", "Der Versand dauert gerade länger."),
        ("sent", "", "Sie wurde um 08:00 Uhr verschickt."),
        ("refused", "550 unknown", "Sie kam nicht an."),
    ],
)
def test_the_page_says_what_became_of_the_letter(
    office: Office, citizen: FlaskClient, visit: Visit, token: str,
    state: str, trouble: str, says: str,
) -> None:  # fmt: skip
    with office.store.transaction() as tx:
        tx.write(
            """INSERT INTO letters (site, appointment, kind, cause, state, made_at, next_try_at,
                   trouble, ended_at)
               VALUES ('rathaus', :id, 'confirmation', 1, :state, :now, :now, :trouble, :ended)""",
            {
                "id": found(office, token).id,
                "state": state,
                "trouble": trouble,
                "now": int(office.clock().timestamp() * 1000),
                "ended": int(office.clock().timestamp() * 1000) if state != "waiting" else None,
            },
        )

    assert says in words_of(visit(citizen, f"/termin/{token}"))


def test_opening_the_link_changes_nothing_and_the_button_confirms(
    office: Office, citizen: FlaskClient, visit: Visit, token: str
) -> None:
    for _ in range(3):
        page = visit(citizen, link_of(office, token))
    assert found(office, token).state is PRECONFIRMED
    assert page.select_one("meta[name=robots][content=noindex]") is not None

    [form] = page.select("main form")
    page = visit(citizen, str(press(citizen, form).headers["Location"]))

    assert found(office, token).state is CONFIRMED
    assert "Ihr Termin ist bestätigt" in words_of(page)
    assert found_code(page) == found(office, token).code


def test_confirming_twice_is_said_kindly(
    office: Office, citizen: FlaskClient, visit: Visit, token: str
) -> None:
    [form] = visit(citizen, link_of(office, token)).select("main form")
    first, second = (press(citizen, form).headers["Location"] for _ in range(2))

    assert "Ihr Termin ist bestätigt" in words_of(visit(citizen, first))
    assert "Ihr Termin ist schon bestätigt" in words_of(visit(citizen, second))
    opened_again = citizen.get(link_of(office, token)).headers["Location"]
    assert "Ihr Termin ist schon bestätigt" in words_of(visit(citizen, opened_again))


def test_a_link_that_was_cut_short_confirms_nothing(
    office: Office, citizen: FlaskClient, visit: Visit, token: str
) -> None:
    link = link_of(office, token)

    for cut in (link[:-1], link.partition("?")[0], f"{link}x"):
        page = visit(citizen, cut, 403)
        assert "Dieser Link ist nicht vollständig" in words_of(page)
        assert page.select("main form") == []
    assert found(office, token).state is PRECONFIRMED


def test_a_wrong_key_confirms_nothing_and_guessing_is_slowed_down(
    office: Office, citizen: FlaskClient, token: str
) -> None:
    answers = [
        citizen.post(f"/termin/{token}/confirmation", data={"key": f"{n:022d}"}) for n in range(22)
    ]

    assert {answer.status_code for answer in answers[:20]} == {403}
    assert answers[-1].status_code == 429
    assert found(office, token).state is PRECONFIRMED


def test_after_the_link_has_expired_the_way_leads_to_a_new_time(
    office: Office, citizen: FlaskClient, visit: Visit, token: str
) -> None:
    [form] = visit(citizen, link := link_of(office, token)).select("main form")
    office.clock.pass_time(minutes=60)

    answer = press(citizen, form)

    assert answer.status_code == 410
    page = parsed(answer)
    assert page.title is not None and page.title.get_text().startswith("Fehler: ")
    assert page.select_one(f"a[href='{ANEW}']") is not None
    confirming.expire(office.store, rathaus(office), now=office.clock())
    page = visit(citizen, str(citizen.get(link).headers["Location"]))
    assert "Frist abgelaufen" in words_of(page.select_one("h1"))
    assert page.select_one(f"a[href='{ANEW}']") is not None and EMAIL not in str(page)
    visit(citizen, ANEW)


def test_the_link_holds_until_its_last_second(
    office: Office, citizen: FlaskClient, token: str
) -> None:
    office.clock.pass_time(minutes=59, seconds=59)

    confirm(office, citizen, token)

    assert found(office, token).state is CONFIRMED


def test_a_cancelled_booking_is_not_confirmed(
    office: Office, citizen: FlaskClient, visit: Visit, token: str
) -> None:
    [form] = visit(citizen, link_of(office, token)).select("main form")
    citizen.post(f"/termin/{token}/cancellation")

    answer = press(citizen, form)

    assert answer.status_code == 410
    assert parsed(answer).select_one(f"a[href='{ANEW}']") is not None


def test_the_letter_may_be_asked_for_three_times_in_all(
    office: Office, citizen: FlaskClient, visit: Visit, token: str
) -> None:
    said = []
    for _ in range(3):
        answer = citizen.post(f"/termin/{token}/letter")
        said.append(words_of(visit(citizen, str(answer.headers["Location"]))))

    assert ["Sie bekommen die E-Mail gleich noch einmal" in each for each in said] == [
        True, True, False,
    ]  # fmt: skip
    assert "schon dreimal angefordert" in said[-1] and PHONE in said[-1]
    assert asked(office, found(office, token)) == 2
    page = visit(citizen, f"/termin/{token}")
    assert page.select_one("form[action$=letter]") is None
    assert "schon dreimal angefordert" in words_of(page)


def test_asking_again_does_not_hold_the_time_longer(
    office: Office, citizen: FlaskClient, visit: Visit, token: str
) -> None:
    office.clock.pass_time(minutes=30)
    citizen.post(f"/termin/{token}/letter")

    assert "Bis 09:00 Uhr halten wir" in words_of(visit(citizen, f"/termin/{token}"))


def test_a_letter_is_not_asked_for_before_or_after(
    office: Office, citizen: FlaskClient, token: str
) -> None:
    held = hold(citizen, "2026-06-09T15:00:00+02:00")
    assert citizen.post(f"{held}/letter").headers["Location"] == held
    confirm(office, citizen, token)

    assert citizen.post(f"/termin/{token}/letter").headers["Location"] == f"/termin/{token}"
    assert asked(office, found(office, token)) == 0


def test_a_wrong_address_is_put_right_by_beginning_again(
    citizen: FlaskClient, visit: Visit, token: str
) -> None:
    page = visit(citizen, f"/termin/{token}")
    link = page.find("a", string=lambda text: bool(text) and "Adresse falsch" in text)
    question = visit(citizen, str(link["href"]))  # type: ignore[index]

    [form] = question.select("main form")
    page = visit(citizen, str(press(citizen, form).headers["Location"]))

    assert "Buchung abgebrochen" in words_of(page)
    assert page.select_one(f"a[href='{ANEW}']") is not None


@pytest.mark.parametrize("path", ["/confirmation", "/summary", "/letter", "/details"])
def test_an_unknown_token_is_a_friendly_page(citizen: FlaskClient, visit: Visit, path: str) -> None:
    address = f"/termin/so-etwas-gibt-es-nicht{path}"

    if path != "/letter":
        visit(citizen, address, 404)
    assert citizen.post(address).status_code == 404


def test_who_cancelled_is_known_only_of_what_was_cancelled(
    office: Office, citizen: FlaskClient, token: str
) -> None:
    appointment = found(office, token).id
    with office.store.snapshot() as snapshot:
        assert cancelled_by(snapshot, appointment) == ""
    citizen.post(f"/termin/{token}/cancellation")

    with office.store.snapshot() as snapshot:
        assert cancelled_by(snapshot, appointment) == "holder"
