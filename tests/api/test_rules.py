"""The calling rule over the API: look, decide, give back."""

from __future__ import annotations

from queue_server.store import journal
from tests.api.problems import wrong_fields
from tests.office import Office

RULES = "/api/v1/sites/rathaus/rules"
SHIPPED = {
    "rule": "due_first", "busy_from_minutes": 10, "guard_after_minutes": 45, "guard_every": 3,
    "ratio": 3.0,
}  # fmt: skip


def test_before_anybody_decides_config_toml_counts(office: Office) -> None:
    found = office.signed_in("Lea").get(RULES).json

    assert found == {**SHIPPED, "decided_by": "config", "configured": SHIPPED}


def test_the_lead_decides_and_gives_the_decision_back(office: Office) -> None:
    lea = office.signed_in("Lea")

    decided = lea.put(RULES, json={"rule": "accumulating", "ratio": 2}).json
    assert (decided["rule"], decided["ratio"], decided["guard_every"]) == ("accumulating", 2.0, 3)
    assert (decided["decided_by"], decided["clerk"]) == ("office", "Lea")
    assert decided["since"] == "2026-06-08T08:00:00+02:00"
    assert decided["configured"] == SHIPPED

    back = lea.delete(RULES).json
    assert (back["rule"], back["decided_by"], back["clerk"]) == ("due_first", "config", "Lea")
    assert lea.delete(RULES).json == back


def test_wrong_numbers_are_refused_by_name(office: Office) -> None:
    answer = office.signed_in("Lea").put(RULES, json={"rule": "due_first", "guard_every": 1})

    assert wrong_fields(answer) == {"guard_every": "range"}


def test_only_the_lead_decides(office: Office) -> None:
    aylin = office.signed_in("Aylin")

    for answer in (
        aylin.get(RULES),
        aylin.put(RULES, json={"rule": "strict"}),
        aylin.delete(RULES),
    ):
        assert answer.status_code == 403
    with office.store.snapshot() as snapshot:
        assert journal.version(snapshot, "rathaus") == 0
