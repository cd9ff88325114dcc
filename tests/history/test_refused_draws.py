"""Who got no number, against a day counted by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.domain.errors import NotIssuing
from queue_server.history.audit import audit
from queue_server.history.refused_draws import RefusedDraws, refused_draws
from queue_server.history.statistics import By
from queue_server.history.visits import Period
from tests.cast import MONDAY
from tests.history.past_days import figures_of, plain_morning
from tests.town import Town

TUESDAY = MONDAY + timedelta(days=1)


def refuse(town: Town, clock: str, service: str = "Meldewesen", **more: str) -> None:
    town.set_clock(clock)
    with pytest.raises(NotIssuing):
        town.draw(service, **more)


def two_days(town: Town) -> None:
    """On Monday two came too early and two too late, on Tuesday one too early."""
    refuse(town, "07:30")
    refuse(town, "07:30", "Kfz")
    # The same person once more.
    refuse(town, "07:30", "Kfz")
    refuse(town, "11:50")
    refuse(town, "11:50", door="eingang")
    town.set_clock("07:30", TUESDAY)
    with pytest.raises(NotIssuing):
        town.draw("Kfz")


def found(town: Town, by: By) -> RefusedDraws:
    with town.store.snapshot() as snapshot:
        return refused_draws(snapshot, town.site(), Period(MONDAY, TUESDAY), by)


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        (
            By.SERVICE,
            [
                ("meldewesen", "Meldewesen", {"closed": 1, "closing": 2}),
                ("kfz", "Kfz", {"closed": 2}),
            ],
        ),
        (By.HOUR, [("07:00", "07:00", {"closed": 3}), ("11:00", "11:00", {"closing": 2})]),
        (By.WEEKDAY, [("1", "1", {"closed": 2, "closing": 2}), ("2", "2", {"closed": 1})]),
        (
            By.DAY,
            [
                ("2026-03-02", "2026-03-02", {"closed": 2, "closing": 2}),
                ("2026-03-03", "2026-03-03", {"closed": 1}),
            ],
        ),
    ],
)
def test_two_days_counted_by_hand(
    town: Town, by: By, rows: list[tuple[str, str, dict[str, int]]]
) -> None:
    two_days(town)

    told = found(town, by)

    assert [(row.key, row.name, dict(row.reasons)) for row in told.rows] == rows
    assert [row.count for row in told.rows] == [sum(reasons.values()) for *_, reasons in rows]
    assert (told.by, told.count, told.reasons) == (by, 5, {"closed": 3, "closing": 2})


@pytest.mark.parametrize("by", [By.COUNTER, By.KIND, By.CLERK])
def test_whoever_met_nobody_is_told_apart_by_service(town: Town, by: By) -> None:
    two_days(town)

    assert found(town, by) == found(town, By.SERVICE)


def test_the_other_figures_and_the_audit_know_nothing_of_it(town: Town) -> None:
    plain_morning(town)
    before = figures_of(town)
    refuse(town, "11:50")

    assert figures_of(town) == before
    with town.store.snapshot() as snapshot:
        told = audit(snapshot, town.site(), MONDAY, MONDAY)
    assert told.calls == 3 and not told.violations


def test_a_journal_that_knows_no_refusals_has_none(town: Town) -> None:
    plain_morning(town)

    assert (found(town, By.DAY).count, list(found(town, By.DAY).rows)) == (0, [])
