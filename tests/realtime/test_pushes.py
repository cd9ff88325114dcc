"""What is pushed after a commit: whole states with a version, to those who may see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from queue_server.domain.errors import Refused, StorageFailed
from queue_server.realtime import hub
from queue_server.store import journal
from queue_server.web import forecaster
from tests.office import Office
from tests.realtime.conftest import API, DRAW, Dial, Line

HERE = f"{API}/counters/schalter-1"


def draw(client: FlaskClient) -> dict[str, Any]:
    ticket: dict[str, Any] = client.post(f"{API}/sites/rathaus/tickets", json=DRAW).json
    return ticket


def version(office: Office) -> int:
    with office.store.snapshot() as snapshot:
        return journal.version(snapshot, "rathaus")


def test_every_commit_pushes_the_whole_board_with_its_version(
    office: Office, aylin: FlaskClient, wall: Line
) -> None:
    draw(aylin)
    (drawn,) = wall.heard("board")
    aylin.post(f"{HERE}/calls", json={})
    (called,) = wall.heard("board")

    assert drawn["next"] == ["M 001"] and drawn["calls"] == []
    assert [call["number"] for call in called["calls"]] == ["M 001"]
    assert drawn["version"] < called["version"] == version(office)
    assert called == office.visitor().get(f"{API}/sites/rathaus/board").json


def test_every_kind_of_push_carries_the_version(
    office: Office, aylin: FlaskClient, dial: Dial, wall: Line
) -> None:
    token = draw(aylin)["token"]
    desk, phone = dial(aylin), dial(office.visitor())
    desk.ask("watch_queue", {"site": "rathaus"})
    phone.ask("watch_ticket", {"token": token})
    for line in (wall, desk, phone):
        line.heard()

    aylin.post(f"{HERE}/calls", json={})

    pushed = [*wall.heard(), *desk.heard(), *phone.heard()]
    assert len(pushed) == 4
    assert {message["version"] for message in pushed} == {version(office)}


def test_walls_are_sent_first_and_the_crowd_of_phones_last(
    office: Office, aylin: FlaskClient, dial: Dial
) -> None:
    token = draw(aylin)["token"]
    everything = dial(aylin)
    everything.ask("watch_ticket", {"token": token})
    everything.ask("watch_queue", {"site": "rathaus"})
    everything.ask("watch_board", {"site": "rathaus"})
    everything.heard()

    aylin.post(f"{HERE}/calls", json={})

    words = everything.words()
    assert sorted(words) == ["board", "place", "queue", "ticket"]
    assert words[0] == "board" and words[-1] == "place"


def test_a_refused_number_is_kept_and_pushes_nothing(
    office: Office, aylin: FlaskClient, wall: Line
) -> None:
    stop = {"mode": "stopped", "reason": "Wasserschaden"}
    aylin.put(f"{API}/sites/rathaus/stops/{DRAW['services'][0]}", json=stop)
    before, _ = version(office), wall.heard()

    assert aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW).status_code == 409

    assert version(office) == before + 1
    assert wall.heard() == []


def test_a_refused_verb_pushes_nothing(aylin: FlaskClient, wall: Line) -> None:
    assert aylin.post(f"{HERE}/recall", json={}).status_code == 409

    assert wall.heard() == []


def test_a_rolled_back_verb_pushes_nothing(office: Office, aylin: FlaskClient, wall: Line) -> None:
    draw(aylin)
    wall.heard()

    with pytest.raises(Refused), office.store.transaction() as tx:
        tx.write("UPDATE tickets SET calls = 5", {})
        raise Refused()

    assert wall.heard() == []


def test_a_wall_of_another_site_hears_nothing(
    office: Office, aylin: FlaskClient, dial: Dial
) -> None:
    outsider = dial(office.visitor())
    assert outsider.ask("watch_board", {"site": "nordend"})["site"] == "nordend"

    draw(aylin)

    assert outsider.heard() == []


def test_a_desk_of_another_site_hears_nothing(
    office: Office, aylin: FlaskClient, dial: Dial
) -> None:
    outsider = dial(office.signed_in("Clara"))
    assert outsider.ask("watch_queue", {"site": "nordend"})["site"] == "nordend"

    draw(aylin)

    assert outsider.heard() == []


def test_a_phone_hears_when_its_own_ticket_is_called(
    office: Office, aylin: FlaskClient, dial: Dial
) -> None:
    token = draw(aylin)["token"]
    phone = dial(office.visitor())
    phone.ask("watch_ticket", {"token": token})

    aylin.post(f"{HERE}/calls", json={})

    (ticket,) = phone.heard("ticket")
    assert (ticket["state"], ticket["counter_name"]) == ("called", "Schalter 1")
    assert "token" not in ticket


def test_a_phone_sees_its_place_in_the_crowd_but_not_others_tickets(
    office: Office, aylin: FlaskClient, dial: Dial
) -> None:
    draw(aylin)
    token = draw(aylin)["token"]
    phone = dial(office.visitor())
    phone.ask("watch_ticket", {"token": token})

    aylin.post(f"{HERE}/calls", json={})

    pushed = phone.heard()
    assert [message.keys() for message in pushed] == [
        {"version", "at", "site", "waiting", "called"}
    ]
    (place,) = pushed
    assert place["called"] == ["M 001"]
    assert [(number, ahead) for number, ahead, *_ in place["waiting"]] == [("M 002", 0)]


def test_phones_told_by_a_forecast_that_is_behind_are_told_again_by_the_next(
    office: Office, dial: Dial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forecaster, "EVERY_SECONDS", 0.3)
    office.app.extensions["aufruf"].forecasts.shared = True
    phone, token = dial(office.visitor()), draw(office.signed_in("Lea"))["token"]
    aylin = office.signed_in("Aylin")
    assert phone.ask("watch_ticket", {"token": token}).get("high_minutes") is None

    aylin.put(f"{HERE}/session", json={})

    (_, _, _, longest, _) = phone.heard("place")[-1]["waiting"][0]
    assert longest is not None


@pytest.mark.parametrize(
    "leave",
    [
        lambda aylin, office, token: office.visitor().delete(f"{API}/tickets/{token}"),
        lambda aylin, office, token: aylin.post(f"{API}/tickets/1/cancellation", json={}),
    ],
    ids=["given back", "withdrawn"],
)
def test_a_phone_hears_that_its_ticket_has_ended(
    office: Office, aylin: FlaskClient, dial: Dial, leave: Callable[..., Any]
) -> None:
    token = draw(aylin)["token"]
    phone = dial(office.visitor())
    phone.ask("watch_ticket", {"token": token})

    leave(aylin, office, token)

    (ticket,) = phone.heard("ticket")
    assert ticket["state"] == "cancelled"


def test_the_desk_hears_that_a_walls_sound_is_blocked(
    office: Office, aylin: FlaskClient, dial: Dial
) -> None:
    desk, display = dial(aylin), dial(office.device("display", "wand"))
    desk.ask("watch_queue", {"site": "rathaus"})
    before = version(office)

    display.ask("report_display", {"sound": "blocked"})

    assert len(desk.heard("queue")) == 1 and version(office) == before + 1


def test_a_board_that_fails_once_keeps_no_news_from_desks_and_phones(
    office: Office, aylin: FlaskClient, dial: Dial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once where nothing else is wrong, and whoever was called with the next board."""
    token = draw(aylin)["token"]
    desk, phone = dial(aylin), dial(office.visitor())
    desk.ask("watch_queue", {"site": "rathaus"})
    phone.ask("watch_ticket", {"token": token})
    wall = dial(office.visitor())
    wall.ask("watch_board", {"site": "rathaus"})

    with monkeypatch.context() as broken:
        broken.setattr(hub, "board_of", raising(StorageFailed(path="", reason="disk I/O error")))
        aylin.post(f"{HERE}/calls", json={})
    assert (desk.words(), phone.words()) == (["queue"], ["place"])
    office.app.extensions["hub"].refresh()

    assert wall.words() == ["board"]
    assert [ticket["state"] for ticket in phone.heard("ticket")] == ["called"]


def raising(error: Exception) -> Callable[..., Any]:
    def fail(*_: Any) -> Any:
        raise error

    return fail


def test_names_and_codes_never_go_over_the_line(
    office: Office, aylin: FlaskClient, dial: Dial, wall: Line
) -> None:
    booking = {
        "services": ["meldewesen"], "start": "2026-06-08T08:15:00+02:00",
        "name": "Erika Mustermann", "email": "erika@example.org", "phone": "0170 1234567",
    }  # fmt: skip
    booked = aylin.post(f"{API}/sites/rathaus/appointments", json=booking).json
    desk = dial(aylin)
    desk.ask("watch_queue", {"site": "rathaus"})
    ticket = aylin.post(f"{API}/sites/rathaus/check-ins", json={"code": booked["code"]}).json
    phone = dial(office.visitor())
    phone.ask("watch_ticket", {"token": ticket["token"]})
    aylin.post(f"{HERE}/calls", json={})

    pushed = str([*wall.heard(), *desk.heard(), *phone.heard()])
    assert "M 001" in pushed
    secrets = ("Erika", "erika@", "0170", booked["code"], booked["token"], ticket["token"])
    assert [secret for secret in secrets if secret in pushed] == []
