"""With the person at the counter: a whole day by plain forms, and every refusal a sentence."""

from __future__ import annotations

from collections.abc import Callable

from bs4 import BeautifulSoup

from queue_server.domain.ticket import TicketState
from tests.office import Office
from tests.pages.desk_forms import alert, draw, panel, press, said, state_of

Visit = Callable[..., BeautifulSoup]


def test_a_person_is_called_arrives_and_is_finished(office: Office, visit: Visit) -> None:
    client = office.clerk("Aylin", "schalter-1")
    draw(office, "ausweise")
    office.clock.pass_time(minutes=12)

    press(client, "calls", counter="schalter-1")
    called = visit(client, "/desk").select_one("[data-part=person]").get_text(" ", strip=True)
    press(client, "arrival", counter="schalter-1")
    served = visit(client, "/desk").select_one("[data-part=person]").get_text(" ", strip=True)
    done = press(client, "completion", counter="schalter-1")

    for words in ("A 001", "1. Aufruf", "Personalausweis beantragen", "Wartet 12 min",
                  "46,00 €", "Digitales Passfoto", "ohne Termin"):  # fmt: skip
        assert words in called
    assert "in Bearbeitung" in served and "Bearbeitung abschließen" in served
    assert said(done) == "A 001 ist abgeschlossen."
    assert state_of(office, 1) is TicketState.SERVED


def test_nobody_waiting_is_said(office: Office, visit: Visit) -> None:
    answer = press(office.clerk("Aylin", "schalter-1"), "calls", counter="schalter-1")

    assert said(answer) == "Gerade wartet niemand auf Ihre Anliegen."


def test_a_second_press_shows_the_present_person_and_calls_nobody(office: Office) -> None:
    client = office.clerk("Aylin", "schalter-1")
    draw(office, "meldewesen", times=2)
    press(client, "calls", counter="schalter-1")

    again = client.post("/desk/calls", data={"counter": "schalter-1"})

    assert again.status_code == 409
    assert alert(again).startswith("Am Schalter ist noch M 001.")
    assert "M 001" in BeautifulSoup(again.text, "html.parser").select_one(".person").get_text()
    assert state_of(office, 2) is TicketState.WAITING


def test_no_show_is_offered_after_the_configured_calls_and_can_be_undone(office: Office) -> None:
    client = office.clerk("Aylin", "schalter-1")
    draw(office, "meldewesen")
    press(client, "calls", counter="schalter-1")
    early = panel(client).select_one("form[action='/desk/no-show'] button")
    recalled = press(client, "recall", counter="schalter-1")
    late = panel(client).select_one("form[action='/desk/no-show'] button")
    missed = press(client, "no-show", counter="schalter-1")
    undone = press(client, "no-show/undo", counter="schalter-1", ticket="1")

    assert early.has_attr("disabled") and "ab 2. Aufruf" in early.get_text()
    assert not late.has_attr("disabled")
    assert said(recalled) == "M 001 ist noch einmal aufgerufen."
    assert said(missed) == "M 001 ist nicht erschienen."
    assert missed.select_one("form[action='/desk/no-show/undo']") is not None
    assert undone.select_one(".person__number").get_text() == "M 001"
    assert state_of(office, 1) is TicketState.CALLED


def test_the_undo_of_a_no_show_is_not_offered_when_there_is_nothing_to_undo(
    office: Office,
) -> None:
    client = office.clerk("Aylin", "schalter-1")
    draw(office, "meldewesen")

    page = BeautifulSoup(client.get("/desk?said=missed&ticket=1").text, "html.parser")

    assert page.select_one("form[action='/desk/no-show/undo']") is None


def test_undoing_a_no_show_while_busy_lets_the_person_wait_on(office: Office) -> None:
    client = office.clerk("Aylin", "schalter-1")
    draw(office, "meldewesen", times=2)
    press(client, "calls", counter="schalter-1")
    press(client, "no-show", counter="schalter-1")
    press(client, "calls", counter="schalter-1")

    answer = press(client, "no-show/undo", counter="schalter-1", ticket="1")

    assert said(answer) == "M 001 wartet wieder, am alten Platz."
    assert answer.select_one(".person__number").get_text() == "M 002"


def test_a_parked_person_is_resumed(office: Office) -> None:
    client = office.clerk("Aylin", "schalter-1")
    draw(office, "meldewesen")
    press(client, "calls", counter="schalter-1")

    parked = press(client, "parking", counter="schalter-1")
    row = parked.select_one("[data-list=parked] [data-row='1']")
    resumed = press(client, "tickets/1/resumption")

    assert said(parked) == "M 001 ist geparkt." and row is not None
    assert said(resumed).startswith("M 001 wartet wieder")
    assert resumed.select_one("[data-list=parked] [data-row='1']") is None


