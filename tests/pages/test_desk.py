"""The desk page: who may see it, what it shows, and a whole working day by plain forms."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup

from queue_server.actions import housekeeping
from queue_server.domain.ticket import TicketState
from queue_server.store import identities
from tests.office import Office
from tests.pages.desk_forms import alert, draw, panel, press, said, state_of

Visit = Callable[..., BeautifulSoup]
SIDE_PAGES = (
    "counter",
    "keys",
    "tickets/new",
    "appointments",
    "appointments/new",
)


def test_whoever_is_signed_out_signs_in_first_and_comes_back(office: Office) -> None:
    answer = office.visitor().get("/desk")

    assert (answer.status_code, answer.location) == (303, "/login?next=/desk")


@pytest.mark.parametrize("path", ["/desk/calls", "/desk/tickets", "/desk/tickets/1/cancellation"])
def test_a_form_sent_after_the_session_has_ended_leads_to_the_sign_in(
    office: Office, path: str
) -> None:
    answer = office.visitor().post(path, data={"counter": "schalter-1"})

    assert (answer.status_code, answer.location) == (303, "/login?next=/desk")


def test_the_script_is_told_that_the_session_has_ended(office: Office) -> None:
    answer = office.visitor().get("/desk/person", headers={"X-Aufruf-Part": "1"})

    assert answer.status_code == 401


@pytest.mark.parametrize("name", ["Aylin", "Lea", "Clara"])
def test_every_clerk_has_the_desk_of_their_own_site(
    office: Office, visit: Visit, name: str
) -> None:
    page = visit(office.clerk(name), "/desk")

    place = {"Clara": "Bürgerbüro Nordend"}.get(name, "Rathaus")
    assert f"{place} · {name}" in page.get_text()
    assert page.select_one("h1").get_text() == "Arbeitsplatz"


def test_before_work_the_desk_asks_for_the_counter_and_shows_who_sits_where(
    office: Office, visit: Visit
) -> None:
    office.clerk("Bernd", "schalter-2")

    page = visit(office.clerk("Aylin"), "/desk")

    places = {one["value"]: one.has_attr("disabled") for one in page.select("[name=counter]")}
    assert places == {"schalter-1": False, "schalter-2": True, "schalter-3": False}
    assert "Bernd" in page.select_one("label[for=counter-schalter-2]").get_text()


def test_a_counter_is_opened_for_all_its_services_or_for_some(office: Office) -> None:
    client = office.clerk("Aylin")

    press(client, "counter", counter="schalter-1", serve=["kfz"])

    queue = client.get("/api/v1/sites/rathaus/queue").json
    assert queue["counters"][0]["services"] == ["kfz"]
    assert panel(client).select_one("h2").get_text() == "Schalter 1"


def test_a_colleagues_counter_is_refused_in_a_sentence(office: Office) -> None:
    office.clerk("Bernd", "schalter-2")

    answer = office.clerk("Aylin").post("/desk/counter", data={"counter": "schalter-2"})

    assert answer.status_code == 409
    assert alert(answer) == "Schalter 2 ist von Bernd geöffnet."


def test_another_sites_counter_and_ticket_are_unknown_here(office: Office) -> None:
    draw(office, "meldewesen")
    clara = office.clerk("Clara", "nordend-1")

    for path in ("tickets/1/cancellation", "tickets/1/resumption", "tickets/1/precedence"):
        answer = clara.post(f"/desk/{path}", data={"reason": "mobility"})
        assert (answer.status_code, alert(answer)) == (404, "Das gibt es hier nicht."), path
    called = clara.post("/desk/calls", data={"counter": "schalter-1"})
    chosen = clara.post("/desk/calls", data={"counter": "nordend-1", "ticket": "1"})
    assert (called.status_code, chosen.status_code) == (404, 404)
    assert clara.get("/desk/tickets/1").status_code == 404
    assert "M 001" not in clara.get("/desk").text
    assert state_of(office, 1) is TicketState.WAITING


# -- a day by plain forms --------------------------------------------------------------------


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
    assert "Ausgewählt" in page.select_one(".person__reason").get_text()


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


# -- looking ---------------------------------------------------------------------------------


def test_the_queue_stands_in_calling_order_with_the_reason(office: Office, visit: Visit) -> None:
    client = office.clerk("Aylin", "schalter-1")
    draw(office, "meldewesen", times=2)
    client.post("/desk/tickets/2/precedence", data={"reason": "small_child"})
    office.clock.pass_time(minutes=7)

    rows = visit(client, "/desk").select("[data-waiting] tbody tr")

    assert [row.th.get_text() for row in rows] == ["M 002", "M 001"]
    assert "Vorrang: Kleines Kind dabei" in rows[0].get_text()
    assert "nach Ankunft" in rows[1].get_text()
    assert [row.select_one("[data-field=minutes]").get_text() for row in rows] == ["7", "7"]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("show=mine", ["A 001"]),
        ("show=walk_in", ["M 001", "A 001"]),
        ("show=booked", []),
        ("number=m0", ["M 001"]),
        ("show=nonsense&number=999", []),
    ],
)
def test_the_queue_is_filtered_without_script(
    office: Office, visit: Visit, query: str, numbers: list[str]
) -> None:
    client = office.clerk("Bernd", "schalter-2")
    draw(office, "meldewesen")
    draw(office, "ausweise")

    page = visit(client, f"/desk?{query}")

    shown = [row.th.get_text() for row in page.select("[data-waiting] tbody tr")]
    assert shown == numbers
    assert page.select_one("[data-empty=filtered]").has_attr("hidden") is bool(numbers)


def test_the_day_is_counted(office: Office) -> None:
    client = office.clerk("Aylin", "schalter-1")
    draw(office, "meldewesen", times=2)
    press(client, "calls", counter="schalter-1")
    press(client, "completion", counter="schalter-1")

    page = BeautifulSoup(client.get("/desk/today").text, "html.parser")

    counts = {row.dt.get_text(): row.dd.get_text() for row in page.select(".today__counts > div")}
    assert counts["ausgegeben"] == "2"
    assert counts["aufgerufen"] == counts["fertig"] == "1"


def test_a_display_that_may_not_sound_is_told_to_the_desk(office: Office, visit: Visit) -> None:
    office.device("display", "wand")
    with office.store.snapshot() as snapshot:
        device = identities.devices(snapshot, "rathaus")[0]

    housekeeping.report_display(office.store, device, "blocked", now=office.clock())
    loud = visit(office.clerk("Aylin"), "/desk").select_one(".today__silent")
    housekeeping.report_display(office.store, device, "running", now=office.clock())
    quiet = visit(office.clerk("Aylin"), "/desk").select_one(".today__silent")

    assert "Wartebereich" in loud.get_text()
    assert quiet is None


@pytest.mark.parametrize("path", SIDE_PAGES)
def test_every_side_page_is_a_page_and_a_part(office: Office, visit: Visit, path: str) -> None:
    client = office.clerk("Aylin", "schalter-1")

    visit(client, f"/desk/{path}")
    part = client.get(f"/desk/{path}", headers={"X-Aufruf-Part": "1"})

    assert BeautifulSoup(part.text, "html.parser").select_one("[data-part=pane] h2#pane-title")
    assert "<html" not in part.text


def test_the_script_gets_only_what_changed(office: Office) -> None:
    client = office.clerk("Aylin", "schalter-1")
    draw(office, "meldewesen")

    answer = client.post(
        "/desk/calls", data={"counter": "schalter-1"}, headers={"X-Aufruf-Part": "1"}
    )

    page = BeautifulSoup(answer.text, "html.parser")
    assert [part["data-part"] for part in page.select("[data-part]")] == ["said", "person"]
    assert page.select_one(".person")["data-signature"] == "1.called.1.meldewesen."


def test_every_key_presses_one_thing_and_stands_in_the_list(office: Office, visit: Visit) -> None:
    client = office.clerk("Aylin", "schalter-1")
    draw(office, "meldewesen")
    states = [visit(client, "/desk")]
    for verb in ("calls", "recall", "no-show"):
        states.append(press(client, verb, counter="schalter-1"))
    press(client, "calls", counter="schalter-1", ticket="1")
    states.append(press(client, "arrival", counter="schalter-1"))
    listed = {kbd.get_text().lower() for kbd in visit(client, "/desk/keys").select("dt kbd")}

    pressed = set()
    for page in states:
        keys = [one["data-key"] for one in page.select("[data-key]")]
        assert len(keys) == len(set(keys)), keys
        assert all(one.has_attr("aria-keyshortcuts") for one in page.select("[data-key]"))
        pressed |= set(keys)
    assert pressed <= listed


def test_get_changes_nothing(office: Office) -> None:
    client = office.clerk("Aylin", "schalter-1")

    for path in ("calls", "recall", "arrival", "parking", "release", "counter/closing"):
        assert client.get(f"/desk/{path}").status_code == 405, path


def test_an_unreadable_number_in_a_form_is_refused_in_a_sentence(office: Office) -> None:
    client = office.clerk("Aylin", "schalter-1")

    answer = client.post("/desk/calls", data={"counter": "schalter-1", "ticket": "9" * 30})

    assert (answer.status_code, alert(answer)) == (422, "Bitte prüfen Sie Ihre Angaben.")
