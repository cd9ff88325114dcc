"""A separate database for analysing the figures: no person, no clerk, no number in it.

It is made in memory and handed out as the bytes of a SQLite file. Its table `about` says what
everything means, so that the file explains itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import Any

Values = Iterable[tuple[Any, ...]]

TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, meaning TEXT NOT NULL) STRICT;
CREATE TABLE service (id TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT;
CREATE TABLE counter (id TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT;
CREATE TABLE visit (
    id INTEGER PRIMARY KEY, day TEXT NOT NULL, weekday INTEGER NOT NULL, hour INTEGER NOT NULL,
    kind TEXT NOT NULL, service TEXT NOT NULL, counter TEXT NOT NULL, outcome TEXT NOT NULL,
    wait_minutes REAL, walking_minutes REAL, service_minutes REAL
) STRICT;
CREATE TABLE missing_document (
    visit INTEGER NOT NULL REFERENCES visit, document TEXT NOT NULL
) STRICT;
CREATE TABLE refused (
    day TEXT NOT NULL, weekday INTEGER NOT NULL, hour INTEGER NOT NULL, service TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE TABLE figure (
    by TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, kind_of_minutes TEXT NOT NULL,
    count INTEGER NOT NULL, mean REAL, p50 REAL, p90 REAL, p95 REAL, longest REAL,
    PRIMARY KEY (by, key, kind_of_minutes)
) STRICT;
"""
MINUTES = """count(*) AS visits, sum(outcome = 'served') AS served,
    sum(outcome = 'no_show') AS no_shows, avg(wait_minutes) AS mean_wait,
    max(wait_minutes) AS longest_wait, avg(walking_minutes) AS mean_walking,
    avg(service_minutes) AS mean_service"""
VIEWS = f"""
CREATE VIEW visits_by_day AS SELECT day, {MINUTES} FROM visit GROUP BY day;
CREATE VIEW visits_by_weekday_and_hour AS
    SELECT weekday, hour, {MINUTES} FROM visit GROUP BY weekday, hour;
CREATE VIEW visits_by_service AS SELECT coalesce(service.name, visit.service) AS service, {MINUTES}
    FROM visit LEFT JOIN service ON service.id = visit.service GROUP BY visit.service;
CREATE VIEW visits_by_counter AS SELECT coalesce(counter.name, visit.counter) AS counter, {MINUTES}
    FROM visit LEFT JOIN counter ON counter.id = visit.counter GROUP BY visit.counter;
CREATE VIEW visits_by_kind AS SELECT kind, {MINUTES} FROM visit GROUP BY kind;
CREATE VIEW refused_by_service AS
    SELECT coalesce(service.name, refused.service) AS service, reason, count(*) AS refused
    FROM refused LEFT JOIN service ON service.id = refused.service
    GROUP BY refused.service, reason;
CREATE VIEW missing_documents_by_service AS
    SELECT coalesce(service.name, visit.service) AS service, document, count(*) AS visits
    FROM missing_document JOIN visit ON visit.id = missing_document.visit
    LEFT JOIN service ON service.id = visit.service GROUP BY visit.service, document;
"""


def analysis_file(about: Mapping[str, str], tables: Mapping[str, Values]) -> bytes:
    """The bytes of the file; `tables` are the rows of each table but `about`, whole."""
    with closing(sqlite3.connect(":memory:")) as file:
        file.executescript(TABLES + VIEWS)
        _fill(file, "about", about.items())
        for name, rows in tables.items():
            _fill(file, name, rows)
        file.commit()
        return file.serialize()


def _fill(file: sqlite3.Connection, name: str, rows: Values) -> None:
    columns = len(file.execute(f"PRAGMA table_info({name})").fetchall())
    file.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * columns)})", rows)
