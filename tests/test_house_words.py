"""The code itself, once more: who writes, who reads the journal, and one name for each thing."""

from __future__ import annotations

import ast
import re

from tests.test_house import FILES, MIGRATIONS, name_of, tree_of


def test_tickets_appointments_and_counters_are_written_by_events_alone() -> None:
    """Whatever else wrote them would be unknown to the journal."""
    writes = re.compile(
        r"(INSERT INTO|UPDATE|DELETE FROM) (tickets|appointments|counter_sessions)\b"
    )
    may_write = {
        "queue_server/store/ticket_changes.py",
        "queue_server/store/appointments.py",
        "queue_server/store/counters.py",
    }

    writing = {
        name_of(path)
        for path in FILES
        if writes.search(path.read_text()) and not name_of(path).startswith(MIGRATIONS)
    }

    assert writing == may_write


def test_the_journal_is_read_in_few_places() -> None:
    """Whoever looks back gets typed events from `store/journal.py`.

    Counts, dates and gaps between events are SQL.
    """
    reads = re.compile(r"(FROM|JOIN) journal\b")
    may_read = {
        "queue_server/store/appointment_events.py",
        "queue_server/store/calls.py",
        "queue_server/store/journal.py",
        "queue_server/store/letters.py",
        "queue_server/store/people.py",
        "queue_server/store/refused_draws.py",
        "queue_server/store/restoring.py",
        "queue_server/store/versions.py",
        "queue_server/queries/calendar.py",
        "queue_server/queries/cancellations.py",
        "queue_server/queries/changes_made.py",
        "queue_server/queries/measured_times.py",
        "queue_server/queries/personal_data.py",
    }

    reading = {name_of(path) for path in FILES if reads.search(path.read_text())}

    assert {name for name in reading if not name.startswith(MIGRATIONS)} <= may_read


def test_no_two_classes_have_the_same_name() -> None:
    """One word for one thing: whoever searches for a name finds one class."""
    files_of: dict[str, set[str]] = {}
    for path in FILES:
        for node in tree_of(path).body:
            if isinstance(node, ast.ClassDef):
                files_of.setdefault(node.name, set()).add(name_of(path))

    assert {name: files for name, files in files_of.items() if len(files) > 1} == {}
