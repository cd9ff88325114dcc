"""What /metrics prints, what docs/operations.md says of it, and what dashboard and alarms ask."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from queue_server.domain.events import EVENTS
from queue_server.printing import Condition
from tests.office import Office

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
LOOPBACK = {"REMOTE_ADDR": "127.0.0.1"}
# Prometheus itself keeps this one of every server that it asks.
OF_PROMETHEUS = {"up"}


def documented() -> dict[str, set[str]]:
    """Every figure of the table in docs/operations.md with its labels."""
    text = (ROOT / "docs" / "operations.md").read_text()
    rows = re.findall(r"^\| `(aufruf_\w+)(?:\{([\w,]+)\})?` \| \w+ \| .+ \|$", text, re.MULTILINE)
    assert rows
    return {name: set(filter(None, labels.split(","))) for name, labels in rows}


def board() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DEPLOY / "grafana-dashboard.json").read_text())
    return content


def alarms() -> list[dict[str, Any]]:
    content = yaml.safe_load((DEPLOY / "prometheus-alerts.yml").read_text())
    return [rule for group in content["groups"] for rule in group["rules"]]


def queries() -> list[str]:
    asked = [one["expr"] for panel in board()["panels"] for one in panel["targets"]]
    asked += [one["query"] for one in board()["templating"]["list"] if one["type"] == "query"]
    return asked + [rule["expr"] for rule in alarms()]


def test_every_figure_is_documented_by_name_and_kind_and_none_is_made_up(office: Office) -> None:
    told = office.visitor().get("/metrics", environ_base=LOOPBACK).text

    # When a counter began stands beside it under a name of its own, which the page says once.
    printed = dict(re.findall(r"^# TYPE (\w+(?<!_created)) (\w+)$", told, re.MULTILINE))
    text = (ROOT / "docs" / "operations.md").read_text()
    assert dict(re.findall(r"^\| `(aufruf_\w+)[^`]*` \| (\w+) \|", text, re.MULTILINE)) == printed


def test_figures_carry_the_labels_that_are_documented(office: Office) -> None:
    client = office.visitor()
    office.kiosk().post("/api/v1/sites/rathaus/tickets", json={"services": ["kfz"]})

    told = client.get("/metrics", environ_base=LOOPBACK).text

    known = documented()
    for name, labels in re.findall(r"^(aufruf_\w+(?<!_created))\{(.+)\} ", told, re.MULTILINE):
        assert set(re.findall(r'(\w+)="', labels)) == known[name], name
    assert 'aufruf_info{version="' in told and "aufruf_storage_failing 0.0" in told


@pytest.mark.parametrize("query", queries())
def test_dashboard_and_alarms_ask_for_figures_and_labels_that_there_are(query: str) -> None:
    known = documented()
    names = set(re.findall(r"\b(aufruf_\w+|up)\b(?!=)", re.sub(r'"[^"]*"', '""', query)))
    asked = set(re.findall(r"(\w+)=", query))
    asked |= {
        one.strip()
        for list in re.findall(r"(?:by|on) \(([^)]*)\)", query)
        for one in list.split(",")
    }

    assert names and names <= known.keys() | OF_PROMETHEUS
    labels = set.union(*(known.get(name, set()) for name in names)) | {"job"}
    assert asked <= labels
    assert query.count("(") == query.count(")") and query.count("{") == query.count("}")


def test_conditions_and_events_that_are_asked_for_exist() -> None:
    for query in queries():
        for label, values in re.findall(r'\b(name|condition)=~"([\w|]+)"', query):
            known = set(EVENTS) if label == "name" else {str(each) for each in Condition}
            assert set(values.split("|")) <= known, query


def test_the_dashboard_shows_every_figure() -> None:
    asked = " ".join(one["expr"] for panel in board()["panels"] for one in panel["targets"])

    assert [name for name in documented() if not re.search(rf"\b{name}\b", asked)] == []


def test_every_panel_has_a_place_of_its_own_and_a_title() -> None:
    panels = board()["panels"]

    covered = [
        (x, y)
        for one in (panel["gridPos"] for panel in panels)
        for x in range(one["x"], one["x"] + one["w"])
        for y in range(one["y"], one["y"] + one["h"])
    ]
    assert len(covered) == len(set(covered)) and max(x for x, _ in covered) < 24
    assert len({panel["id"] for panel in panels}) == len({panel["title"] for panel in panels})


def test_every_alarm_has_a_name_of_its_own_and_says_what_to_do() -> None:
    names = [rule["alert"] for rule in alarms()]
    assert len(names) == len(set(names))
    for rule in alarms():
        assert rule["annotations"]["summary"] and rule["annotations"]["action"]
        assert rule["labels"]["severity"] in ("critical", "warning")
