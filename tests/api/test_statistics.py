"""The figures of past days over HTTP: shape, period, grouping, who may, spreadsheets."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.api.statistics import harmless
from tests.api.endpoints import API
from tests.api.problems import problem, wrong_fields
from tests.office import Office

PATH = f"{API}/sites/rathaus/statistics"
SPREAD = {"mean", "p50", "p90", "p95", "max", "count"}
COUNTS = {"issued": 2, "served": 1, "no_show": 0, "cancelled": 0, "open": 1}


@pytest.fixture
def lea(office: Office) -> FlaskClient:
    """The lead, on the morning after a day with two visits: one waited for 6 minutes, walked for
    2 and was served for 10; the other still waits."""
    aylin = office.signed_in("Aylin", "schalter-1")
    for service in ("meldewesen", "kfz"):
        drawn = aylin.post(f"{API}/sites/rathaus/tickets", json={"services": [service]})
        assert drawn.status_code == 201, drawn.text
    for minutes, verb in ((6, "calls"), (2, "arrival"), (10, "completion")):
        office.clock.pass_time(minutes=minutes)
        answer = aylin.post(f"{API}/counters/schalter-1/{verb}", json={})
        assert answer.status_code == 200, answer.text
    office.clock.pass_time(days=1)
    return office.signed_in("Lea")


def ask(client: FlaskClient, query: str = "", **headers: str) -> TestResponse:
    return client.get(f"{PATH}?{query}", headers=headers)


def lines(answer: TestResponse) -> list[dict[str, str]]:
    assert answer.mimetype == "text/csv", answer.text
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


# -- the answer ----------------------------------------------------------------------------------


def test_yesterdays_figures_have_the_promised_shape(lea: FlaskClient) -> None:
    found: dict[str, Any] = ask(lea).json

    assert (found["from"], found["to"], found["by"]) == ("2026-06-02", "2026-06-08", "day")
    [day] = found["rows"]
    assert {name: day[name] for name in COUNTS} == COUNTS
    assert (day["key"], day["name"]) == ("2026-06-08", "2026-06-08")
    spreads = [day["wait"], day["walking"], day["service"]]
    assert [spread.keys() for spread in spreads] == [SPREAD] * 3
    assert [(spread["mean"], spread["count"]) for spread in spreads] == [(6, 1), (2, 1), (10, 1)]


def test_the_total_tells_the_kinds_apart_and_counts_appointments(lea: FlaskClient) -> None:
    found = ask(lea).json

    assert {name: found["total"][name] for name in COUNTS} == COUNTS
    assert found["walk_in"]["issued"] == 2
    assert found["walk_in"]["within"] == {"30": 1.0, "60": 1.0}
    assert found["appointment"]["within"] == {"5": None, "10": None, "15": None}
    assert set(found["appointments"].values()) == {0}
    assert found["appointments"].keys() == {
        "booked", "confirmed", "checked_in", "missed", "cancelled", "expired"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ("hour", ["08:00"]),
        ("day", ["2026-06-08"]),
        ("service", ["meldewesen", "kfz"]),
        ("counter", ["schalter-1", ""]),
    ],
)
def test_rows_stand_for_what_was_asked(lea: FlaskClient, by: str, keys: list[str]) -> None:
    found = ask(lea, f"by={by}").json

    assert [row["key"] for row in found["rows"]] == keys


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("", "2026-06-02", "2026-06-08"),
        ("from=2026-06-05", "2026-06-05", "2026-06-08"),
        ("from=2026-06-09", "2026-06-09", "2026-06-09"),
        ("to=2026-05-10", "2026-05-04", "2026-05-10"),
        ("from=2026-05-01&to=2026-05-01", "2026-05-01", "2026-05-01"),
        ("from=2025-05-06&to=2026-06-09", "2025-05-06", "2026-06-09"),
        ("from=&to=", "2026-06-02", "2026-06-08"),
    ],
)
def test_unless_told_it_is_the_week_up_to_yesterday(
    lea: FlaskClient, query: str, first: str, last: str
) -> None:
    found = ask(lea, query).json

    assert (found["from"], found["to"]) == (first, last)


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("from=gestern", {"from": "date"}),
        ("from=2026-02-30&to=2026-13-01", {"from": "date", "to": "date"}),
        ("to=1999-12-31", {"to": "date"}),
        ("from=2026-06-08&to=2026-06-07", {"to": "range"}),
        ("from=2025-05-05&to=2026-06-09", {"to": "range"}),
        ("by=month", {"by": "unknown"}),
        ("by=", {"by": "unknown"}),
        ("format=xml", {"format": "unknown"}),
    ],
)
def test_what_is_wrong_is_named(lea: FlaskClient, query: str, wrong: dict[str, str]) -> None:
    assert wrong_fields(ask(lea, query)) == wrong


def test_a_wrong_value_is_never_echoed(lea: FlaskClient) -> None:
    answer = ask(lea, "from=<script>alert(1)</script>&by=<b>")

    assert answer.status_code == 422 and "<" not in answer.text


# -- who may -------------------------------------------------------------------------------------


def test_only_the_lead_of_the_site_may_look(office: Office, lea: FlaskClient) -> None:
    problem(ask(office.visitor()), 401, "not_signed_in")
    problem(ask(office.signed_in("Aylin")), 403, "not_allowed")
    problem(lea.get(f"{API}/sites/nordend/statistics"), 403, "not_allowed")
    problem(ask(office.kiosk()), 401, "not_signed_in")


def test_signing_in_comes_before_what_is_wrong(office: Office) -> None:
    problem(ask(office.visitor(), "by=nonsense"), 401, "not_signed_in")


# -- for spreadsheets ------------------------------------------------------------------------------


def test_a_table_has_a_header_line_points_and_the_same_figures(lea: FlaskClient) -> None:
    answer = ask(lea, "by=service", Accept="text/csv")

    first, second = lines(answer)
    assert (first["key"], first["name"]) == ("meldewesen", "Wohnsitz anmelden")
    assert (first["from"], first["to"], first["by"]) == ("2026-06-02", "2026-06-08", "service")
    assert (first["issued"], first["wait_mean"], first["service_max"]) == ("1", "6.0", "10.0")
    # Nobody was called for the other: no zero minutes that nobody has waited.
    assert (second["issued"], second["wait_count"], second["wait_mean"]) == ("1", "0", "")
    assert b"\r\n" in answer.data and not answer.data.startswith(b"\xef\xbb\xbf")
    assert "Accept" in answer.headers["Vary"]


def test_a_plain_link_gives_a_file_in_which_spreadsheets_see_umlauts(lea: FlaskClient) -> None:
    answer = ask(lea, "format=csv&by=counter", Accept="text/html")

    assert answer.data.startswith(b"\xef\xbb\xbffrom,to,by,key,name,issued")
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=aufruf-rathaus-counter-2026-06-02-2026-06-08.csv"
    )
    assert [line["key"] for line in lines(answer)] == ["schalter-1", ""]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/json"),
        ("application/json, text/csv;q=0.5", "application/json"),
        ("text/csv, application/json;q=0.5", "text/csv"),
        ("text/html", "application/json"),
    ],
)
def test_the_kind_is_what_the_requester_prefers(lea: FlaskClient, accept: str, kind: str) -> None:
    assert ask(lea, Accept=accept).mimetype == kind


def test_json_can_be_asked_for_whatever_the_requester_accepts(lea: FlaskClient) -> None:
    assert ask(lea, "format=json", Accept="text/csv").mimetype == "application/json"


@pytest.mark.parametrize("name", ["=1+1", "+49", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_taken_for_a_formula(name: str) -> None:
    assert harmless(name) == f"'{name}"


@pytest.mark.parametrize("cell", ["Kfz", "", "08:00", 7, 0.5])
def test_other_cells_stay_as_they_are(cell: object) -> None:
    assert harmless(cell) == cell


def test_a_service_named_like_a_formula_harms_nobody(office: Office, lea: FlaskClient) -> None:
    context = office.app.extensions["aufruf"]
    site, *others = context.settings.sites
    services = tuple(replace(each, name='=HYPERLINK("x";"y")') for each in site.services)
    context.settings = replace(context.settings, sites=(replace(site, services=services), *others))

    first, _ = lines(ask(lea, "by=service&format=csv"))

    assert first["name"] == '\'=HYPERLINK("x";"y")'
