"""Asking over HTTP what would have been: shape, figures, who may, what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.api.endpoints import API
from tests.api.problems import problem, wrong_fields
from tests.history.played_offices import MONDAY, play_morning
from tests.office import Office

PATH = f"{API}/sites/rathaus/what-if"
DAY = {"from": MONDAY, "to": MONDAY}
SPREAD = {"mean", "p50", "p90", "p95", "max", "count"}
CLASS = {"people", "called", "wait", "within", "overtaken"}
WORLD = {"appointment", "walk_in", "all", "calls", "unserved", "refused", "overtime_minutes"}


@pytest.fixture
def lea(office: Office) -> FlaskClient:
    return play_morning(office)


def ask(client: FlaskClient, **changes: Any) -> TestResponse:
    return client.post(PATH, json=DAY | changes)


def answered(client: FlaskClient, **changes: Any) -> dict[str, Any]:
    answer = ask(client, **changes)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


# -- the answer ----------------------------------------------------------------------------------


def test_the_same_rule_is_identical_and_has_the_promised_shape(lea: FlaskClient) -> None:
    found = answered(lea)

    assert (found["from"], found["to"], found["days"]) == (MONDAY, MONDAY, 1)
    assert found["identical"] is True and found["differences"] == []
    assert found["actual"] == found["what_if"]
    assert found["actual"].keys() == WORLD
    for kind in ("appointment", "walk_in", "all"):
        assert found["actual"][kind].keys() == CLASS
        assert found["actual"][kind]["wait"].keys() == SPREAD
        assert set(found["actual"][kind]["within"]) == {"5", "10", "15", "30", "60"}
    assert (found["actual"]["calls"], found["actual"]["all"]["people"]) == (6, 6)
    assert found["per_day"] == [
        {"day": MONDAY, "people": 6, "actual": mean(found), "what_if": mean(found)}
    ]


def mean(found: dict[str, Any], world: str = "actual", kind: str = "all") -> float:
    value: float = found[world][kind]["wait"]["mean"]
    return value


def test_strict_and_a_counter_more_do_what_they_promise(lea: FlaskClient) -> None:
    strict, more = answered(lea, rule="strict"), answered(lea, counters=1)

    assert mean(strict, "what_if", "appointment") < mean(strict, "actual", "appointment")
    assert mean(strict, "what_if", "walk_in") > mean(strict, "actual", "walk_in")
    assert mean(more, "what_if") < mean(more) / 1.5
    assert more["moved"]["sooner"] >= 3 and more["moved"]["later"] == 0
    assert more["moved"]["most"][0].keys() == {"day", "number", "kind", "actual", "what_if"}


def test_the_counter_that_would_stay_closed_is_named(lea: FlaskClient) -> None:
    found = answered(lea, counters=-1)

    assert found["counters_closed"] == [{"counter": "schalter-1", "name": "Schalter 1", "days": 1}]
    assert found["what_if"]["unserved"] == 6


def test_every_threshold_and_the_opening_hours_may_be_changed(lea: FlaskClient) -> None:
    found = answered(
        lea, busy_from_minutes=0, guard_after_minutes=10, guard_every=2, ratio=2.5,
        opens_earlier_minutes=-30, closes_later_minutes=30,
    )  # fmt: skip

    assert found["identical"] is True


def test_days_without_people_are_no_mistake(lea: FlaskClient) -> None:
    found = answered(lea, **{"from": "2025-01-01", "to": "2025-12-31"})

    assert (found["days"], found["identical"], found["actual"]["calls"]) == (0, True, 0)


# -- who may, and what is refused ------------------------------------------------------------------


def test_only_the_lead_of_the_site_may_ask(lea: FlaskClient, office: Office) -> None:
    problem(ask(office.visitor()), 401, "not_signed_in")
    problem(ask(office.signed_in("Aylin")), 403, "not_allowed")
    problem(ask(office.signed_in("Clara")), 403, "not_allowed")
    problem(lea.post(f"{API}/sites/nordend/what-if", json=DAY), 403, "not_allowed")
    problem(lea.post(f"{API}/sites/nowhere/what-if", json=DAY), 404, "not_found")


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"from": "8.6.2026"}, {"from": "format"}),
        ({"from": 20260608}, {"from": "type"}),
        ({"from": "0001-01-01"}, {"from": "format"}),
        ({"to": "2026-06-07"}, {"to": "too_small"}),
        ({"from": "2026-06-10", "to": "2026-06-10"}, {"from": "too_large"}),
        ({"from": "2025-05-01"}, {"to": "too_large"}),
        ({"rule": "fair"}, {"rule": "unknown"}),
        ({"counters": 2}, {"counters": "unknown"}),
        ({"busy_from_minutes": -1}, {"busy_from_minutes": "too_small"}),
        ({"guard_every": 1}, {"guard_every": "too_small"}),
        ({"ratio": 0.5}, {"ratio": "too_small"}),
        ({"guard_after_minutes": "10"}, {"guard_after_minutes": "type"}),
        ({"opens_earlier_minutes": 600}, {"opens_earlier_minutes": "too_large"}),
        ({"closes_earlier": 600}, {"closes_earlier": "unknown"}),
    ],
)
def test_what_is_wrong_is_named(
    lea: FlaskClient, changes: dict[str, Any], wrong: dict[str, str]
) -> None:
    assert wrong_fields(ask(lea, **changes)) == wrong


def test_days_are_needed(lea: FlaskClient) -> None:
    assert wrong_fields(lea.post(PATH, json={})) == {"from": "missing", "to": "missing"}


def test_four_hundred_days_are_allowed_and_one_more_is_not(lea: FlaskClient) -> None:
    assert ask(lea, **{"from": "2025-05-05"}).status_code == 200
    assert wrong_fields(ask(lea, **{"from": "2025-05-04"})) == {"to": "too_large"}
