"""A journal written by version 0.3: upgraded, it gives the answers that version 0.3 gave.

`journal-v0.3.sql.gz` is the database of an office after three lively days and a fourth one whose
journal somebody has touched; `journal-v0.3.json` is what that version said about them.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from queue_server.domain.site import Site
from queue_server.history.audit import audit
from queue_server.history.forecast_accuracy import accuracy, given
from queue_server.history.replay.comparison import Variation
from queue_server.history.replay.variations import OtherHours
from queue_server.history.replay.what_if import told, what_if
from queue_server.history.statistics import By, statistics
from queue_server.history.visits import Period
from queue_server.queries.measured_times import service_times_of
from queue_server.store.database import Reader
from tests.history.office_days import lively_site
from tests.premises import open_store

pytestmark = pytest.mark.sqlite

HERE = Path(__file__).parent
ANSWERS: dict[str, Any] = json.loads((HERE / "journal-v0.3.json").read_text())
FIRST, CLEAN_LAST, LAST = (
    date.fromisoformat(ANSWERS[name]) for name in ("first", "clean_last", "last")
)
NOW = datetime.fromisoformat(ANSWERS["now"])
SITE: Site = lively_site("due_first", guard_after_minutes=20)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """The old database after today's migrations."""
    path = tmp_path_factory.mktemp("old") / "journal.db"
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript(gzip.decompress((HERE / "journal-v0.3.sql.gz").read_bytes()).decode())
    with closing(open_store(path)) as store, store.snapshot() as snapshot:
        yield snapshot


def plain(value: Any) -> Any:
    """As the JSON file holds it."""
    return json.loads(json.dumps(value, default=str))


@pytest.mark.parametrize("days", ANSWERS["audit"])
def test_the_audit_of_an_old_journal_finds_what_it_found(snapshot: Reader, days: str) -> None:
    day = None if days == "all" else date.fromisoformat(days)

    assert plain(asdict(audit(snapshot, SITE, day, day))) == ANSWERS["audit"][days]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("strict, one counter more", Variation({"rule": "strict"}, 1)),
        (
            "arrival, one counter less, other hours",
            Variation({"rule": "arrival"}, -1, OtherHours(-30, -30)),
        ),
    ],
)
def test_a_what_if_over_an_old_journal_says_what_it_said(
    snapshot: Reader, name: str, change: Variation
) -> None:
    comparison = what_if(snapshot, SITE, FIRST, CLEAN_LAST, change, now=NOW)

    assert comparison.identical
    assert plain(told(comparison, SITE, FIRST, CLEAN_LAST)) == ANSWERS["what_if"][name]


def test_a_touched_day_is_played_as_it_was_and_its_findings_are_the_audits(
    snapshot: Reader,
) -> None:
    comparison = what_if(snapshot, SITE, LAST, LAST, Variation(), now=NOW)

    found = plain(told(comparison, SITE, LAST, LAST))
    said = {"differences", "difference_count"}
    assert {name: found[name] for name in found.keys() - said} == {
        name: ANSWERS["touched"][name] for name in found.keys() - said
    }
    audited = [one["why"] for one in ANSWERS["audit"][LAST.isoformat()]["violations"]]
    assert [one["why"] for one in found["differences"]] == audited


@pytest.mark.parametrize("by", [By(each) for each in ANSWERS["statistics"]])
def test_the_figures_of_old_days_stay_as_they_were(snapshot: Reader, by: By) -> None:
    found = statistics(snapshot, SITE, Period(FIRST, CLEAN_LAST), by)

    assert plain(asdict(found)) == ANSWERS["statistics"][by]


def test_old_forecasts_are_judged_as_they_were(snapshot: Reader) -> None:
    period = Period(FIRST, CLEAN_LAST)
    span = period.since(SITE.zone), period.until(SITE.zone)

    each = [
        [one.at, one.low_minutes, one.high_minutes, one.outcome]
        for one in given(snapshot, SITE, *span)
    ]
    assert plain(each) == [[at, *rest] for at, _, *rest in ANSWERS["each_forecast"]]
    assert plain(asdict(accuracy(snapshot, SITE, *span))) == ANSWERS["forecasts"]


def test_the_office_works_as_fast_as_it_did(snapshot: Reader) -> None:
    assert plain(asdict(service_times_of(snapshot, SITE, NOW))) == ANSWERS["service_times"]
