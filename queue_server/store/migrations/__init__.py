"""Numbered steps of the schema. They only grow; a step that has landed is never edited.

Written for SQLite's STRICT tables, and from 017 on run on PostgreSQL as well, translated by
`store/postgres/schema.py`: so they execute statements that both know. Times are UTC milliseconds.
"""

from __future__ import annotations

from queue_server.store.migrations import steps_001_004, steps_005_011, steps_013_017
from queue_server.store.migrations.registry import migrations

__all__ = ["migrations", "steps_001_004", "steps_005_011", "steps_013_017"]
