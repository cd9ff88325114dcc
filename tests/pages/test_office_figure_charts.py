"""What is drawn of the figures: the rows of the table, with room for their words."""

from __future__ import annotations

from itertools import pairwise

import pytest

from queue_server.history.statistics import By
from queue_server.history.visits import visits
from queue_server.office.charts import Chart, Point, chart
from queue_server.office.figure_charts import FigureCharts, figure_charts
from queue_server.office.horizontal_charts import BEHIND, WIDTH, HorizontalChart, horizontal_chart
from tests.history.past_days import figures_of, plain_morning
from tests.town import Town


def drawn(town: Town, by: By) -> FigureCharts:
    found, site = figures_of(town, by), town.site()
    with town.store.snapshot() as snapshot:
        since, until = found.period.since(site.zone), found.period.until(site.zone)
        charts = figure_charts(visits(snapshot, site.id, since, until), site, found)
    assert charts is not None
    return charts


@pytest.mark.parametrize("by", [By.SERVICE, By.COUNTER, By.KIND])
def test_what_has_a_name_is_drawn_under_its_name(town: Town, by: By) -> None:
    plain_morning(town)
    charts, rows = drawn(town, by), figures_of(town, by).rows

    assert isinstance(charts.visits, HorizontalChart)
    assert [bar.said for bar in charts.visits.bars] == [str(row.figures.issued) for row in rows]
    assert "Uhr" not in charts.visits_said


def test_weekdays_and_hours_run_from_left_to_right(town: Town) -> None:
    plain_morning(town)

    for by, label in ((By.WEEKDAY, "Mo"), (By.HOUR, "8\u00a0Uhr")):
        found = drawn(town, by).visits
        assert isinstance(found, Chart)
        assert [column.label for column in found.columns] == [label]


def test_the_longest_name_and_number_stay_within_a_horizontal_chart() -> None:
    names = ["Wohnsitzanmeldung", "Straßenverkehrsrechtliche Ausnahmegenehmigung " * 4]

    found = horizontal_chart([Point(name, 90.5, 120.5) for name in names])

    assert [len(bar.name) <= WIDTH // 8 for bar in found.bars] == [True, True]
    assert found.bars[1].name.endswith("…")
    assert all(bar.high_x is not None and bar.end <= WIDTH - BEHIND + 8 for bar in found.bars)
    assert found.bars[-1].y + found.thick <= found.height


@pytest.mark.parametrize("days", [5, 7, 8, 12, 31, 90])
def test_labels_of_days_never_run_together(days: int) -> None:
    label = "Mo 08.06." if days <= 7 else "08.06."
    places = [c.middle for c in chart([Point(label, 120)] * days).columns if c.label]

    assert min(late - early for early, late in pairwise(places)) >= len(label) * 8 + 8
