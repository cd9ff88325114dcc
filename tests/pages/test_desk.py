"""The desk page: who may see it, what it shows, and a whole working day by plain forms."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup

from queue_server.actions import housekeeping
from queue_server.domain.ticket import TicketState
from queue_server.store import identities
from tests.office import Office
from tests.pages.desk_forms import alert, draw, panel, press, state_of

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


def test_the_script_is_led_to_the_sign_in_too(office: Office) -> None:
    answer = office.visitor().get("/desk/person", headers={"X-Aufruf-Part": "1"})

    assert answer.location == "/login?next=/desk"


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
    assert page.select_one(".person")["data-signature"] == "1.called.1.meldewesen...false"


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


@pytest.mark.parametrize("id", [str(2**63 - 1), str(2**63), "9" * 400, "1" + "0" * 18, "٣", "-1"])
def test_an_id_that_no_database_could_hold_is_not_found(office: Office, id: str) -> None:
    aylin = office.signed_in("Aylin", "schalter-1")

    for path in ("tickets", "appointments"):
        assert aylin.get(f"/desk/{path}/{id}").status_code == 404
        assert aylin.post(f"/desk/{path}/{id}/cancellation", data={}).status_code == 404
    called = aylin.post("/desk/calls", data={"counter": "schalter-1", "ticket": id})
    assert called.status_code in (404, 422)
