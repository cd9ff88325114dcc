"""The database for analysis: it opens, its views add up, and it explains itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from queue_server.store.analysis_file import analysis_file

VISITS = [
    (1, "2026-06-08", 1, 8, "walk_in", "kfz", "s1", "served", 6.0, 2.0, 10.0),
    (2, "2026-06-08", 1, 9, "walk_in", "kfz", "", "cancelled", None, None, None),
    (3, "2026-06-09", 2, 8, "appointment", "pass", "s1", "no_show", 4.0, None, None),
]


def opened(data: bytes) -> sqlite3.Connection:
    file = sqlite3.connect(":memory:")
    file.deserialize(data)
    return file


def test_views_with_speaking_names_count_and_average_the_visits() -> None:
    data = analysis_file(
        {"visit": "a visit"},
        {
            "service": [("kfz", "Kfz"), ("pass", "Reisepass")],
            "counter": [("s1", "Schalter 1")],
            "visit": VISITS,
            "missing_document": [(1, "Fahrzeugschein")],
        },
    )

    with closing(opened(data)) as file:
        services = "SELECT service, visits, served, mean_wait FROM visits_by_service ORDER BY 1"
        assert file.execute(services).fetchall() == [("Kfz", 2, 1, 6.0), ("Reisepass", 1, 0, 4.0)]
        days = "SELECT day, visits, no_shows FROM visits_by_day"
        assert file.execute(days).fetchall() == [("2026-06-08", 2, 0), ("2026-06-09", 1, 1)]
        missing = "SELECT * FROM missing_documents_by_service"
        assert file.execute(missing).fetchall() == [("Kfz", "Fahrzeugschein", 1)]
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_without_visits_every_view_is_empty_and_opens() -> None:
    with closing(opened(analysis_file({}, {}))) as file:
        views = file.execute("SELECT name FROM sqlite_schema WHERE type = 'view'").fetchall()

        assert len(views) == 7
        assert all(not file.execute(f"SELECT * FROM {name}").fetchall() for (name,) in views)
