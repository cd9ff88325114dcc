"""A database that looks sound at first sight."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

INDEX = "journal_by_site"
IS_THE_INDEX = "FROM sqlite_master WHERE name = 'journal_by_site'"


def write_past_an_index(path: Path) -> None:
    """A row that the table has and one of its indexes does not."""
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA writable_schema = ON")
        row = raw.execute(f"SELECT * {IS_THE_INDEX}").fetchone()
        raw.execute(f"DELETE {IS_THE_INDEX}")
        raw.commit()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("INSERT INTO journal (at, site, name, data) VALUES (0, 'rathaus', 'X', '{}')")
        raw.execute("PRAGMA writable_schema = ON")
        raw.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", row)
        raw.commit()