def test_a_wrong_call_is_taken_back(office: Office) -> None:
    client = office.clerk("Aylin", "schalter-1")
    draw(office, "meldewesen")
    press(client, "calls", counter="schalter-1")

    answer = press(client, "release", counter="schalter-1")

    assert said(answer) == "Aufruf zurückgenommen: M 001 wartet weiter."
    assert state_of(office, 1) is TicketState.WAITING


def test_a_chosen_person_is_called(office: Office) -> None:
    client = office.clerk("Aylin", "schalter-1")
    draw(office, "meldewesen", times=3)

    page = press(client, "calls", counter="schalter-1", ticket="3")

    assert page.select_one(".person__number").get_text() == "M 003"
    assert "Von Ihnen ausgewählt" in page.select_one(".person__reason").get_text()


def test_handing_on_keeps_the_number_and_names_only_open_counters(
    office: Office, visit: Visit
) -> None:
    office.clerk("Bernd", "schalter-2")
    client = office.clerk("Aylin", "schalter-1")
    draw(office, "meldewesen")
    press(client, "calls", counter="schalter-1")

    page = visit(client, "/desk/transfer")
    nothing = client.post("/desk/transfer", data={"counter": "schalter-1"})
    done = press(client, "transfer", counter="schalter-1", services="ausweise", to="schalter-2")

    assert [one["value"] for one in page.select("#transfer-to option")] == ["", "schalter-2"]
    assert nothing.status_code == 422
    assert "Wählen Sie ein Anliegen oder einen Schalter." in nothing.text
    assert said(done) == "M 001 ist weitergeleitet."
    row = done.select_one("[data-waiting] [data-row='1']").get_text(" ", strip=True)
    assert "Personalausweis beantragen" in row and "nur Schalter 2" in " ".join(row.split())


def test_missing_documents_are_chosen_from_the_catalogue_alone(
    office: Office, visit: Visit
) -> None:
    client = office.clerk("Aylin", "schalter-1")
    draw(office, "ausweise")
    press(client, "calls", counter="schalter-1")
    press(client, "arrival", counter="schalter-1")

    page = visit(client, "/desk/completion")
    done = press(
        client, "completion", counter="schalter-1", outcome="documents_missing",
        missing=["Alter Ausweis", "Herr Meier war unfreundlich"],
    )  # fmt: skip

    assert [one["value"] for one in page.select("[name=missing]")] == [
        "Alter Ausweis", "Digitales Passfoto", "Sonstiges",
    ]  # fmt: skip
    assert said(done) == "A 001 ist abgeschlossen: Unterlagen fehlen."
    with office.store.snapshot() as snapshot:
        data = snapshot.row("SELECT data FROM journal ORDER BY seq DESC LIMIT 1")["data"]
    assert "Alter Ausweis" in data and "Meier" not in data


def test_services_are_added_and_taken_away_during_the_visit(office: Office, visit: Visit) -> None:
    client = office.clerk("Aylin", "schalter-1")
    draw(office, "meldewesen")
    press(client, "calls", counter="schalter-1")

    visit(client, "/desk/tickets/1")
    added = press(client, "tickets/1/services", services=["meldewesen", "", "kfz"])
    none = client.post("/desk/tickets/1/services", data={"services": [""]})

    concern = added.select_one(".person__concern").get_text()
    assert concern == "Wohnsitz anmelden + Bewohnerparkausweis"
    assert none.status_code == 422
    assert "mindestens ein Anliegen" in none.text


def test_a_side_page_about_nobody_says_so(office: Office) -> None:
    client = office.clerk("Aylin", "schalter-1")

    answers = [client.get(f"/desk/{page}") for page in ("transfer", "completion")]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert all("gerade niemand aufgerufen" in answer.text for answer in answers)


def test_closing_the_counter_waits_until_the_person_is_done(office: Office) -> None:
    client = office.clerk("Aylin", "schalter-1")
    draw(office, "meldewesen")
    press(client, "calls", counter="schalter-1")

    refused = client.post("/desk/counter/closing", data={"counter": "schalter-1"})
    press(client, "completion", counter="schalter-1")
    closed = press(client, "counter/closing", counter="schalter-1")

    assert alert(refused).startswith("Am Schalter ist noch M 001.")
    assert said(closed) == "Ihr Schalter ist geschlossen."
    assert closed.select_one(".opening") is not None


def test_a_counter_closed_in_another_tab_is_said(office: Office) -> None:
    client = office.clerk("Aylin")

    answer = client.post("/desk/calls", data={"counter": "schalter-1"})

    assert alert(answer) == "Schalter 1 ist nicht von Ihnen geöffnet."
