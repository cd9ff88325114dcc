"""Events go into the journal and come out of it unchanged, and carry nothing of people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, get_type_hints

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from queue_server.domain import events
from queue_server.domain.events import COLUMNS, EVENTS, event_from
from queue_server.domain.office import Office
from tests.town import MONDAY, moment, rathaus

# The journal keeps milliseconds.
some_milliseconds = st.integers(0, 5_000) | st.integers(0, 4_000_000_000_000)
moments = some_milliseconds.map(lambda ms: datetime.fromtimestamp(ms / 1000, UTC))
VALUES = {
    int: st.integers(0, 2**40),
    bool: st.booleans(),
    float: st.floats(0, 100),
    str: st.text(max_size=20),
    datetime: moments,
    tuple[str, ...]: st.lists(st.text(max_size=8), max_size=4).map(tuple),
    tuple[tuple[int, int], ...]: st.lists(
        st.tuples(st.integers(0, 1440), st.integers(0, 1440)), max_size=3
    ).map(tuple),
}


def any_event(name: str):
    cls = EVENTS[name]
    hints = get_type_hints(cls, {**vars(events)})
    known = {f.name: VALUES.get(_bare(hints[f.name])) for f in fields(cls)}
    return st.builds(cls, **{key: value for key, value in known.items() if value is not None})


def _bare(hint):
    inner = [kind for kind in getattr(hint, "__args__", ()) if kind is not type(None)]
    return inner[0] if inner and type(None) in hint.__args__ else hint


@pytest.mark.parametrize("name", sorted(EVENTS))
@given(st.data())
@settings(max_examples=15)
def test_an_event_comes_out_of_the_journal_as_it_went_in(name, data):
    event = data.draw(any_event(name))
    row = {key: getattr(event, key) for key in COLUMNS}
    row["at"] = round(event.at.timestamp() * 1000)

    assert event_from(name, row, json.loads(json.dumps(event.data()))) == event


@given(moments)
@example(datetime.fromtimestamp(1.001, UTC))
def test_a_time_in_an_event_is_right_to_the_millisecond(moment):
    moved = events.AppointmentMoved(at=moment, site="rathaus", start_at=moment)

    assert moved.data()["start_at"] == round(moment.timestamp() * 1000)


def test_no_event_can_carry_a_name_an_address_a_code_or_a_token():
    told = {f.name for cls in EVENTS.values() for f in fields(cls)}

    assert told.isdisjoint({"email", "phone", "code", "token", "address", "person", "key"})


def test_every_field_of_every_event_was_tried_with_values_of_its_kind():
    kinds = {
        _bare(hint)
        for cls in EVENTS.values()
        for hint in get_type_hints(cls, {**vars(events)}).values()
    }

    assert {kind for kind in kinds if kind not in VALUES} == {Mapping[str, Any]}


def test_an_event_of_a_newer_version_is_refused_by_its_name():
    with pytest.raises(KeyError, match="TicketTeleported"):
        event_from("TicketTeleported", {}, {})


def test_a_field_of_a_newer_version_is_passed_over():
    row = dict.fromkeys(COLUMNS) | {"site": "rathaus", "at": 0}

    event = event_from("TicketCancelled", row, {"by": "holder", "mood": "cross"})

    assert event == events.TicketCancelled(
        site="rathaus", at=datetime.fromtimestamp(0, UTC), by="holder"
    )


def test_a_transfer_of_an_older_version_plans_no_minutes_and_binds_to_no_counter():
    row = dict.fromkeys(COLUMNS) | {"site": "rathaus", "at": 0}

    event = event_from("TicketTransferred", row, {"services": ["kfz"]})

    assert (event.services, event.minutes, event.bound_to) == (("kfz",), 0, None)


@pytest.mark.parametrize(
    ("name", "written", "read"),
    [
        (
            "TicketIssued",
            {"kind": "walk_in", "services": ["kfz"]},
            {"number": "", "persons": 1, "minutes": 0, "is_late": False, "by": "kiosk"},
        ),
        ("TicketRefused", {"service": "kfz", "reason": "closed"}, {"door": "", "by": "kiosk"}),
        (
            "TicketCalled",
            {"reason": "arrival"},
            {"call": 0, "chosen": False, "contested": False, "guard": False, "pool": ""},
        ),
        ("TicketFinished", {}, {"outcome": "done", "missing": ()}),
        ("TicketServicesChanged", {"services": ["kfz"]}, {"minutes": 0}),
        ("AppointmentBooked", {"services": [], "persons": 1, "start_at": 0}, {"by": "clerk"}),
        ("DayDecided", {"day": "2026-06-08"}, {"spans": (), "is_special": True}),
        ("SettingsChanged", {"keys": [], "by": "file"}, {"more": 0}),
    ],
)
def test_what_an_older_journal_does_not_say_is_what_was_meant_then(name, written, read):
    row = dict.fromkeys(COLUMNS) | {"site": "rathaus", "at": 0}

    event = event_from(name, row, written)

    assert {key: getattr(event, key) for key in read} == read


def test_an_event_before_its_ticket_is_no_story():
    with pytest.raises(KeyError):
        Office.of(rathaus()).apply(
            events.TicketArrived(at=moment(MONDAY, "08:00"), site="rathaus", ticket=1)
        )
