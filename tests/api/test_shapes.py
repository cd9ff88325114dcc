"""Every answer has the fields that other people's clients build on, with the right types."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask.testing import FlaskClient

from tests.api.endpoints import API, BOOK, DRAW
from tests.office import Office

TICKET = {
    "id": str, "number": str, "site": str, "services": list, "persons": int, "state": str,
    "kind": str, "issued_at": datetime, "calls": int, "missing": list,
    "coming": bool, "postponed": bool,
}  # fmt: skip
TICKET_MORE = {
    "token": str, "due_at": datetime, "place": int, "low_minutes": int, "high_minutes": int,
    "likely_minutes": int,
    "waited_minutes": int, "counter": str, "counter_name": str, "bound_to": str,
    "precedence": str, "reason": dict, "why": dict,
}  # fmt: skip
BOARD = {
    "version": int, "at": datetime, "site": str, "calls": list, "next": list, "issuing": bool,
    "notices": list,
}  # fmt: skip
BOARD_MORE = {"not_issuing": dict}
NOT_ISSUING = {"why": str, "text": str, "reason": str}
STOPS = {"site": str, "issuing": bool, "mode": str, "services": list}
SERVICE_STOP = {"service": str, "issuing": bool, "mode": str}
STOP = {"mode": str, "by": str, "reason": str, "since": datetime}
BOARD_CALL = {
    "call": int, "number": str, "counter": str, "direction": str, "kind": str, "times": int,
    "at": datetime,
}  # fmt: skip
QUEUE = {
    "version": int, "at": datetime, "site": str, "waiting": list, "called": list, "serving": list,
    "parked": list, "no_show": list, "counters": list,
}  # fmt: skip
COUNTER = {"counter": str, "name": str, "open": bool, "services": list}
SERVICE = {
    "id": str, "name": str, "group": str, "minutes": int, "fee": str, "documents": list,
    "leika": str, "walk_in": bool, "bookable": bool,
}  # fmt: skip
APPOINTMENT = {
    "id": str, "token": str, "site": str, "state": str, "services": list, "persons": int,
    "start": datetime, "end": datetime,
}  # fmt: skip
REASON = {"code": str, "text": str, "facts": dict}

Shape = dict[str, type]


def has_shape(value: dict[str, Any], shape: Shape, more: Shape | None = None) -> None:
    """All fields of `shape`, none that is neither there nor in `more`, times with an offset."""
    allowed = shape | (more or {})
    assert shape.keys() <= value.keys() <= allowed.keys()
    for name, item in value.items():
        if allowed[name] is datetime:
            assert datetime.fromisoformat(item).utcoffset() is not None
        else:
            assert type(item) is allowed[name], name


def test_a_drawn_ticket_carries_number_token_place_and_range(kiosk: FlaskClient) -> None:
    ticket = kiosk.post(f"{API}/sites/rathaus/tickets", json=DRAW).json

    has_shape(ticket, TICKET, TICKET_MORE)
    assert (ticket["number"], ticket["kind"], ticket["state"]) == ("M 001", "walk_in", "waiting")
    assert (ticket["site"], ticket["services"], ticket["persons"]) == ("rathaus", ["meldewesen"], 1)
    assert ticket["token"] and ticket["place"] == 1 and ticket["calls"] == 0
    assert ticket["issued_at"] == "2026-06-08T08:00:00+02:00"


def test_the_range_is_left_out_while_no_counter_is_open(kiosk: FlaskClient) -> None:
    ticket = kiosk.post(f"{API}/sites/rathaus/tickets", json=DRAW).json

    assert "low_minutes" not in ticket and "high_minutes" not in ticket


def test_the_holder_sees_place_and_range_but_not_the_token_again(
    aylin: FlaskClient, kiosk: FlaskClient, office: Office
) -> None:
    kiosk.post(f"{API}/sites/rathaus/tickets", json=DRAW)
    drawn = kiosk.post(f"{API}/sites/rathaus/tickets", json=DRAW).json

    ticket = office.visitor().get(f"{API}/tickets/{drawn['token']}").json

    has_shape(ticket, TICKET, TICKET_MORE)
    assert ticket["place"] == 2 and ticket["low_minutes"] <= ticket["high_minutes"]
    assert "token" not in ticket


def test_a_call_answers_with_its_id_the_ticket_and_why(aylin: FlaskClient) -> None:
    drawn = aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW).json

    call = aylin.post(f"{API}/counters/schalter-1/calls", json={}).json

    assert call.keys() == {"call", "ticket", "reason"}
    has_shape(call["ticket"], TICKET, TICKET_MORE)
    has_shape(call["reason"], REASON)
    assert call["ticket"]["id"] == drawn["id"] and call["ticket"]["counter"] == "schalter-1"
    assert call["reason"]["code"] == "arrival" and "token" not in call["ticket"]


def test_the_board_shows_calls_newest_first_and_who_is_next(
    office: Office, aylin: FlaskClient
) -> None:
    for _ in range(3):
        aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW)
    lea = office.signed_in("Lea", "schalter-3")
    aylin.post(f"{API}/counters/schalter-1/calls", json={})
    office.clock.pass_time(seconds=5)
    lea.post(f"{API}/counters/schalter-3/calls", json={})

    board = office.visitor().get(f"{API}/sites/rathaus/board").json

    has_shape(board, BOARD)
    for call in board["calls"]:
        has_shape(call, BOARD_CALL)
    shown = [(call["number"], call["counter"], call["direction"]) for call in board["calls"]]
    assert shown == [("M 002", "Schalter 3", "right"), ("M 001", "Schalter 1", "left")]
    assert board["next"] == ["M 003"] and board["issuing"] is True


def test_the_board_shows_only_people_who_are_called(aylin: FlaskClient, office: Office) -> None:
    aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW)
    aylin.post(f"{API}/counters/schalter-1/calls", json={})
    aylin.post(f"{API}/counters/schalter-1/arrival", json={})

    assert office.visitor().get(f"{API}/sites/rathaus/board").json["calls"] == []


def test_a_recall_keeps_the_calls_id_and_raises_its_times(
    aylin: FlaskClient, office: Office
) -> None:
    aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW)
    first = aylin.post(f"{API}/counters/schalter-1/calls", json={}).json
    again = aylin.post(f"{API}/counters/schalter-1/recall", json={}).json

    (call,) = office.visitor().get(f"{API}/sites/rathaus/board").json["calls"]
    assert first["call"] == again["call"] == call["call"]
    assert (call["times"], again["ticket"]["calls"]) == (2, 2)


def test_the_queue_is_in_calling_order_and_each_has_a_reason(
    office: Office, aylin: FlaskClient
) -> None:
    for _ in range(4):
        aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW)
    aylin.post(f"{API}/tickets/3/precedence", json={"reason": "mobility"})
    aylin.post(f"{API}/counters/schalter-1/calls", json={"ticket": "4"})
    office.clock.pass_time(minutes=7)

    queue = aylin.get(f"{API}/sites/rathaus/queue").json

    has_shape(queue, QUEUE)
    for ticket in queue["waiting"]:
        has_shape(ticket, TICKET, TICKET_MORE)
        has_shape(ticket["reason"], REASON)
        assert ticket["waited_minutes"] == 7
    order = [(ticket["number"], ticket["reason"]["code"]) for ticket in queue["waiting"]]
    assert order == [("M 003", "precedence"), ("M 001", "arrival"), ("M 002", "arrival")]
    assert [ticket["number"] for ticket in queue["called"]] == ["M 004"]


def test_the_queue_shows_every_counter_its_clerk_and_its_person(aylin: FlaskClient) -> None:
    aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW)
    aylin.post(f"{API}/counters/schalter-1/calls", json={})

    first, *others = aylin.get(f"{API}/sites/rathaus/queue").json["counters"]

    has_shape(first, COUNTER, {"clerk": str, "ticket": dict})
    assert (first["counter"], first["name"], first["open"]) == ("schalter-1", "Schalter 1", True)
    assert first["clerk"] == "Aylin" and first["ticket"]["number"] == "M 001"
    assert [(c["open"], c.keys()) for c in others] == [(False, COUNTER.keys())] * 2


def test_sites_tell_services_with_everything_a_homepage_needs(office: Office) -> None:
    rathaus, nordend = office.visitor().get(f"{API}/sites").json["sites"]

    assert rathaus.keys() >= {"id", "name", "open", "opens_at", "closes_at", "services"}
    assert (nordend["open"], nordend["closes_at"]) == (True, "2026-06-08T12:00:00+02:00")
    for service in rathaus["services"]:
        has_shape(service, SERVICE, {"group_name": str, "online_url": str, "max_persons": int})
    assert office.visitor().get(f"{API}/sites/rathaus").json == rathaus


def test_the_outlook_tells_how_long_it_takes_now(office: Office, aylin: FlaskClient) -> None:
    aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW)

    outlook = office.visitor().get(f"{API}/sites/rathaus/outlook").json

    known = {"open", "issuing", "not_issuing", "waiting", "counters_open", "services"}
    assert outlook.keys() == known
    assert (outlook["waiting"], outlook["counters_open"]) == (1, 1)
    for service in outlook["services"]:
        minutes = {"low_minutes", "high_minutes", "likely_minutes"}
        assert service.keys() == {"service", "issuing", "waiting"} | minutes
    assert outlook["services"][0]["waiting"] == 1


def test_a_stop_tells_who_decided_it_since_when_and_why(office: Office, aylin: FlaskClient) -> None:
    word = {"mode": "stopped", "reason": "Wasserschaden"}

    stops = aylin.put(f"{API}/sites/rathaus/stops/all", json=word).json

    has_shape(stops, STOPS, {"stop": dict, "not_issuing": dict})
    has_shape(stops["stop"], STOP)
    has_shape(stops["not_issuing"], NOT_ISSUING, {"opens_at": datetime})
    for service in stops["services"]:
        has_shape(service, SERVICE_STOP, {"stop": dict, "not_issuing": dict})
    board = office.visitor().get(f"{API}/sites/rathaus/board").json
    has_shape(board, BOARD, BOARD_MORE)
    has_shape(board["not_issuing"], NOT_ISSUING, {"opens_at": datetime})


def test_slots_have_start_and_end(office: Office) -> None:
    answer = (
        office.visitor()
        .get(f"{API}/sites/rathaus/slots?services=meldewesen,kfz&persons=1&from=2026-06-09&days=1")
        .json
    )

    assert answer.keys() == {"slots"}
    first = answer["slots"][0]
    assert first == {"start": "2026-06-09T00:00:00+02:00", "end": "2026-06-09T00:25:00+02:00"}


def test_a_clerks_booking_is_confirmed_at_once_and_carries_its_code(aylin: FlaskClient) -> None:
    answer = aylin.post(f"{API}/sites/rathaus/appointments", json=BOOK)

    has_shape(answer.json, APPOINTMENT, {"code": str, "expires_at": type(None)})
    assert answer.json["state"] == "confirmed" and answer.json["expires_at"] is None
    assert len(answer.json["code"]) == 11 and answer.json["end"] == "2026-06-08T10:15:00+02:00"
    assert "Erika" not in answer.text


def test_an_opened_counter_tells_what_it_serves(aylin: FlaskClient) -> None:
    session = aylin.put(f"{API}/counters/schalter-1/session", json={"services": ["kfz"]}).json

    has_shape(session, {"counter": str, "name": str, "services": list, "opened_at": datetime})
    assert session["services"] == ["kfz"]


def test_the_holder_is_told_why_the_ticket_stands_where_it_stands(
    office: Office, aylin: FlaskClient
) -> None:
    drawn = aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW).json
    office.clock.pass_time(minutes=3)

    reason = office.visitor().get(f"{API}/tickets/{drawn['token']}").json["reason"]

    has_shape(reason, REASON)
    assert (reason["code"], reason["facts"]) == ("arrival", {"waited_minutes": 3})
