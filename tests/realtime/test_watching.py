"""Who may watch what, what the acknowledgement holds, and how nonsense is answered."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from queue_server.actions import staff
from queue_server.realtime import messages
from queue_server.serving_app import _refresh
from queue_server.settings import VERSION
from tests.office import PASSWORD, Office
from tests.realtime.conftest import API, DRAW, Dial, Line

NONSENSE: tuple[Any, ...] = (
    None, 1, "rathaus", [], ["rathaus"], {}, {"site": 1}, {"site": None}, {"site": ["rathaus"]},
    {"site": "\ud800"}, {"token": "\ud800"}, {"token": {}}, {"site": "x" * 100_000},
)  # fmt: skip


def test_watching_the_board_answers_with_the_same_board_as_the_api(
    office: Office, aylin: FlaskClient, dial: Dial
) -> None:
    aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW)
    aylin.post(f"{API}/counters/schalter-1/calls", json={})

    board = dial(office.visitor()).ask("watch_board", {"site": "rathaus", "display": "wand"})

    assert board == office.visitor().get(f"{API}/sites/rathaus/board").json


def test_watching_the_queue_answers_with_the_same_queue_as_the_api(
    aylin: FlaskClient, dial: Dial
) -> None:
    aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW)

    queue = dial(aylin).ask("watch_queue", {"site": "rathaus"})

    assert queue == aylin.get(f"{API}/sites/rathaus/queue").json


def test_watching_a_ticket_answers_with_the_ticket_and_the_version(
    office: Office, aylin: FlaskClient, dial: Dial
) -> None:
    token = aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW).json["token"]

    ticket = dial(office.visitor()).ask("watch_ticket", {"token": token})

    version = office.visitor().get(f"{API}/sites/rathaus/board").json["version"]
    same = office.visitor().get(f"{API}/tickets/{token}").json
    assert ticket == {**same, "version": version}


def test_the_queue_is_for_clerks_of_that_site_only(
    office: Office, aylin: FlaskClient, dial: Dial
) -> None:
    strangers = {
        "not_signed_in": [office.visitor(), office.kiosk(), office.device("display", "wand")],
        "not_allowed": [office.signed_in("Clara")],
    }
    for code, clients in strangers.items():
        lines = [dial(client) for client in clients]
        acks = [line.ask("watch_queue", {"site": "rathaus"}) for line in lines]
        assert acks == [{"error": code}] * len(lines)

        aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW)
        assert [line.heard() for line in lines] == [[]] * len(lines)


def test_the_outsider_sees_her_own_site(office: Office, dial: Dial) -> None:
    queue = dial(office.signed_in("Clara")).ask("watch_queue", {"site": "nordend"})

    assert queue["site"] == "nordend"


def test_a_wrong_token_watches_nothing(office: Office, aylin: FlaskClient, dial: Dial) -> None:
    line = dial(office.visitor())

    assert line.ask("watch_ticket", {"token": "guess"}) == {"error": "not_found"}
    aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW)
    assert line.heard() == []


@pytest.mark.parametrize(
    "word", [messages.WATCH_BOARD, messages.WATCH_QUEUE, messages.WATCH_TICKET]
)
def test_nonsense_gets_an_error_code_and_joins_nothing(
    office: Office, aylin: FlaskClient, dial: Dial, word: str
) -> None:
    line = dial(aylin)

    acks = [line.ask(word, body) for body in NONSENSE]

    assert {frozenset(ack) for ack in acks} == {frozenset({"error"})}
    assert {ack["error"] for ack in acks} <= {"bad_request", "not_found"}
    aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW)
    assert line.heard() == []


@pytest.mark.parametrize(
    ("display", "said"), [("gibtsnicht", "not_found"), (5, "bad_request"), ("eingang", "not_found")]
)
def test_a_wall_that_does_not_exist_watches_nothing(
    office: Office, aylin: FlaskClient, dial: Dial, display: object, said: str
) -> None:
    line = dial(office.visitor())

    assert line.ask("watch_board", {"site": "rathaus", "display": display}) == {"error": said}
    aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW)
    assert line.heard() == []


def test_a_wall_may_show_the_board_of_another_site(wall: Line) -> None:
    assert wall.ask("watch_board", {"site": "nordend", "display": "wand"})["site"] == "nordend"


def test_a_watch_without_or_with_too_many_arguments_does_no_harm(wall: Line) -> None:
    assert wall.ask("watch_board") == {"error": "bad_request"}
    assert wall.ask("watch_board", {"site": "rathaus"}, 1, 2)["site"] == "rathaus"


def test_an_unknown_word_is_noted_once_and_otherwise_ignored(
    wall: Line, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        assert wall.ask("delete_everything", {"token": "secret"}) == {"error": "unknown_message"}

    assert len(caplog.records) == 1 and "secret" not in caplog.text
    assert wall.is_up() and wall.heard() == []


@pytest.mark.parametrize("words", [("*",), ("*", "a-socket-of-somebody-else")])
def test_the_word_for_all_words_is_an_unknown_word_too(wall: Line, words: tuple[str, ...]) -> None:
    assert wall.ask(*words) == {"error": "unknown_message"}

    assert wall.is_up()


def test_a_beat_tells_the_time(wall: Line, office: Office) -> None:
    ((name, at),) = wall.ask("beat").items()

    assert name == "at" and datetime.fromisoformat(at) == office.clock()


def test_signing_out_hangs_up_the_desk_and_leaves_the_wall(
    office: Office, aylin: FlaskClient, dial: Dial, wall: Line
) -> None:
    desk = dial(aylin)
    desk.ask("watch_queue", {"site": "rathaus"})

    aylin.post("/logout", json={})

    assert not desk.is_up()
    assert wall.is_up()


def test_signing_in_anew_hangs_up_what_the_old_session_watched(
    office: Office, aylin: FlaskClient, dial: Dial, wall: Line
) -> None:
    desk = dial(aylin)
    desk.ask("watch_queue", {"site": "rathaus"})

    assert aylin.post("/login", json={"username": "Lea", "password": PASSWORD}).status_code == 200

    assert not desk.is_up()
    assert wall.is_up()


def test_signing_out_leaves_other_sign_ins_alone(office: Office, dial: Dial) -> None:
    first, second = office.signed_in("Aylin"), office.signed_in("Aylin")
    lines = [dial(client) for client in (first, second)]
    for line in lines:
        line.ask("watch_queue", {"site": "rathaus"})

    first.post("/logout", json={})

    assert [line.is_up() for line in lines] == [False, True]


@pytest.mark.parametrize("how", ["removed", "password", "gone"])
def test_a_session_that_ended_elsewhere_is_hung_up_by_the_housekeeper(
    office: Office, aylin: FlaskClient, dial: Dial, how: str
) -> None:
    desk = dial(aylin)
    desk.ask("watch_queue", {"site": "rathaus"})
    _refresh(office.app)
    assert desk.is_up()

    if how == "removed":
        staff.remove_clerk(office.store, "Aylin", now=office.clock())
    elif how == "password":
        staff.set_password(office.store, "Aylin", "$argon2id$other", now=office.clock())
    else:
        office.clock.pass_time(hours=15)
    _refresh(office.app)

    assert not desk.is_up()


def test_only_a_paired_display_may_report_its_sound(office: Office, dial: Dial) -> None:
    display = dial(office.device("display", "wand"))
    others = [dial(office.visitor()), dial(office.kiosk()), dial(office.signed_in("Aylin"))]

    assert display.ask("report_display", {"sound": "blocked"}).keys() == {"at"}
    acks = [line.ask("report_display", {"sound": "blocked"}) for line in others]
    assert acks == [{"error": "not_signed_in"}, {"error": "not_found"}, {"error": "not_signed_in"}]


def test_a_display_tells_which_page_it_shows_and_an_old_page_tells_nothing(
    office: Office, dial: Dial
) -> None:
    display, versions = (
        dial(office.device("display", "wand")),
        office.app.extensions["aufruf"].display_versions,
    )

    for body, said in (({"version": "0.1"}, "Version 0.1"), ({}, "ältere Version")):
        assert display.ask("report_display", body).keys() == {"at"}
        found = versions.of("wand")
        assert found is not None and (found.words, found.is_old) == (said, True)
    assert display.ask("report_display", {"version": "9" * 41}) == {"error": "bad_request"}
    assert display.ask("report_display", {"version": 4}) == {"error": "bad_request"}


@pytest.mark.parametrize("sound", [1, [], {}, "loud", "\ud800"])
def test_a_sound_that_does_not_exist_is_refused(office: Office, dial: Dial, sound: object) -> None:
    display = dial(office.device("display", "wand"))

    assert display.ask("report_display", {"sound": sound}) == {"error": "bad_request"}


def test_a_revoked_display_reports_nothing_any_more(office: Office, dial: Dial) -> None:
    display = dial(office.device("display", "wand"))
    staff.revoke_devices(office.store, "wand", now=office.clock())

    assert display.ask("report_display", {"sound": "off"}) == {"error": "not_signed_in"}


# -- kiosks ---------------------------------------------------------------------------------------


def test_a_kiosk_reports_itself_and_hears_the_version_of_the_server(
    office: Office, dial: Dial
) -> None:
    report = {"version": "0.3", "camera": "ready"}
    kiosk, wall = dial(office.kiosk()), dial(office.device("display", "wand"))

    assert kiosk.ask("report_kiosk", report)["version"] == VERSION
    assert wall.ask("report_kiosk", report) == {"error": "not_signed_in"}
    assert dial(office.visitor()).ask("report_kiosk", report) == {"error": "not_signed_in"}


@pytest.mark.parametrize(
    "body", [{}, {"version": "0.4", "camera": "nice"}, {"version": "9" * 41, "camera": "off"}]
)
def test_a_kiosk_that_says_something_else_is_refused(
    office: Office, dial: Dial, body: dict
) -> None:
    assert dial(office.kiosk()).ask("report_kiosk", body) == {"error": "bad_request"}
